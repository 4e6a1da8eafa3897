"""Sizes of a listing."""

from typing import Any

from shop.listings.models import Listing
from shop.variants.models import Variant
from shop.variants.services import variant_add, variants_start

Size = tuple[str, int, int, int]


def sizes_make(listing: Listing, first: str = "túi 500 g", *more: Size, net_weight_g: int = 500, **extra: Any) -> list:
    """The listing's product in sizes: what it was becomes ``first``, ``more`` are (label, grams, price, stock)."""
    weights = {"net_weight_g": net_weight_g, "ship_weight_g": extra.pop("ship_weight_g", net_weight_g + 100)}
    made = [variants_start(product=listing.product, label_vi=first, by="test", **weights, **extra)]
    for label, grams, price, stock in more:
        made.append(
            variant_add(
                parent=listing.product,
                label_vi=label,
                net_weight_g=grams,
                ship_weight_g=grams + 100,
                price=price,
                stock=stock,
                by="test",
            )
        )
    listing.refresh_from_db()
    return list(Variant.objects.filter(product__parent=listing.product_id).order_by("pk").select_related("product"))
