"""Price labels: what stands on one, and the sheets of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shop.catalogue.models import SIZE
from shop.listings.lookup import unit_of
from shop.listings.models import Listing
from shop.paper.documents import frame
from shop.paper.grids import PRICES
from shop.paper.rendering import PaperError, code_url, pdf
from shop.paper.texts import printable

#: Labels in one document: fifteen sheets of the smallest take about ten seconds.
MAX_LABELS = 1_000
#: A longer address makes a code that a small label cannot carry; the number in it is enough to find the page.
LONGEST_SLUG = 40


@dataclass
class PriceLabel:
    """One product, or one size of it, as its label shows it."""

    listing: Listing
    product: Any

    @cached_property
    def name(self) -> str:
        return printable(self.listing.title, 120)

    @cached_property
    def unit(self) -> str:
        return printable(unit_of(self.product), 40)

    @cached_property
    def price(self) -> int | None:
        return self.product.card_price

    @cached_property
    def kilo_price(self) -> int | None:
        return self.product.size.kilo_price if self.product.size else self.listing.kilo_price

    @cached_property
    def seller(self) -> str:
        return printable(self.listing.cooperative.display_name, 60)

    @cached_property
    def stars(self) -> int:
        """Only of a certificate in force today; 0 without one."""
        certificate = self.listing.certificate
        return certificate.stars if certificate else 0

    @cached_property
    def address(self) -> str:
        """The product's public page, in Vietnamese whoever prints; the number in it leads there."""
        page = self.listing.product
        with translation.override(settings.LANGUAGE_CODE):
            slug = page.slug[:LONGEST_SLUG].strip("-") or "sp"
            path = reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": page.pk})
        return f"{settings.SITE_URL}{path}" + (f"?{SIZE}={self.product.pk}" if self.product.size else "")

    @cached_property
    def code(self) -> str:
        return code_url(self.address)


def labels_of(listing: Listing) -> list[PriceLabel]:
    """What can be bought of it: each size on sale, or the product itself; as ``for_cards`` loaded it."""
    return [PriceLabel(listing, product) for product in (listing.product.sizes or [listing.product])]


def price_labels(wanted: Iterable[tuple[PriceLabel, int]], *, size: str, first: int = 1) -> bytes:
    """Each label as often as wanted, on sheets of ``size`` (24, 40 or 65), from place ``first`` on.

    PaperError: ``none``, ``too_many`` (with ``limit``).
    """
    labels: list[Any] = []
    for label, copies in wanted:
        labels += [label] * min(copies, MAX_LABELS + 1)
        if len(labels) > MAX_LABELS:
            raise PaperError("too_many", limit=MAX_LABELS)
    if not labels:
        raise PaperError("none")
    grid = PRICES[size]
    context = frame(None) | {"pages": list(grid.pages(labels, first)), "size": size}
    return pdf("prices", context, css="prices", title=_("Price labels"), places=grid.places)
