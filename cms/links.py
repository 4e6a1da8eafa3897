"""Addresses in the shop that pages point at."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core import ocop
from shop.core.dates import today
from shop.storefront import facets

SEASON, ALL, COOPERATIVES = "season", "all", "cooperatives"


def destinations() -> list[tuple[str, object]]:
    """Where a button may lead: choices for an editor."""
    places = [(SEASON, _("What is in season")), (ALL, _("All goods")), (COOPERATIVES, _("Cooperatives"))]
    return places + [(sector.slug, sector.name_vi) for sector in ocop.SECTORS]


def destination_url(name: str) -> str:
    """Address of one of :func:`destinations`; all goods for a name that is no longer known."""
    if name == SEASON:
        return season_url()
    if name == COOPERATIVES:
        return reverse("cooperatives:index")
    return sector_url(name) if ocop.sector(name) else reverse("catalogue:index")


def season_url(month: int | None = None) -> str:
    """The catalogue narrowed to what is harvested in a month (1 to 12), this month unless told."""
    return f"{reverse('catalogue:index')}?{facets.SEASON}={month or today().month}"


def sector_url(slug: str) -> str:
    """The shelf of one of the six sectors."""
    return reverse("catalogue:category", kwargs={"category_slug": slug})
