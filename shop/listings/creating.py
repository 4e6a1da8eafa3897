"""Drafts, one or hundreds in one transaction, with the same few queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from shop.catalogue.indexing import products_index_later
from shop.catalogue.reference import category_of_set, product_class_ensure
from shop.cooperatives.models import Cooperative
from shop.core.codes import token
from shop.listings.fields import LIMITS, ListingFields, fields_clean, ship_weight_of
from shop.listings.models import Listing
from shop.listings.rows import slug_of


@dataclass(frozen=True)
class Draft:
    """What a new listing starts with. ``key`` (at most 40 characters) makes it once; ``sku`` is the cooperative's own
    number, made up when empty."""

    fields: ListingFields
    key: str | None = None
    sku: str = ""


@transaction.atomic
def listings_create(*, cooperative: Cooperative, drafts: Sequence[Draft], by: str) -> list[Listing]:
    """A listing with product and stock record for each draft, in their order; about a dozen queries however many.

    Raises ListingError for the first value that cannot be kept, and then nothing is made. A draft whose key is known
    gives the listing that it made before, unchanged. ``by`` is kept with later decisions, not with a draft.
    """
    cleaned = [replace(draft, fields=fields_clean(draft.fields)) for draft in drafts]
    # Two calls with one key wait for each other here.
    cooperative = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    keys = [draft.key for draft in cleaned if draft.key]
    known = Listing.objects.filter(cooperative=cooperative, create_key__in=keys) if keys else ()
    by_key = {listing.create_key: listing for listing in known}
    fresh = [draft for draft in cleaned if draft.key not in by_key]
    made = iter(drafts_write(cooperative, fresh) if fresh else ())
    return [by_key[draft.key] if draft.key in by_key else next(made) for draft in cleaned]


def drafts_write(cooperative: Cooperative, drafts: list[Draft]) -> list[Listing]:
    """The rows of all drafts, table by table."""
    products = products_write(cooperative, drafts)
    listings = [listing_of(product, cooperative, draft) for product, draft in zip(products, drafts, strict=True)]
    for listing in listings:
        listing.search_text = listing.build_search_text()
    Listing.objects.bulk_create(listings)
    products_index_later(product.pk for product in products)
    return listings


def products_write(cooperative: Cooperative, drafts: list[Draft]) -> list[Any]:
    """Standalone products that nobody sees yet, each with its stock record and in the category of its set."""
    Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    kind = product_class_ensure()
    products = Product.objects.bulk_create(
        Product(
            title=draft.fields.title,
            slug=slug_of(draft.fields.title),
            product_class=kind,
            structure=Product.STANDALONE,
            is_public=False,
        )
        for draft in drafts
    )
    StockRecord.objects.bulk_create(
        StockRecord(
            product=product,
            partner_id=cooperative.partner_id,
            partner_sku=draft.sku or f"H{token(9)}",
            price_currency="VND",
            price=draft.fields.price,
            num_in_stock=draft.fields.stock,
        )
        for product, draft in zip(products, drafts, strict=True)
    )
    categories_write(products, drafts)
    return products


def categories_write(products: list[Any], drafts: list[Draft]) -> None:
    """Each product into the category of its set; one without a set into none."""
    Category, ProductCategory = get_model("catalogue", "Category"), get_model("catalogue", "ProductCategory")
    sets = {draft.fields.ocop_set for draft in drafts} - {None}
    codes = {f"set-{number}": number for number in sets}
    found = {codes[row.code]: row for row in Category.objects.filter(code__in=codes)} if codes else {}
    for number in sets - set(found):
        found[number] = category_of_set(number)
    ProductCategory.objects.bulk_create(
        ProductCategory(product=product, category=found[draft.fields.ocop_set])
        for product, draft in zip(products, drafts, strict=True)
        if draft.fields.ocop_set is not None
    )


def listing_of(product: Any, cooperative: Cooperative, draft: Draft) -> Listing:
    """The row, unsaved. What comes without a commune comes from the cooperative's own."""
    said = draft.fields
    listing = Listing(product=product, cooperative=cooperative, create_key=draft.key or None)
    for name in (*LIMITS, "ocop_set", "season", "net_weight_g", "max_transit_days"):
        if name != "title":
            setattr(listing, name, getattr(said, name))
    listing.ward_code = said.ward_code or cooperative.ward_code
    listing.ship_weight_g = ship_weight_of(said.net_weight_g, said.ship_weight_g)
    return listing
