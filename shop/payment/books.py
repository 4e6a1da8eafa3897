"""Reading the books of an order, and the order in which every writer of money takes its locks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from oscar.core.loading import get_model

from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.refunds.models import Refund

Transaction = get_model("payment", "Transaction")

#: Oscar knows no name for money that was booked on the wrong order and is taken off again.
REVERSAL = "Reversal"
#: Oscar's columns hold ten digits before the point.
MAX_DONG = 9_999_999_999


@dataclass(frozen=True)
class Balance:
    """An order's money in dong. ``received`` less what was taken off as a mistake; ``owed`` is not paid back yet."""

    total: int
    received: int
    paid_back: int
    owed: int

    @property
    def kept(self) -> int:
        """What the cooperative has of it now."""
        return self.received - self.paid_back

    @property
    def returnable(self) -> int:
        """What could still be promised back: never more than was paid."""
        return self.kept - self.owed


def balance_of(order: Order) -> Balance:
    """Sums over the order's transactions and refunds; nothing of it is stored."""
    received = paid_back = 0
    for source in order.sources.all():
        for entry in source.transactions.all():
            if entry.txn_type == Transaction.REFUND:
                paid_back += int(entry.amount)
            else:
                received += signed(entry)
    owed = Refund.objects.filter(order=order, state=Refund.State.OWED).aggregate(dong=Sum("amount"))["dong"]
    return Balance(order.total_dong, received, paid_back, int(owed or 0))


def signed(entry: Any) -> int:
    """Dong that a transaction adds to what the cooperative has of an order."""
    sign = {Transaction.DEBIT: 1, Transaction.REFUND: -1, REVERSAL: -1}.get(entry.txn_type, 0)
    return sign * int(entry.amount)


def paid_amount(source: Any) -> int:
    """Dong received for a source less dong paid back: the sum of its transactions, never a stored figure."""
    return sum(signed(entry) for entry in source.transactions.all())


def attempts_of(order: Order) -> Any:
    """Attempts of an order, the latest first."""
    return Attempt.objects.filter(source__order=order).select_related("source").order_by("-pk")


def cooperative_id_of(order: Order) -> int | None:
    """Whose order it is: an order has one partner."""
    line = order.lines.select_related("partner__cooperative").first()
    cooperative = getattr(line.partner, "cooperative", None) if line and line.partner else None
    return cooperative.pk if cooperative else None


def scope_of(order: Order) -> str:
    """The audit chain that an order's money belongs to."""
    cooperative_id = cooperative_id_of(order)
    return f"cooperative:{cooperative_id}" if cooperative_id else "market"


def order_lock(order: Order) -> Order:
    """The order as it is now, its row locked until the transaction ends."""
    return Order.objects.select_for_update().get(pk=order.pk)


def attempt_lock(attempt: Attempt) -> Attempt:
    """The attempt with its order's row locked first: every writer takes the locks in this order."""
    Order.objects.select_for_update().get(sources__attempt=attempt)
    return Attempt.objects.select_for_update(of=("self",)).select_related("source__order").get(pk=attempt.pk)
