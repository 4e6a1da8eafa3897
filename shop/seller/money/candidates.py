"""Orders that a bank line may be for: those that its memo names, then those that wait for its sum, then the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from shop.core.codes import display_number
from shop.fulfilment.models import Consignment
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.matching import order_of, requests_for
from shop.seller.money.searching import number_like
from shop.seller.money.words import dong_text
from shop.seller.panels import Panel, consignments_for_rows

MOST_WITH_SUM = 5
MOST_RECENT = 5
MOST_FOUND = 10


@dataclass(frozen=True)
class Candidate:
    """An order, why it is offered (``code``, ``search``, ``sum``, ``open``), and what would become of the money."""

    panel: Panel
    why: str
    amount: int
    is_in_stock: bool = True

    @property
    def number(self) -> str:
        return self.panel.number

    @property
    def is_waiting(self) -> bool:
        """Whether a way to pay is still open."""
        attempt = self.panel.attempt
        return attempt is not None and attempt.state == Attempt.State.PENDING and self.panel.due > 0

    @property
    def can_take(self) -> bool:
        return self.is_waiting or self.panel.state == "expired"

    @property
    def is_surest(self) -> bool:
        """The memo names it, and nothing stands in the way."""
        return self.why == "code" and self.can_take and self.is_in_stock

    @property
    def effect(self) -> str:
        """What happens when the money is put on it, or why it cannot be."""
        if self.panel.state == "expired":
            return " ".join((late_text(self.is_in_stock), rest_text(self.amount, self.panel.due)))
        if self.is_waiting:
            cash = _("It was to be paid in cash.") if self.panel.is_cash else ""
            return " ".join(part for part in (cash, rest_text(self.amount, self.panel.due)) if part)
        if self.panel.state in ("refused", "withdrawn", "returned"):
            return _("Cancelled: it takes no money.")
        return _("Paid already: it takes no money.")


def late_text(is_in_stock: bool) -> str:
    """An order that ended because no money came in time."""
    if is_in_stock:
        return _("It ended unpaid; this opens it again.")
    return _("It ended unpaid, and the goods are gone: try again once you have stock.")


def rest_text(amount: int, due: int) -> str:
    """What happens with a difference."""
    if amount > due:
        return _("%(sum)s too much goes back to the buyer.") % {"sum": dong_text(amount - due)}
    if amount < due:
        return _("%(sum)s is still missing then; the buyer is told.") % {"sum": dong_text(due - amount)}
    return _("Exactly what is missing.")


def candidates_for(line: BankLine, query: str = "") -> list[Candidate]:
    """Orders of the line's cooperative to choose from; each once, for its best reason.

    The latest ones are a guess: only for a line of which nothing else is known.
    """
    named = named_orders(line)
    reasons: dict[int, str] = {}
    for why, orders in (
        ("code", named),
        ("search", orders_like(line, query)),
        ("sum", orders_with_sum(line)),
        ("open", [] if named else recent_orders(line)),
    ):
        for order_id in orders:
            reasons.setdefault(order_id, why)
    rows = consignments_for_rows(line.cooperative).filter(order_id__in=reasons)
    panels = {row.order_id: Panel(row) for row in rows.prefetch_related("events")}
    return [
        Candidate(panels[order_id], why, line.amount, is_in_stock(panels[order_id]))
        for order_id, why in reasons.items()
        if order_id in panels
    ]


def is_in_stock(panel: Panel) -> bool:
    """Whether an order that let its goods go could have them again; only asked for such an order."""
    if panel.state != "expired":
        return True
    lines = panel.order.lines.select_related("stockrecord")
    return all(line.stockrecord is None or line.stockrecord.net_stock_level >= line.quantity for line in lines)


def named_orders(line: BankLine) -> list[int]:
    """Orders whose codes the memo may hold."""
    orders = [order_of(request) for request in requests_for(line)]
    return [order.pk for order in orders if order.consignment.cooperative_id == line.cooperative_id]


def open_attempts(line: BankLine) -> QuerySet[Attempt]:
    """Ways to pay that are still open at the line's cooperative, the newest first."""
    waiting = Attempt.objects.filter(
        state=Attempt.State.PENDING, source__order__consignment__cooperative_id=line.cooperative_id
    )
    return waiting.exclude(source__order__consignment__state=Consignment.State.CANCELLED).order_by("-pk")


def orders_with_sum(line: BankLine) -> Iterable[int]:
    """Open orders that lack exactly this sum."""
    due = F("source__amount_debited") - F("source__amount_refunded") + line.amount
    exact = open_attempts(line).filter(source__amount_allocated=due)
    return exact.values_list("source__order_id", flat=True)[:MOST_WITH_SUM]


def recent_orders(line: BankLine) -> Iterable[int]:
    """The latest open orders."""
    return open_attempts(line).values_list("source__order_id", flat=True)[:MOST_RECENT]


def orders_like(line: BankLine, query: str) -> Iterable[int]:
    """Orders of the cooperative whose number was typed, or a part of it."""
    number = number_like(query)
    if not number:
        return []
    mine = Consignment.objects.filter(cooperative_id=line.cooperative_id, order__number__contains=number)
    return mine.order_by("-pk").values_list("order_id", flat=True)[:MOST_FOUND]


def order_in(cooperative: Any, typed: str) -> Order | None:
    """The cooperative's own order of that number, however it was typed."""
    number = number_like(typed)
    found = Order.objects.filter(number=number, consignment__cooperative=cooperative)
    return found.select_related("consignment").first() if number else None


def shown(orders: Iterable[Order]) -> str:
    """Numbers of orders in one line of text."""
    return ", ".join(display_number(order.number) for order in orders)
