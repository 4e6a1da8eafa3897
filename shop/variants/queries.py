"""Prices and stock of products with and without sizes, for lists: as prefetches, and as parts of a query.

A product with sizes has no stock record of its own; one without has no children. Both are looked up by an index, and
what is there of the two counts.
"""

from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model


def stock_prefetches(product: str = "") -> list[Prefetch]:
    """What ``card_price`` and ``sold_out`` read: stock records, and the sizes on sale with theirs.

    ``product`` is the way from the listed rows to the product, as "product__". Two queries, three with sizes.
    """
    records = get_model("partner", "StockRecord").objects.order_by("pk")
    return [
        Prefetch(f"{product}stockrecords", records),
        Prefetch(f"{product}children", sizes_on_sale().prefetch_related(Prefetch("stockrecords", records))),
    ]


def sizes_on_sale() -> QuerySet:
    """Children that can be bought, in the order in which the seller put them."""
    products = get_model("catalogue", "Product").objects.filter(variant__is_active=True)
    return products.select_related("variant").order_by("variant__position", "pk")


def _records(product: str) -> tuple[QuerySet, QuerySet]:
    """Stock records of the product itself, and of its sizes on sale."""
    records = get_model("partner", "StockRecord").objects.annotate(
        free=F("num_in_stock") - Coalesce(F("num_allocated"), 0)
    )
    own = records.filter(product=OuterRef(product))
    return own, records.filter(product__parent=OuterRef(product), product__variant__is_active=True)


def in_stock(product: str = "product") -> Q:
    """Condition: at least one unit, in whatever size, can still be ordered."""
    own, sizes = _records(product)
    return Q(Exists(own.filter(free__gt=0))) | Q(Exists(sizes.filter(free__gt=0)))


def scarcest_left(product: str = "product") -> Coalesce:
    """Units that can still be ordered; with sizes, of the one with the fewest, which runs out first."""
    own, sizes = _records(product)
    fewest = sizes.order_by(F("free").asc(nulls_first=True))
    mine, least = own.order_by("pk").values("free")[:1], fewest.values("free")[:1]
    return Coalesce(Subquery(mine), Subquery(least), 0, output_field=IntegerField())


def lowest_price(product: str = "product") -> Coalesce:
    """The price that a card shows, in dong: the lowest of the sizes that can be had, of all when all are sold out."""
    own, sizes = _records(product)
    gone = Case(When(free__gt=0, then=0), default=1)
    cheapest = sizes.filter(price__isnull=False).order_by(gone, "price")
    return Coalesce(Subquery(own.order_by("pk").values("price")[:1]), Subquery(cheapest.values("price")[:1]))


def price_of_any(product: str, **bounds: Any) -> Q:
    """Condition: some size can be had for a price within ``bounds`` (lookups on ``price``, in dong).

    Sizes that are sold out count only while the whole product is.
    """
    own, sizes = _records(product)
    fitting = Exists(sizes.filter(**bounds, free__gt=0)) | (
        Exists(sizes.filter(**bounds)) & ~Exists(sizes.filter(free__gt=0))
    )
    return Q(Exists(own.filter(**bounds))) | Q(fitting)
