"""What a copied listing takes along beside its words: pictures and sizes. Part of ``listing_copy``'s transaction."""

from typing import Any

from oscar.core.loading import get_model

from shop.listings.models import Listing
from shop.variants.services import variant_add, variants_start


def pictures_copy(listing: Listing, copied: Listing) -> None:
    """The same files in rows of their own; nothing when the copy has pictures already."""
    ProductImage = get_model("catalogue", "ProductImage")
    if ProductImage.objects.filter(product_id=copied.product_id).exists():
        return
    pictures = ProductImage.objects.filter(product_id=listing.product_id).order_by("display_order")
    ProductImage.objects.bulk_create(
        ProductImage(product_id=copied.product_id, original=row.original.name, caption=row.caption, display_order=n)
        for n, row in enumerate(pictures)
    )


def sizes_copy(listing: Listing, copied: Listing, by: str) -> None:
    """The sizes on sale with their weights and prices, none in stock; nothing when the copy has sizes already."""
    sizes = [child for child in listing.product.sizes if child.card_price is not None]
    if not sizes or copied.product.is_parent:
        return
    first, *more = sizes
    started = variants_start(product=copied.product, by=by, **said_of(first.size))
    records = get_model("partner", "StockRecord").objects.filter(product_id=started.product_id)
    records.update(price=first.card_price, num_in_stock=0)
    copied.product.refresh_from_db()
    for child in more:
        variant_add(parent=copied.product, price=child.card_price, stock=0, by=by, **said_of(child.size))


def said_of(size: Any) -> dict[str, Any]:
    """What the seller says about a size."""
    return {name: getattr(size, name) for name in ("label_vi", "label_en", "net_weight_g", "ship_weight_g")}
