"""Sales and money of a span, added up by the database: a fixed number of queries whatever the number of orders.

Revenue counts on the day of delivery, money on the day it arrived or left, an order on the day it was placed.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.dates import TZ
from shop.core.plain import line_plain
from shop.fulfilment.models import Consignment
from shop.listings.lookup import title_of
from shop.numbers.orders import PAID_BACK, RECEIVED, WAYS, orders_of, way_name
from shop.numbers.spans import Span
from shop.order.models import Line
from shop.payment.refunds.models import Refund

Product = get_model("catalogue", "Product")
Transaction = get_model("payment", "Transaction")
#: Rows of a table on the page; the rest is one more row.
LONGEST = 40
#: Parts below one row of it.
PARTS = 8
#: Spans of more days are drawn by the month.
BY_DAY = 45


@dataclass
class Tally:
    """One row of a table: dong and units (or orders) under a name; ``parts`` add up to it or are empty."""

    name: str
    dong: int = 0
    count: int = 0
    parts: list["Tally"] = field(default_factory=list)

    def add(self, dong: int, count: int) -> None:
        self.dong += dong
        self.count += count


@dataclass(frozen=True)
class Overview:
    """A cooperative's span. Sums in dong; ``owed`` is owed back to buyers today, whatever the span."""

    span: Span
    placed: int
    ended: int
    delivered: int
    revenue: int
    units: int
    refunded: int
    owed: int
    ways: list[Tally]
    products: list[Tally]
    places: list[Tally]
    time: list[Tally]

    @property
    def received(self) -> int:
        return sum(row.dong for row in self.ways)

    @property
    def average(self) -> int:
        """Dong for each delivered order."""
        return round(self.revenue / self.delivered) if self.delivered else 0


def overview_of(cooperative: Cooperative, span: Span) -> Overview:
    """Everything that the page of numbers shows."""
    placed = Consignment.objects.filter(cooperative=cooperative, **span.within("order__date_placed"))
    gone = Q(state__in=[Consignment.State.CANCELLED, Consignment.State.RETURNED])
    counts = placed.aggregate(placed=Count("pk"), ended=Count("pk", filter=gone))
    delivered = orders_of(cooperative).filter(**span.within("delivered_at"))
    sums = delivered.aggregate(orders=Count("pk"), dong=Sum("order__total_incl_tax"))
    products = by_product(delivered)
    return Overview(
        span=span,
        placed=counts["placed"],
        ended=counts["ended"],
        delivered=sums["orders"],
        revenue=int(sums["dong"] or 0),
        units=sum(row.count for row in products),
        refunded=refunded_in(cooperative, span),
        owed=owed_now(cooperative),
        ways=by_way(cooperative, span),
        products=shortened(products),
        places=by_place(delivered),
        time=by_time(delivered, span),
    )


def booked(cooperative: Cooperative, span: Span) -> QuerySet[Any]:
    """The cooperative's transactions of the span."""
    return Transaction.objects.filter(
        source__order__consignment__cooperative=cooperative, **span.within("date_created")
    )


def by_way(cooperative: Cooperative, span: Span) -> list[Tally]:
    """What arrived, by the way that it came, mistakes taken off; with the number of orders."""
    rows = booked(cooperative, span).order_by().values(way=F("source__attempt__provider"))
    rows = rows.annotate(
        dong=Sum(RECEIVED), orders=Count("source__order", distinct=True, filter=Q(txn_type=Transaction.DEBIT))
    )
    known = {row["way"]: Tally(way_name(row["way"]), int(row["dong"] or 0), row["orders"]) for row in rows}
    first = [known.pop(way) for way in WAYS if way in known]
    return [row for row in first + list(known.values()) if row.dong or row.count]


def refunded_in(cooperative: Cooperative, span: Span) -> int:
    """What went back to buyers: of orders by the books, of money without an order by its own row."""
    dong = booked(cooperative, span).aggregate(dong=Sum(PAID_BACK))["dong"]
    return int(dong or 0) + unplaced_back(cooperative, span)


def unplaced_back(cooperative: Cooperative, span: Span) -> int:
    """What went back of money that never belonged to an order."""
    paid = Refund.objects.filter(
        cooperative=cooperative, order=None, state=Refund.State.PAID, **span.within("closed_at")
    )
    return int(paid.aggregate(dong=Sum("amount"))["dong"] or 0)


def owed_now(cooperative: Cooperative) -> int:
    """What is still to be paid back."""
    owed = Refund.objects.filter(cooperative=cooperative, state=Refund.State.OWED)
    return int(owed.aggregate(dong=Sum("amount"))["dong"] or 0)


def by_product(delivered: QuerySet[Consignment]) -> list[Tally]:
    """Goods after discounts, the most first; sizes are parts of their product."""
    lines = Line.objects.filter(order__consignment__in=delivered.values("pk"), quantity__gt=0).order_by()
    groups = list(
        lines.values("product_id", "product__parent_id", "title").annotate(
            units=Sum("quantity"), dong=Sum("line_price_incl_tax")
        )
    )
    wanted = {row[key] for row in groups for key in ("product_id", "product__parent_id")} - {None}
    known = Product.objects.select_related("listing", "variant", "parent__listing").in_bulk(wanted)
    families: dict[Any, Tally] = {}
    sizes: dict[Any, Tally] = {}
    for row in groups:
        product, parent = known.get(row["product_id"]), known.get(row["product__parent_id"])
        family = parent or product
        key = family.pk if family else row["title"]
        name = line_plain(title_of(family) if family else row["title"])
        whole = families.setdefault(key, Tally(name))
        dong, units = int(row["dong"]), row["units"]
        whole.add(dong, units)
        if parent and product:
            if product.pk not in sizes:
                sizes[product.pk] = Tally(line_plain(product.size.label if product.size else row["title"]))
                whole.parts.append(sizes[product.pk])
            sizes[product.pk].add(dong, units)
    return ranked(families.values())


def by_place(delivered: QuerySet[Consignment]) -> list[Tally]:
    """Where the buyers live: provinces with their communes, by what was delivered there."""
    rows = delivered.order_by().values(
        province=F("order__shipping_address__line4"), commune=F("order__shipping_address__line3")
    )
    provinces: dict[str, Tally] = {}
    for row in rows.annotate(orders=Count("pk"), dong=Sum("order__total_incl_tax")):
        name = line_plain(row["province"]) or _("Without an address")
        whole = provinces.setdefault(name, Tally(name))
        dong = int(row["dong"])
        whole.add(dong, row["orders"])
        if row["commune"]:
            whole.parts.append(Tally(line_plain(row["commune"]), dong, row["orders"]))
    return ranked(provinces.values())


def by_time(delivered: QuerySet[Consignment], span: Span) -> list[Tally]:
    """Revenue by the day, or by the month in a long span; days without any are there as well."""
    if span.days == 1:
        return []
    by_day = span.days <= BY_DAY
    cut = TruncDate("delivered_at", tzinfo=TZ) if by_day else TruncMonth("delivered_at", tzinfo=TZ)
    rows = delivered.order_by().values(cut=cut).annotate(orders=Count("pk"), dong=Sum("order__total_incl_tax"))
    found = {as_day(row["cut"]): (int(row["dong"]), row["orders"]) for row in rows}
    return [Tally(f"{day:%d/%m}" if by_day else f"{day:%m/%Y}", *found.get(day, (0, 0))) for day in cuts(span, by_day)]


# -- Parts -------------------------------------------------------------------------------------------------------


def cuts(span: Span, by_day: bool) -> list[date]:
    """The days of a span, or the first days of its months."""
    days = [date.fromordinal(n) for n in range(span.first.toordinal(), span.last.toordinal() + 1)]
    return days if by_day else sorted({day.replace(day=1) for day in days})


def as_day(moment: Any) -> date:
    return moment.date() if hasattr(moment, "date") else moment


def ranked(rows: Any) -> list[Tally]:
    """The most money first, also among the parts of each."""
    for row in rows:
        row.parts = shortened(sorted(row.parts, key=lambda part: (-part.dong, part.name)), PARTS)
    return sorted(rows, key=lambda row: (-row.dong, row.name))


def shortened(rows: list[Tally], most: int = LONGEST) -> list[Tally]:
    """At most so many rows, the last of them for all the others together."""
    if len(rows) <= most:
        return rows
    rest = Tally(_("All others"))
    for row in rows[most - 1 :]:
        rest.add(row.dong, row.count)
    return [*rows[: most - 1], rest]
