"""Money that has arrived for an order, from whichever side the news came: one way into the books."""

from typing import Any

from shop.checkout.services import clock_start
from shop.fulfilment.services import FulfilmentError, event_add, order_reopen
from shop.notices.services import staff_announce
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, order_lock
from shop.payment.services import PaymentError, attempt_reopen, payment_confirm
from shop.reconciliation.notices import buyer_notice


class NotPlaceable(Exception):
    """The order cannot take this money. ``code``: ``no_stock`` (it came late and the goods are gone), ``ended``
    (cancelled by a person), ``paid`` (it has its money already), ``amount``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def money_arrive(*, attempt: Attempt, amount: int, key: str, by: str, reference: str = "") -> Any:
    """Credit ``amount`` dong to an order and tell its buyer; returns Oscar's transaction.

    Runs inside the caller's transaction. An order whose hold ran out comes back when its goods can be held again; an
    order that was to be paid another way is paid this way. The same ``key`` credits and tells once.
    """
    order = order_lock(attempt.source.order)
    attempt.refresh_from_db()
    is_late = order.status == "cancelled"
    reopen(order, attempt, by)
    entry = confirm(attempt, amount, key, by, reference)
    attempt.refresh_from_db()
    full = attempt.state == Attempt.State.CONFIRMED
    event_add(order.consignment, "paid" if full else "part_paid", by)
    if not full:
        clock_start(attempt)
    buyer_notice(order=order, attempt=attempt, entry=entry, is_late=is_late)
    if full:
        staff_announce(order.consignment)
    return entry


def reopen(order: Any, attempt: Attempt, by: str) -> None:
    """Make the attempt take money again, whatever ended it."""
    try:
        if order.status == "cancelled":
            if not order_reopen(order=order, attempt=attempt, by=by):
                raise NotPlaceable("no_stock")
        elif attempt.state != Attempt.State.PENDING:
            attempt_reopen(attempt=attempt, by=by)
    except FulfilmentError as error:
        raise NotPlaceable("ended") from error
    except PaymentError as error:
        raise NotPlaceable("paid") from error


def confirm(attempt: Attempt, amount: int, key: str, by: str, reference: str) -> Any:
    """The receipt itself."""
    try:
        return payment_confirm(attempt=attempt, amount=amount, key=key, by=by, reference=reference)
    except PaymentError as error:
        raise NotPlaceable("amount" if error.code == "amount" else "paid") from error


def transfer_attempts(order: Any) -> list[Attempt]:
    """The order's attempts by bank transfer, the latest first."""
    return [attempt for attempt in attempts_of(order) if attempt.provider == "vietqr"]
