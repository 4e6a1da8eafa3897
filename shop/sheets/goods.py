"""The cooperative's goods as a sheet sees them: by code, by name and unit, each with its sizes and pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from django.db.models import Prefetch, QuerySet
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.plain import line_plain
from shop.core.text import exact, fold
from shop.listings.changes import proposed_fields
from shop.listings.fields import ListingFields
from shop.listings.models import Listing, ListingChange
from shop.sheets.models import SheetPicture
from shop.variants.models import Variant


@dataclass(frozen=True)
class Size:
    """A size on sale, with what can be ordered of it."""

    variant: Variant
    price: int | None
    stock: int | None


@dataclass
class Goods:
    """``fields``: what the cooperative says by now, changes that wait for the province included."""

    listing: Listing
    fields: ListingFields
    sku: str
    sizes: list[Size] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)

    def size(self, label: str) -> Size | None:
        return next((size for size in self.sizes if fold(size.variant.label_vi) == fold(label)), None)


def name_key(title: str, unit: str) -> str:
    """Goods without a code are recognised by name and unit; marks tell "Bánh dừa" from "Bánh dứa"."""
    return f"{exact(title)}|{exact(unit)}"


@dataclass
class Shelf:
    """All goods of a cooperative, to be looked up without a query each."""

    by_sku: dict[str, Goods] = field(default_factory=dict)
    by_name: dict[str, list[Goods]] = field(default_factory=dict)
    #: listing -> digests of pictures that came with sheets
    digests: dict[int, set[str]] = field(default_factory=dict)

    def add(self, goods: Goods) -> None:
        self.by_sku[goods.sku] = goods
        names = {
            name_key(goods.fields.title, goods.fields.unit_vi),
            name_key(goods.listing.product.title, goods.listing.unit_vi),
        }
        for name in names:
            self.by_name.setdefault(name, []).append(goods)


def shelf_of(cooperative: Cooperative) -> Shelf:
    """Everything but the archive by name; by code the archive too, so that its rows are explained."""
    shelf = Shelf()
    for goods in goods_of(Listing.objects.filter(cooperative=cooperative)):
        if goods.listing.state == Listing.State.ARCHIVED:
            shelf.by_sku[goods.sku] = goods
        else:
            shelf.add(goods)
    pictures = SheetPicture.objects.filter(listing__cooperative=cooperative)
    for listing_id, digest in pictures.values_list("listing_id", "digest"):
        shelf.digests.setdefault(listing_id, set()).add(digest)
    return shelf


def goods_of(listings: "QuerySet[Listing]") -> Iterator[Goods]:
    """The listings with all that a sheet says about them: seven queries however many."""
    StockRecord, ProductImage = get_model("partner", "StockRecord"), get_model("catalogue", "ProductImage")
    records = StockRecord.objects.order_by("pk")
    sizes = get_model("catalogue", "Product").objects.filter(variant__isnull=False).select_related("variant")
    rows = listings.select_related("product", "cooperative").prefetch_related(
        Prefetch("product__stockrecords", records),
        Prefetch("product__children", sizes.order_by("variant__position", "pk").prefetch_related(
            Prefetch("stockrecords", records))),
        Prefetch("product__images", ProductImage.objects.order_by("display_order", "pk")),
        Prefetch("changes", ListingChange.objects.filter(state=ListingChange.State.PENDING), to_attr="waiting"),
    )  # fmt: skip
    for listing in rows.order_by("pk"):
        yield _goods(listing)


def _goods(listing: Listing) -> Goods:
    change = next(iter(listing.waiting), None)
    children = list(listing.product.children.all())
    names = [image.original.name for image in listing.product.images.all()] + (change.photos if change else [])
    return Goods(
        listing=listing,
        fields=proposed_fields(listing, change),
        sku=_code(listing.product.stockrecords.all(), children),
        sizes=[_size(child) for child in children if child.variant.is_active],
        photos=[PurePosixPath(name).name for name in names],
    )


def _code(own: Iterable[Any], children: list[Any]) -> str:
    """The goods' code. A product in sizes has that of its first stock record, which it had before there were sizes."""
    records = list(own) or [record for child in children for record in child.stockrecords.all()]
    first = min(records, key=lambda record: record.pk, default=None)
    return line_plain(first.partner_sku) if first else ""


def _size(child: Any) -> Size:
    record = next(iter(child.stockrecords.all()), None)
    priced = record is not None and record.price is not None
    counted = record is not None and record.num_in_stock is not None
    return Size(
        variant=child.variant,
        price=int(record.price) if priced else None,
        stock=max(0, record.net_stock_level) if counted else None,
    )
