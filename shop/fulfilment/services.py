"""Every step of a consignment, and the end of an order: one function each, safe to call twice."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.cooperatives.models import Cooperative
from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.notices import parcel_news
from shop.order.models import Order
from shop.partner.models import OutOfStock
from shop.payment.attempts.models import Attempt
from shop.payment.books import balance_of
from shop.payment.cod.services import buyer_lock, buyer_refused, cash_collect
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_drop, refund_owe
from shop.payment.services import attempt_cancel, attempt_reopen, attempts_of, paid_amount, payment_confirm

#: The only way to pay whose money a person can see and confirm.
TRANSFER = "vietqr"


class FulfilmentError(Exception):
    """The step does not follow from the state that the order is in. ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def consignment_create(
    *, order: Order, cooperative: Cooperative, service: Any, expected_from: date, expected_to: date, by: str
) -> Consignment:
    """Open the cooperative's side of a new order; runs inside the transaction that places it."""
    consignment = Consignment.objects.create(
        order=order,
        cooperative=cooperative,
        service_name_vi=service.name_vi,
        service_name_en=service.name_en,
        is_pickup=service.is_pickup,
        expected_from=expected_from,
        expected_to=expected_to,
    )
    event_add(consignment, "placed", by)
    return consignment


@transaction.atomic
def consignment_accept(*, consignment: Consignment, by: str) -> Consignment:
    """The cooperative takes the order. One in cash only after a call, and counts as confirmed from here."""
    locked = consignment_lock(consignment)
    if locked.state == Consignment.State.ACCEPTED:
        return locked
    if locked.state != Consignment.State.NEW:
        raise FulfilmentError(locked.state)
    attempt = attempt_live(locked.order)
    if locked.order.status == "pending":
        if attempt is None or attempt.expires_at is not None:
            raise FulfilmentError("unpaid")
        if not was_called(locked):
            raise FulfilmentError("call_first")
        locked.order.set_status("confirmed")
    consignment_set(locked, Consignment.State.ACCEPTED, by)
    parcel_news(locked, "accepted")
    return locked


@transaction.atomic
def cash_order_call(*, consignment: Consignment, reached: bool, by: str) -> Consignment:
    """Somebody called the buyer of an order in cash: ``reached`` and wants it, or nobody answered."""
    locked = consignment_lock(consignment)
    attempt = attempt_live(locked.order)
    if locked.state != Consignment.State.NEW or attempt is None or attempt.expires_at is not None:
        raise FulfilmentError(locked.state if locked.state != Consignment.State.NEW else "no_cash")
    if not (reached and was_called(locked)):
        event_add(locked, "called" if reached else "not_reached", by)
    return locked


@transaction.atomic
def cash_parcel_deliver(*, consignment: Consignment, carrier: str, by: str) -> Consignment:
    """The buyer took the parcel and paid the carrier, which owes the cooperative the cash from here on."""
    locked = consignment_lock(consignment)
    if locked.state == Consignment.State.DELIVERED:
        return locked
    attempt = cash_on_the_way(locked)
    due = int(attempt.source.amount_allocated) - paid_amount(attempt.source)
    stock_consume(locked.order)
    payment_confirm(attempt=attempt, amount=due, key=f"cash:{attempt.pk}", by=by)
    cash_collect(order=locked.order, cooperative=locked.cooperative, carrier=carrier, amount=due, by=by)
    locked.order.refresh_from_db()
    locked.order.set_status("completed")
    consignment_set(locked, Consignment.State.DELIVERED, by, note=carrier)
    parcel_news(locked, "delivered")
    return locked


@transaction.atomic
def cash_parcel_refuse(*, consignment: Consignment, reason: str, by: str) -> Consignment:
    """The buyer did not take the parcel: the goods are on sale again, the number is remembered."""
    address = consignment.order.shipping_address
    phone = str(address.phone_number) if address and address.phone_number else ""
    if phone:
        # The number's row before the order's, as when orders in cash are placed.
        buyer_lock(phone)
    locked = consignment_lock(consignment)
    if locked.state == Consignment.State.RETURNED:
        return locked
    cash_on_the_way(locked)
    order_end(locked, "door_refused", reason, by, state=Consignment.State.RETURNED)
    if phone:
        buyer_refused(phone=phone)
    parcel_news(locked, "door_refused")
    return locked


@transaction.atomic
def transfer_confirm_by_hand(*, consignment: Consignment, by: str) -> Consignment:
    """A person of the cooperative saw the money: what is still missing is recorded as received, in that name."""
    locked = consignment_lock(consignment)
    attempt = attempt_live(locked.order)
    if attempt is None:
        raise FulfilmentError("no_attempt")
    if attempt.state == Attempt.State.CONFIRMED:
        return locked
    if attempt.provider != TRANSFER:
        raise FulfilmentError("no_transfer")
    missing = int(attempt.source.amount_allocated) - paid_amount(attempt.source)
    if attempt.state != Attempt.State.PENDING or locked.order.status == "cancelled":
        raise FulfilmentError(attempt.state)
    payment_confirm(attempt=attempt, amount=missing, key=by_hand_key(attempt), by=by)
    event_add(locked, "paid", by)
    locked.order.refresh_from_db()
    return locked


@transaction.atomic
def consignment_refuse(*, consignment: Consignment, reason: str, by: str) -> Consignment:
    """The cooperative cannot serve the order: stock is freed, an open payment closed, the reason kept for the buyer."""
    locked = consignment_lock(consignment)
    if locked.state == Consignment.State.CANCELLED:
        return locked
    if locked.state not in (Consignment.State.NEW, Consignment.State.ACCEPTED, Consignment.State.PACKED):
        raise FulfilmentError(locked.state)
    order_end(locked, "refused", reason, by)
    parcel_news(locked, "refused")
    return locked


@transaction.atomic
def order_cancel_by_buyer(*, order: Order, by: str) -> Consignment:
    """The buyer changed their mind before any money moved and before the cooperative took the order."""
    locked = consignment_lock(order.consignment)
    if locked.state == Consignment.State.CANCELLED:
        return locked
    # Money that the buyer has announced may be on its way: then only the cooperative can end the order.
    paid = any(attempt.claimed_at or paid_amount(attempt.source) for attempt in attempts_of(locked.order))
    if paid or locked.state != Consignment.State.NEW or locked.order.status != "pending":
        raise FulfilmentError("too_late")
    order_end(locked, "withdrawn", "", by)
    return locked


@transaction.atomic
def order_expire(*, order: Order, by: str = "clock") -> bool:
    """Cancel an order whose unpaid hold is over; True when this call did it. A paid order is left alone.

    A part that was paid is owed back from that moment.
    """
    locked = consignment_lock(order.consignment)
    attempt = attempts_of(locked.order).filter(state=Attempt.State.PENDING, expires_at__lte=timezone.now()).first()
    if attempt is None or locked.order.status != "pending":
        return False
    order_end(locked, "expired", "", by, expired=True)
    return True


def orders_expire_unpaid(limit: int = 500) -> int:
    """Expire every overdue order, each in its own transaction; the number expired."""
    overdue = Order.objects.filter(
        status="pending",
        sources__attempt__state=Attempt.State.PENDING,
        sources__attempt__expires_at__lte=timezone.now(),
    ).order_by("pk")[:limit]
    return sum(order_expire(order=order) for order in overdue)


@transaction.atomic
def order_reopen(*, order: Order, attempt: Attempt, by: str) -> bool:
    """Bring an order back whose hold ran out before its money came; False when the goods are gone.

    Only an order that ended by the clock: one that somebody cancelled stays cancelled (FulfilmentError). What was
    owed back for its end counts as paid for it again.
    """
    locked = consignment_lock(order.consignment)
    if locked.order.status != "cancelled":
        return True
    if not ended_by_clock(locked):
        raise FulfilmentError("cancelled")
    try:
        with transaction.atomic():
            stock_hold_again(locked.order)
    except OutOfStock:
        return False
    for refund in Refund.objects.filter(order=locked.order, kind=Refund.Kind.ENDED, state=Refund.State.OWED):
        refund_drop(refund=refund, by=by)
    locked.order.set_status("pending")
    attempt_reopen(attempt=attempt, by=by)
    locked.reason = ""
    consignment_set(locked, Consignment.State.NEW, by, kind="reopened")
    return True


@transaction.atomic
def consignment_unpay(*, consignment: Consignment, by: str) -> Consignment:
    """The order's money turned out to be somebody else's: it waits again. Not once the goods are packed."""
    locked = consignment_lock(consignment)
    if locked.state not in (Consignment.State.NEW, Consignment.State.ACCEPTED, Consignment.State.CANCELLED):
        raise FulfilmentError(locked.state)
    if locked.state == Consignment.State.ACCEPTED:
        consignment_set(locked, Consignment.State.NEW, by, kind="unpaid")
    else:
        event_add(locked, "unpaid", by)
    return locked


# -- Parts --------------------------------------------------------------------------------------------------------


def order_end(
    consignment: Consignment,
    kind: str,
    reason: str,
    by: str,
    *,
    expired: bool = False,
    state: str = Consignment.State.CANCELLED,
) -> None:
    """Cancel order and consignment, free the stock once, owe back what was paid; the caller holds the lock."""
    order = consignment.order
    for attempt in attempts_of(order).filter(state=Attempt.State.PENDING):
        attempt_cancel(attempt=attempt, by=by, expired=expired)
    stock_release(order)
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
    ends = consignment.events.filter(kind__in=["expired", "refused", "withdrawn", "door_refused", "cancelled"])
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
    return order.lines.select_related("stockrecord__product__product_class").order_by("stockrecord_id", "pk")


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
