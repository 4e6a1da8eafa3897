from collections.abc import Callable
from typing import Any

from oscar.apps.dashboard.apps import DashboardConfig as OscarDashboardConfig


class DashboardConfig(OscarDashboardConfig):
    """Oscar's dashboard behind one guard: every page below its address is for operators."""

    name = "shop.dashboard"

    #: Sign-in sends people on to the shop's own, and leaving is allowed to everybody.
    open_pages = frozenset({"login", "logout"})

    #: Pages of features that this shop has elsewhere or not at all. A partner's users are the cooperative's members:
    #: Oscar's pages would let an operator give any account, a superuser's too, a new password.
    closed_prefixes = ("partner-user-", "user-password-reset", "user-alert-", "page-", "comms-", "shipping-method-")

    def is_closed(self, page: str | None) -> bool:
        """Whether a page, by its URL name, does not exist for anybody."""
        return (page or "").startswith(self.closed_prefixes)

    def get_url_decorator(self, pattern: Any) -> Callable | None:
        """The guard around a page; Oscar calls this for the pages of all dashboard apps."""
        from shop.dashboard.permissions import closed, operators_only

        if pattern.name in self.open_pages:
            return None
        return closed if self.is_closed(pattern.name) else operators_only
