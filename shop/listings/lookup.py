"""From what is sold to its listing: a size has none of its own, it is its parent's."""

from typing import Any

from shop.core.lang import pick
from shop.listings.models import Listing

#: For ``select_related`` on lines of baskets and orders: all that the functions here look at.
LINE_RELATIONS = ("product__listing", "product__variant", "product__parent__listing")


def listing_of(product: Any) -> Listing | None:
    """The listing of a product or of the product that it is a size of; None without product or listing."""
    return getattr(product.family, "listing", None) if product else None


def title_of(product: Any) -> str:
    """Name in the visitor's language, with the size: "Vú sữa Lò Rèn, túi 500 g"."""
    listing = listing_of(product)
    title = listing.title if listing else product.family.title
    return f"{title}, {product.size.label}" if product.size else title


def line_title(line: Any) -> str:
    """Name of an order's line: in Vietnamese as it was ordered, in English as the goods are called today."""
    listing = listing_of(line.product)
    return pick(line.title, title_of(line.product) if listing and listing.title_en else "")


def unit_of(product: Any) -> str:
    """What one of it is: the size's label, else the listing's unit; empty when neither is known."""
    if product and product.size:
        return product.size.label
    listing = listing_of(product)
    return listing.unit if listing else ""


def ship_weight_of(product: Any) -> int:
    """Grams that one of it weighs on the road."""
    return product.size.ship_weight_g if product.size else product.family.listing.ship_weight_g
