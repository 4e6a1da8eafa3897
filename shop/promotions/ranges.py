"""All goods of one seller, also those that come later, as one of Oscar's ranges.

Oscar lets a range name a class (``Range.proxy_class``, unique). ``shop.promotions.ranges.GoodsOf_12`` is the class of
everything that partner 12 has a stock record for; such classes are made when they are asked for.
"""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

PREFIX = "GoodsOf_"


class GoodsOf:
    """A range by partner. Variants count: each has a stock record of its own."""

    partner_id = 0

    def contains_product(self, product: Any) -> bool:
        return self.all_products().filter(pk=product.pk).exists()

    def num_products(self) -> int:
        return self.all_products().count()

    def all_products(self) -> QuerySet:
        partner = self.partner_id
        mine = Q(stockrecords__partner=partner) | Q(children__stockrecords__partner=partner)
        return get_model("catalogue", "Product").objects.filter(mine).distinct()


def class_path(partner_id: int) -> str:
    """What ``Range.proxy_class`` holds for a partner."""
    return f"{__name__}.{PREFIX}{partner_id}"


@cache
def goods_of(partner_id: int) -> type[GoodsOf]:
    """The class of a partner's goods; the same object every time."""
    return type(f"{PREFIX}{partner_id}", (GoodsOf,), {"partner_id": partner_id})


def __getattr__(name: str) -> type[GoodsOf]:
    number = name.removeprefix(PREFIX)
    if number == name or not (number.isascii() and number.isdigit()):
        raise AttributeError(name)
    return goods_of(int(number))
