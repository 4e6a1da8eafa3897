"""Oscar apps whose tables and pages we keep while their signal receivers stay silent.

Analytics counts every purchase in shared rows: parallel buyers would queue behind, or deadlock over, numbers that
reports can compute from the orders themselves.
"""

from oscar.apps.analytics.apps import AnalyticsConfig as OscarAnalyticsConfig


class AnalyticsConfig(OscarAnalyticsConfig):
    """Analytics without receivers."""

    default = True

    def ready(self) -> None:
        """Connect nothing."""
