"""Words about sending that several pages share."""

from typing import Any

from shop.seller.delivery.forms import ZONES


def zone_label(zone: str) -> Any:
    """A zone as the cooperative calls it."""
    return dict(ZONES)[zone]
