"""Lower prices that need no code: what a card may promise, because the basket keeps it for any quantity."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from oscar.core.loading import get_model

from shop.promotions.benefits import percent_off
from shop.promotions.models import CooperativeOffer

Kind = CooperativeOffer.Kind
Condition = get_model("offer", "Condition")
RangeProduct = get_model("offer", "RangeProduct")


@dataclass(frozen=True)
class LowerPrice:
    """Dong for one unit now, and the offer that makes it so."""

    price: int
    offer: CooperativeOffer


class LowerPrices:
    """All running offers that lower the price of single units; two queries for the whole market, or of a seller."""

    def __init__(self, cooperatives: Iterable[int] | None = None) -> None:
        rows = CooperativeOffer.objects.running().automatic().filter(kind__in=[Kind.PERCENT, Kind.UNIT], cap=None)
        rows = rows.exclude(offer__condition__type=Condition.VALUE).select_related("offer__benefit")
        if cooperatives is not None:
            rows = rows.filter(cooperative__in=cooperatives)
        self.by_cooperative: dict[int, list[CooperativeOffer]] = defaultdict(list)
        for row in rows:
            self.by_cooperative[row.cooperative_id].append(row)
        chosen = [row.offer.benefit.range_id for row in rows if not row.all_goods]
        pairs = RangeProduct.objects.filter(range__in=chosen) if chosen else RangeProduct.objects.none()
        self.listed = set(pairs.values_list("range_id", "product_id"))

    def of(self, product: Any, price: int | None, cooperative_id: int) -> LowerPrice | None:
        """The lower price of one unit; None when there is none."""
        for row in self.by_cooperative.get(cooperative_id, ()) if price else ():
            if (
                row.all_goods
                or {(row.offer.benefit.range_id, pk) for pk in (product.pk, product.parent_id)} & self.listed
            ):
                return LowerPrice(price - unit_discount(row, price), row)
        return None


def unit_discount(offer: CooperativeOffer, price: int) -> int:
    """Dong off one unit at that price, as the basket reckons it; 0 when it depends on more than one unit."""
    if offer.kind == Kind.PERCENT:
        return percent_off(price, offer.offer.benefit.value)
    return min(price, int(offer.offer.benefit.value)) if offer.kind == Kind.UNIT else 0
