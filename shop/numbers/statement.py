"""The monthly statement: every order that was placed in a month with its money, and the money that moved in it.

Sums of orders are the books of these orders as they are now; sums of movements are those of the month itself.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.core.codes import display_number
from shop.fulfilment.models import Consignment
from shop.numbers.orders import PAID_BACK, RECEIVED, orders_with_money
from shop.numbers.spans import Span, month_span
from shop.numbers.sums import booked, unplaced_back
from shop.numbers.tax import TaxBase, tax_base

Transaction = get_model("payment", "Transaction")


@dataclass(frozen=True)
class OrderSums:
    """Dong over all orders of the month: goods less discounts and delivery make the total."""

    orders: int
    goods: int
    discount: int
    delivery: int
    total: int
    received: int
    refunded: int
    owed: int

    @property
    def kept(self) -> int:
        """What the cooperative has of these orders."""
        return self.received - self.refunded


@dataclass(frozen=True)
class Movements:
    """Dong that moved in the month, apart for orders of the month and of earlier ones."""

    received: int
    received_earlier: int
    refunded: int
    refunded_earlier: int
    unplaced_back: int

    @property
    def all_received(self) -> int:
        return self.received + self.received_earlier

    @property
    def all_refunded(self) -> int:
        return self.refunded + self.refunded_earlier + self.unplaced_back


@dataclass(frozen=True)
class EarlierRefund:
    """Money back in this month for an order of an earlier one."""

    number: str
    placed_at: Any
    paid_at: Any
    amount: int
    reference: str


@dataclass(frozen=True)
class Statement:
    """One month of one cooperative."""

    cooperative: Cooperative
    span: Span
    orders: QuerySet[Consignment]
    sums: OrderSums
    movements: Movements
    earlier_refunds: list[EarlierRefund]
    tax: TaxBase

    @property
    def month(self) -> date:
        return self.span.first


def statement_of(cooperative: Cooperative, month: date) -> Statement:
    """The statement of the month that the day is in."""
    span = month_span(month)
    orders = orders_with_money(cooperative).filter(**span.within("order__date_placed"))
    return Statement(
        cooperative=cooperative,
        span=span,
        orders=orders,
        sums=order_sums(orders),
        movements=movements_of(cooperative, span),
        earlier_refunds=earlier_refunds(cooperative, span),
        tax=tax_base(cooperative, span),
    )


def order_sums(orders: QuerySet[Consignment]) -> OrderSums:
    """The columns of ``orders_with_money`` added up."""
    sums = orders.aggregate(
        orders=Count("pk"),
        all_goods=Sum("goods"),
        delivery=Sum("order__shipping_incl_tax"),
        total=Sum("order__total_incl_tax"),
        all_received=Sum("received"),
        all_refunded=Sum("refunded"),
        all_owed=Sum("owed"),
    )
    dong = {name.removeprefix("all_"): int(value or 0) for name, value in sums.items()}
    return OrderSums(discount=dong["goods"] - (dong["total"] - dong["delivery"]), **dong)


def movements_of(cooperative: Cooperative, span: Span) -> Movements:
    """What the books say of the month."""
    entries = booked(cooperative, span)
    own = entries.filter(**span.within("source__order__date_placed")).aggregate(
        received=Sum(RECEIVED), refunded=Sum(PAID_BACK)
    )
    whole = entries.aggregate(received=Sum(RECEIVED), refunded=Sum(PAID_BACK))
    received, refunded = int(own["received"] or 0), int(own["refunded"] or 0)
    return Movements(
        received=received,
        received_earlier=int(whole["received"] or 0) - received,
        refunded=refunded,
        refunded_earlier=int(whole["refunded"] or 0) - refunded,
        unplaced_back=unplaced_back(cooperative, span),
    )


def earlier_refunds(cooperative: Cooperative, span: Span) -> list[EarlierRefund]:
    """Money back in the span for orders placed before it."""
    rows = booked(cooperative, span).filter(txn_type=Transaction.REFUND, source__order__date_placed__lt=span.start)
    rows = rows.order_by("date_created", "pk").values_list(
        "source__order__number", "source__order__date_placed", "date_created", F("amount"), "reference"
    )
    return [
        EarlierRefund(display_number(number), placed, paid, int(amount), reference)
        for number, placed, paid, amount, reference in rows
    ]
