"""What every step of a consignment is made of: locks, history, stock, the end of an order. Callers hold the lock."""

from typing import Any

from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_owe
from shop.payment.services import attempt_cancel, attempts_of


class FulfilmentError(Exception):
    """The step does not follow from the state that the order is in. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def order_end(
    consignment: Consignment,
    kind: str,
    reason: str,
    by: str,
    *,
    expired: bool = False,
    state: str = Consignment.State.CANCELLED,
    is_spoilt: bool = False,
) -> None:
    """Cancel order and consignment, free the stock once, owe back what was paid; spoilt goods are written off."""
    order = consignment.order
    for attempt in attempts_of(order).filter(state=Attempt.State.PENDING):
        attempt_cancel(attempt=attempt, by=by, expired=expired)
    stock_consume(order) if is_spoilt else stock_release(order)
    order.set_status("cancelled")
    consignment.reason = reason[:300]
    event = consignment_set(consignment, state, by, kind=kind, note=reason)
    back = balance_of(order).returnable
    if back > 0:
        refund_owe(order=order, amount=back, kind=Refund.Kind.ENDED, key=f"ended:{event.pk}", by=by, reason=reason)


def attempt_live(order: Order) -> Attempt | None:
    """The way that the order is being paid now: the open one, else the paid one, else the latest."""
    ranks = {Attempt.State.PENDING: 0, Attempt.State.CONFIRMED: 1}
    return min(attempts_of(order), key=lambda attempt: (ranks.get(attempt.state, 2), -attempt.pk), default=None)


def by_hand_key(attempt: Attempt) -> str:
    """The name of what a person confirmed; an undone confirmation frees it for the next one."""
    undone = attempt.source.transactions.filter(txn_type="Reversal").count()
    return f"by-hand:{attempt.pk}" if not undone else f"by-hand:{attempt.pk}:{undone}"


def cash_on_the_way(consignment: Consignment) -> Attempt:
    """The open attempt in cash of a parcel that the cooperative has taken; FulfilmentError for any other."""
    attempt = attempt_live(consignment.order)
    states = (Consignment.State.ACCEPTED, Consignment.State.PACKED, Consignment.State.HANDED_OVER)
    if consignment.state not in states:
        raise FulfilmentError(consignment.state)
    if attempt is None or attempt.expires_at is not None or attempt.state != Attempt.State.PENDING:
        raise FulfilmentError("no_cash")
    return attempt


def was_called(consignment: Consignment) -> bool:
    """Whether the buyer said on the phone that the order is meant."""
    return consignment.events.filter(kind="called").exists()


def ended_by_clock(consignment: Consignment) -> bool:
    """Whether the latest end of the order was its hold running out."""
    ends = consignment.events.filter(
        kind__in=["expired", "refused", "withdrawn", "door_refused", "returned", "cancelled"]
    )
    last = ends.last()
    return last is not None and last.kind == "expired"


def stock_release(order: Order) -> None:
    """Give back what the order's lines still hold, rows in primary-key order."""
    for line in lines_in_stock_order(order):
        if line.num_allocated:
            line.cancel_allocation(line.num_allocated)


def stock_consume(order: Order) -> None:
    """The goods have left for good: stock and hold go down together, rows in primary-key order."""
    for line in lines_in_stock_order(order):
        if line.num_allocated:
            line.consume_allocation(line.num_allocated)


def stock_hold_again(order: Order) -> None:
    """Hold the goods of an order that had let them go; OutOfStock when one is missing."""
    for line in lines_in_stock_order(order):
        if line.stockrecord is None:
            continue
        line.stockrecord.allocate(line.quantity)
        line.num_allocated, line.allocation_cancelled = line.quantity, False
        line.save(update_fields=["num_allocated", "allocation_cancelled"])


def lines_in_stock_order(order: Order) -> Any:
    """The order's lines with their stock rows, in the one order in which those rows are ever locked."""
    return order.lines.select_related(
        *(f"stockrecord__product__{kind}" for kind in ("product_class", "parent__product_class"))
    ).order_by("stockrecord_id", "pk")


def consignment_lock(consignment: Consignment) -> Consignment:
    """The consignment behind its order's lock: the same order of locks as every other writer."""
    Order.objects.select_for_update().get(pk=consignment.order_id)
    return (
        Consignment.objects.select_for_update(of=("self",))
        .select_related("order", "cooperative")
        .get(pk=consignment.pk)
    )


def consignment_set(
    consignment: Consignment, state: str, by: str, *, kind: str = "", note: str = ""
) -> ConsignmentEvent:
    """Set a state and write down who did it; the caller holds the lock."""
    consignment.state = state
    consignment.save(update_fields=["state", "reason"])
    return event_add(consignment, kind or state, by, note)


def event_add(consignment: Consignment, kind: str, by: str, note: str = "") -> ConsignmentEvent:
    """Append to the consignment's history."""
    return consignment.events.create(kind=kind, by=by[:254], note=note[:300])
