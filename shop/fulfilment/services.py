"""Every step of a consignment, and the end of an order: one function each, safe to call twice."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.cooperatives.models import Cooperative
from shop.core.text import search_key
from shop.fulfilment.models import Consignment
from shop.fulfilment.notices import parcel_news
from shop.fulfilment.parcels import (
    cash_parcel_deliver,
    cash_parcel_refuse,
    consignment_deliver,
    consignment_hand_over,
    consignment_pack,
    consignment_return,
    consignment_undo,
)
from shop.fulfilment.parts import (
    FulfilmentError,
    attempt_live,
    by_hand_key,
    consignment_lock,
    consignment_set,
    ended_by_clock,
    event_add,
    order_end,
    stock_hold_again,
    was_called,
)
from shop.fulfilment.reducing import consignment_reduce
from shop.order.models import Order
from shop.partner.models import OutOfStock
from shop.payment.attempts.models import Attempt
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_drop
from shop.payment.services import attempt_reopen, attempts_of, paid_amount, payment_confirm

# One door for every step, whatever room it lives in.
__all__ = [
    "FulfilmentError",
    "attempt_live",
    "by_hand_key",
    "cash_parcel_deliver",
    "cash_parcel_refuse",
    "consignment_deliver",
    "consignment_hand_over",
    "consignment_lock",
    "consignment_pack",
    "consignment_reduce",
    "consignment_return",
    "consignment_set",
    "consignment_undo",
    "ended_by_clock",
    "event_add",
]

#: The only way to pay whose money a person can see and confirm.
TRANSFER = "vietqr"


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
        search_text=search_text_of(order),
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


def search_text_of(order: Order) -> str:
    """What somebody may type to find the order: the buyer's name, their telephone as it is dialled, the number."""
    address = order.shipping_address
    phone = str(address.phone_number) if address and address.phone_number else ""
    dialled = "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone
    return search_key(address.first_name if address else "", dialled, order.number)[:400]
