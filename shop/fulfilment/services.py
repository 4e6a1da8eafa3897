"""Every step of a consignment, and the end of an order: one function each, safe to call twice."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.cooperatives.models import Cooperative
from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.services import attempt_cancel, attempts_of, paid_amount, payment_confirm


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
    """The cooperative takes the order. An order paid in cash counts as confirmed from here."""
    locked = consignment_lock(consignment)
    if locked.state == Consignment.State.ACCEPTED:
        return locked
    if locked.state != Consignment.State.NEW:
        raise FulfilmentError(locked.state)
    attempt = attempts_of(locked.order).first()
    if locked.order.status == "pending":
        if attempt is None or attempt.expires_at is not None:
            raise FulfilmentError("unpaid")
        locked.order.set_status("confirmed")
    consignment_set(locked, Consignment.State.ACCEPTED, by)
    return locked


@transaction.atomic
def transfer_confirm_by_hand(*, consignment: Consignment, by: str) -> Consignment:
    """A person of the cooperative saw the money: what is still missing is recorded as received, in that name."""
    locked = consignment_lock(consignment)
    attempt = attempts_of(locked.order).first()
    if attempt is None:
        raise FulfilmentError("no_attempt")
    if attempt.state == Attempt.State.CONFIRMED:
        return locked
    if attempt.expires_at is None:
        raise FulfilmentError("no_transfer")
    missing = int(attempt.source.amount_allocated) - paid_amount(attempt.source)
    if attempt.state != Attempt.State.PENDING or locked.order.status == "cancelled":
        raise FulfilmentError(attempt.state)
    payment_confirm(attempt=attempt, amount=missing, key=f"by-hand:{attempt.pk}", by=by)
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
    """Cancel an order whose unpaid hold is over; True when this call did it. A paid order is left alone."""
    locked = consignment_lock(order.consignment)
    attempt = attempts_of(locked.order).filter(state=Attempt.State.PENDING, expires_at__lte=timezone.now()).first()
    if attempt is None or locked.order.status != "pending" or paid_amount(attempt.source):
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


def order_end(consignment: Consignment, kind: str, reason: str, by: str, *, expired: bool = False) -> None:
    """Cancel order and consignment, close the payment, free the stock once; the caller holds the lock."""
    order = consignment.order
    for attempt in attempts_of(order).filter(state=Attempt.State.PENDING):
        attempt_cancel(attempt=attempt, by=by, expired=expired)
    stock_release(order)
    order.set_status("cancelled")
    consignment.reason = reason[:300]
    consignment_set(consignment, Consignment.State.CANCELLED, by, kind=kind, note=reason)


def stock_release(order: Order) -> None:
    """Give back what the order's lines still hold, rows in primary-key order."""
    for line in order.lines.select_related("stockrecord__product__product_class").order_by("stockrecord_id"):
        if line.num_allocated:
            line.cancel_allocation(line.num_allocated)


def consignment_lock(consignment: Consignment) -> Consignment:
    """The consignment behind its order's lock: the same order of locks as every other writer."""
    Order.objects.select_for_update().get(pk=consignment.order_id)
    return (
        Consignment.objects.select_for_update(of=("self",))
        .select_related("order", "cooperative")
        .get(pk=consignment.pk)
    )


def consignment_set(consignment: Consignment, state: str, by: str, *, kind: str = "", note: str = "") -> None:
    """Set a state and write down who did it; the caller holds the lock."""
    consignment.state = state
    consignment.save(update_fields=["state", "reason"])
    event_add(consignment, kind or state, by, note)


def event_add(consignment: Consignment, kind: str, by: str, note: str = "") -> ConsignmentEvent:
    """Append to the consignment's history."""
    return consignment.events.create(kind=kind, by=by[:254], note=note[:300])
