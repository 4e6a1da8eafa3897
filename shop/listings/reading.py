"""A listing read back: its fields, what is still missing, which phrases a reviewer should look at twice."""

from typing import Any

from oscar.core.loading import get_model

from shop.core.text import fold
from shop.listings.fields import FIELD_NAMES, LIMITS, UNNAMED, ListingFields
from shop.listings.models import Listing, WarningPhrase


def fields_of(listing: Listing) -> ListingFields:
    """What the listing says now; ``stock`` is what can still be ordered, None while nobody has typed a number."""
    record = next(iter(listing.product.stockrecords.all()), None)
    values = {name: getattr(listing, name) for name in FIELD_NAMES if name not in ("title", "price", "stock")}
    values["ship_weight_g"] = listing.ship_weight_g or None
    known = record is not None and record.num_in_stock is not None
    return ListingFields(
        title=listing.product.title,
        price=int(record.price) if record and record.price is not None else None,
        stock=max(0, record.net_stock_level) if known else None,
        **values,
    )


def missing_of(listing: Listing) -> tuple[str, ...]:
    """Names of what the province would ask for, in the order of the form; ``photos`` among them."""
    said = fields_of(listing)
    has_photo = get_model("catalogue", "ProductImage").objects.filter(product_id=listing.product_id).exists()
    sold_by_variants = not listing.product.stockrecords.all() and listing.product.children.exists()
    checks: dict[str, Any] = {
        "photos": has_photo,
        "title": said.title != UNNAMED,
        "price": said.price or sold_by_variants,
        "unit_vi": said.unit_vi,
        "net_weight_g": listing.ship_weight_g,
        "stock": said.stock is not None or sold_by_variants,
        "ward_code": said.ward_code,
        "ocop_set": said.ocop_set,
    }
    return tuple(name for name, there in checks.items() if not there)


def warnings_in(values: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, phrase) for every listed phrase that the texts contain, marks and case aside."""
    phrases = [(row, f" {fold(row)} ") for row in WarningPhrase.objects.values_list("phrase", flat=True)]
    texts = {name: f" {fold(values[name])} " for name in LIMITS if values.get(name)}
    return [(name, phrase) for name, text in texts.items() for phrase, folded in phrases if folded in text]
