"""What the commands about listings share: the locked row, Oscar's rows beside it, the audit entry."""

from typing import Any

from oscar.core.loading import get_model

from shop.audit.services import entry_add
from shop.catalogue.reference import category_of_set
from shop.core.text import slugify_vi
from shop.listings.errors import ListingError
from shop.listings.models import Listing

SLUG_LENGTH = 80


def listing_lock(listing: Listing) -> Listing:
    """The row as it is now, for this transaction alone; its product and cooperative come with it."""
    rows = Listing.objects.select_for_update(no_key=True, of=("self",)).select_related("product", "cooperative")
    return rows.get(pk=listing.pk)


def category_set(product: Any, ocop_set: int | None) -> None:
    """The product stands in the category of its set, and in no other one."""
    ProductCategory = get_model("catalogue", "ProductCategory")
    rows = ProductCategory.objects.filter(product=product)
    if ocop_set is None:
        rows.delete()
        return
    category = category_of_set(ocop_set)
    rows.exclude(category=category).delete()
    ProductCategory.objects.get_or_create(product=product, category=category)


def slug_of(title: str) -> str:
    return slugify_vi(title)[:SLUG_LENGTH].strip("-") or "san-pham"


def stock_record_of(listing: Listing) -> Any:
    """The product's own stock record; ListingError ``no_stock_record`` when it is sold by variants only."""
    record = get_model("partner", "StockRecord").objects.filter(product_id=listing.product_id).order_by("pk").first()
    if record is None:
        raise ListingError("no_stock_record")
    return record


def state_move(listing: Listing, state: str, **also: Any) -> Listing:
    """Put the listing in a state and save it. Oscar's own lists follow: public is what is on sale."""
    listing.state = state
    for name, value in also.items():
        setattr(listing, name, value)
    listing.save(update_fields=["state", "search_text", *also])
    public = state == Listing.State.PUBLISHED
    if listing.product.is_public != public:
        listing.product.is_public = public
        listing.product.save(update_fields=["is_public", "date_updated"])
    return listing


def listing_log(action: str, listing: Listing, by: str, **values: Any) -> None:
    """The cooperative's part of the audit trail; the last thing in a transaction."""
    entry_add(
        action=f"listing.{action}",
        subject=f"listing:{listing.pk}",
        by=by,
        scope=f"cooperative:{listing.cooperative_id}",
        **values,
    )
