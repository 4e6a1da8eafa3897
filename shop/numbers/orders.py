"""A cooperative's orders with their money in columns: what lists, sums and sheets are made of.

Received, paid back and owed are the same sums that ``shop.payment.books.balance_of`` makes of one order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.codes import display_number
from shop.core.plain import line_plain
from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.listings.lookup import LINE_RELATIONS, line_title
from shop.order.models import Line
from shop.payment.attempts.models import Attempt
from shop.payment.books import REVERSAL
from shop.payment.refunds.models import Refund

Transaction = get_model("payment", "Transaction")
State = Consignment.State
DONG = DecimalField(max_digits=20, decimal_places=2)

#: Ways to pay as people call them, in the order of the pages.
WAYS: dict[str, Any] = {"vietqr": _("Bank transfer"), "cod": _("Cash on delivery"), "stripe": _("Card")}
#: Orders that are read together.
BATCH = 500
#: What came in of a transaction: mistakes taken off.
RECEIVED = Case(
    When(txn_type=Transaction.DEBIT, then=F("amount")),
    When(txn_type=REVERSAL, then=-F("amount")),
    default=Value(0),
    output_field=DONG,
)
PAID_BACK = Case(When(txn_type=Transaction.REFUND, then=F("amount")), default=Value(0), output_field=DONG)


@dataclass(frozen=True)
class OrderRow:
    """One order in a list. Sums in dong: ``goods`` less ``discount`` and ``delivery`` make ``total``."""

    consignment: Consignment

    @property
    def order(self) -> Any:
        return self.consignment.order

    @property
    def number(self) -> str:
        return display_number(self.order.number)

    @property
    def placed_at(self) -> datetime:
        return self.order.date_placed

    @property
    def delivered_at(self) -> datetime | None:
        return self.consignment.delivered_at

    @property
    def buyer(self) -> str:
        return line_plain(self.order.shipping_address.first_name) if self.order.shipping_address else ""

    @property
    def phone(self) -> str:
        address = self.order.shipping_address
        return str(address.phone_number) if address and address.phone_number else ""

    @property
    def commune(self) -> str:
        return line_plain(self.order.shipping_address.line3) if self.order.shipping_address else ""

    @property
    def province(self) -> str:
        return line_plain(self.order.shipping_address.line4) if self.order.shipping_address else ""

    @property
    def lines(self) -> list[Line]:
        """Goods that are still in the order; what was taken out of it is left out."""
        return [line for line in self.order.lines.all() if line.quantity]

    @property
    def goods_text(self) -> str:
        return ", ".join(f"{line.quantity} × {line_plain(line_title(line))}" for line in self.lines)

    @property
    def goods(self) -> int:
        return int(self.consignment.goods)

    @property
    def discount(self) -> int:
        return self.goods - self.order.goods_dong

    @property
    def delivery(self) -> int:
        return self.order.shipping_dong

    @property
    def total(self) -> int:
        return self.order.total_dong

    @property
    def received(self) -> int:
        return int(self.consignment.received)

    @property
    def refunded(self) -> int:
        return int(self.consignment.refunded)

    @property
    def owed(self) -> int:
        return int(self.consignment.owed)

    @property
    def way(self) -> str:
        return way_name(self.consignment.way)

    @property
    def state(self) -> str:
        return str(self.consignment.get_state_display())


def orders_of(cooperative: Cooperative) -> QuerySet[Consignment]:
    """All of the cooperative's orders; ``delivered_at`` is empty unless the parcel has been delivered."""
    latest = ConsignmentEvent.objects.filter(consignment=OuterRef("pk"), kind="delivered").order_by("-pk")
    return Consignment.objects.filter(cooperative=cooperative).annotate(
        delivered_at=Case(When(state=State.DELIVERED, then=Subquery(latest.values("at")[:1])))
    )


def orders_with_money(cooperative: Cooperative) -> QuerySet[Consignment]:
    """The same with ``goods`` (before discounts), ``received``, ``refunded``, ``owed`` in dong, and ``way``."""
    booked = Transaction.objects.filter(source__order=OuterRef("order"))
    owed = Refund.objects.filter(order=OuterRef("order"), state=Refund.State.OWED)
    lines = Line.objects.filter(order=OuterRef("order"))
    return orders_of(cooperative).annotate(
        goods=summed(lines, "order", F("line_price_before_discounts_incl_tax")),
        received=summed(booked, "source__order", RECEIVED),
        refunded=summed(booked, "source__order", PAID_BACK),
        owed=summed(owed, "order", F("amount")),
        way=Subquery(live_attempts().values("provider")[:1]),
    )


def order_rows(found: QuerySet[Consignment]) -> Iterator[OrderRow]:
    """The orders of ``orders_with_money`` one by one, read in batches of BATCH: two queries each, and one for all."""
    keys = list(found.order_by("order__date_placed", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield from rows_page(found.filter(pk__in=keys[start : start + BATCH]))


def rows_page(found: QuerySet[Consignment]) -> list[OrderRow]:
    """Some orders with everything that a row shows, the oldest first: two queries."""
    lines = Prefetch("order__lines", Line.objects.select_related(*LINE_RELATIONS).order_by("pk"))
    rows = found.select_related("order__shipping_address").prefetch_related(lines)
    return [OrderRow(row) for row in rows.order_by("order__date_placed", "pk")]


def way_name(provider: str | None) -> str:
    """The way to pay in words; a provider that has gone by its code."""
    return str(WAYS.get(provider or "", provider or ""))


# -- Parts -------------------------------------------------------------------------------------------------------


def summed(rows: QuerySet[Any], by: str, what: Any) -> Any:
    """Subquery: a sum over the rows of one order, 0 for none."""
    sums = rows.order_by().values(by).annotate(_dong=Sum(what, output_field=DONG)).values("_dong")
    return Coalesce(Subquery(sums, output_field=DONG), Value(0), output_field=DONG)


def live_attempts() -> QuerySet[Attempt]:
    """How the order is being paid comes first: the open way, else the paid one, else the latest."""
    rank = Case(
        When(state=Attempt.State.PENDING, then=0),
        When(state=Attempt.State.CONFIRMED, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return Attempt.objects.filter(source__order=OuterRef("order")).order_by(rank, "-pk")
