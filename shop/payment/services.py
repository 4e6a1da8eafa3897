"""The only writer of money. Each function is one transaction and safe to call twice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.services import entry_add
from shop.order.models import Order
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.books import (
    MAX_DONG,
    REVERSAL,
    attempt_lock,
    attempts_of,
    balance_of,
    order_lock,
    paid_amount,
    scope_of,
)
from shop.payment.providers import provider as provider_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_drop, refund_owe

Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Transaction = get_model("payment", "Transaction")

__all__ = ["attempts_of", "paid_amount"]  # read here by everybody who writes money


class PaymentError(Exception):
    """The step is not possible in the state that the payment is in. ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def source_start(*, order: Order, provider_code: str, by: str) -> Attempt:
    """Open one way to pay an order: a source over its whole total in dong, and the provider's own data.

    An order has at most one open attempt; a pending one of the same provider is returned as it is. Offers can make an
    order free: it is paid from the start, and no code over 0 dong is made.
    """
    chosen = provider_of(provider_code)
    if chosen is None:
        raise PaymentError("unknown_provider")
    pending = attempts_of(order).filter(state=Attempt.State.PENDING).first()
    if pending:
        if pending.provider == provider_code:
            return pending
        raise PaymentError("already_open")
    source_type, _ = SourceType.objects.get_or_create(code=chosen.code, defaults={"name": chosen.code})
    source = Source.objects.create(
        order=order, source_type=source_type, currency=order.currency, amount_allocated=order.total_incl_tax
    )
    if not order.total_incl_tax:
        attempt = Attempt.objects.create(source=source, provider=chosen.code)
        attempt_close(attempt, Attempt.State.CONFIRMED)
        order.set_status("confirmed")
        return attempt
    expires = timezone.now() + timedelta(minutes=settings.PAYMENT_HOLD_MINUTES)
    attempt = Attempt.objects.create(
        source=source, provider=chosen.code, expires_at=expires if chosen.holds_stock_until_paid else None
    )
    chosen.start(attempt)
    return attempt


@transaction.atomic
def payment_confirm(*, attempt: Attempt, amount: int, key: str, by: str, reference: str = "") -> Any:
    """Record that ``amount`` dong arrived; returns the transaction.

    ``key`` names the news (a bank line, a webhook, a person's confirmation): the same key twice moves money once.
    When the whole sum is there the attempt is confirmed, and a pending order with it; what is beyond the sum is owed
    back to the buyer. A part keeps the goods for another PAYMENT_CLAIM_HOURS.
    """
    if not 0 < amount <= MAX_DONG:
        raise PaymentError("amount")
    locked = attempt_lock(attempt)
    known = TransactionKey.objects.filter(key=key).select_related("transaction").first()
    if known:
        return known.transaction
    if locked.state != Attempt.State.PENDING:
        raise PaymentError(locked.state)
    source = locked.source
    source.amount_debited += Decimal(amount)
    source.save(update_fields=["amount_debited"])
    entry = transaction_add(source, Transaction.DEBIT, amount, key, by, reference)
    order = source.order
    if paid_amount(source) >= int(source.amount_allocated):
        attempt_close(locked, Attempt.State.CONFIRMED)
        if order.status == "pending":
            order.set_status("confirmed")
        excess_owe(order, entry, by)
    elif locked.expires_at is not None:
        hold_extend(locked)
    payment_log("payment.received", entry, key, by)
    return entry


@transaction.atomic
def payment_reverse(*, entry: Any, by: str, reason: str = "") -> bool:
    """Take a receipt off an order on which it was put by mistake; True when this call did it.

    What was to be paid back from it is dropped; PaymentError("paid_back") when it is gone already. A live order waits
    for its money again. Whether its goods may still wait is the caller's question.
    """
    locked = attempt_lock(entry.source.attempt)
    key = f"reverse:{entry.pk}"
    if TransactionKey.objects.filter(key=key).exists():
        return False
    source, order, amount = locked.source, locked.source.order, int(entry.amount)
    owed_drop(order, amount, by)
    source.amount_debited -= Decimal(amount)
    source.save(update_fields=["amount_debited"])
    off = transaction_add(source, REVERSAL, amount, key, by, entry.reference)
    if order.status == "cancelled":
        if locked.state == Attempt.State.CONFIRMED:
            attempt_close(locked, Attempt.State.CANCELLED)
    elif paid_amount(source) < int(source.amount_allocated):
        attempt_open(locked)
        if order.status == "confirmed":
            order.set_status("pending")
    payment_log("payment.reversed", off, key, by, reason=reason)
    return True


@transaction.atomic
def payment_take_for_return(*, attempt: Attempt, amount: int, key: str, by: str, reference: str = "") -> Any:
    """Book money that its order can no longer take, and owe it back at once; returns the transaction.

    For news that cannot be refused, such as a card that was charged in the last second. The same ``key`` books once.
    """
    if not 0 < amount <= MAX_DONG:
        raise PaymentError("amount")
    locked = attempt_lock(attempt)
    known = TransactionKey.objects.filter(key=key).select_related("transaction").first()
    if known:
        return known.transaction
    source, order = locked.source, locked.source.order
    source.amount_debited += Decimal(amount)
    source.save(update_fields=["amount_debited"])
    entry = transaction_add(source, Transaction.DEBIT, amount, key, by, reference)
    kind = Refund.Kind.ENDED if order.status == "cancelled" else Refund.Kind.EXCESS
    refund_owe(order=order, amount=amount, kind=kind, key=f"return:{entry.pk}", by=by, provider=locked.provider)
    payment_log("payment.received", entry, key, by)
    return entry


@transaction.atomic
def attempt_hold(*, attempt: Attempt, until: Any, by: str) -> bool:
    """Hold an open attempt's goods at least until that moment; True when this call made it longer."""
    locked = attempt_lock(attempt)
    if locked.state != Attempt.State.PENDING or locked.expires_at is None or locked.expires_at >= until:
        return False
    locked.expires_at = until
    locked.save(update_fields=["expires_at"])
    return True


@transaction.atomic
def attempt_reopen(*, attempt: Attempt, by: str) -> Attempt:
    """Open an attempt again, because its money has come after all; the other open ways of the order are closed.

    PaymentError("paid") when the order has money by another way already.
    """
    locked = attempt_lock(attempt)
    if locked.state == Attempt.State.PENDING:
        return locked
    for other in attempts_of(locked.source.order).exclude(pk=locked.pk):
        if other.state == Attempt.State.CONFIRMED or paid_amount(other.source):
            raise PaymentError("paid")
        if other.state == Attempt.State.PENDING:
            attempt_close(other, Attempt.State.CANCELLED)
    if locked.state == Attempt.State.CONFIRMED:
        raise PaymentError("paid")
    attempt_open(locked)
    return locked


@transaction.atomic
def attempt_claim(*, attempt: Attempt, by: str) -> bool:
    """The buyer says that the transfer was made: the hold lasts until the cooperative had time to look.

    True when this call made it longer; once per attempt, and only while the first hold still runs.
    """
    locked = attempt_lock(attempt)
    now = timezone.now()
    if locked.claimed_at:
        return False
    if locked.state != Attempt.State.PENDING or locked.expires_at is None or locked.expires_at <= now:
        raise PaymentError(locked.state if locked.state != Attempt.State.PENDING else "over")
    locked.claimed_at = now
    locked.expires_at = now + timedelta(hours=settings.PAYMENT_CLAIM_HOURS)
    locked.save(update_fields=["claimed_at", "expires_at"])
    return True


@transaction.atomic
def attempt_cancel(*, attempt: Attempt, by: str, expired: bool = False) -> bool:
    """Close an open attempt; True when this call closed it. A paid one stays paid."""
    locked = attempt_lock(attempt)
    if locked.state != Attempt.State.PENDING:
        return False
    attempt_close(locked, Attempt.State.EXPIRED if expired else Attempt.State.CANCELLED)
    return True


@transaction.atomic
def provider_switch(*, order: Order, provider_code: str, by: str) -> Attempt:
    """Pay an order another way: the open attempt is cancelled, a new one opened. Money already seen forbids it."""
    locked_order = order_lock(order)
    if locked_order.status != "pending":
        raise PaymentError("not_pending")
    current = attempts_of(locked_order).filter(state=Attempt.State.PENDING).first()
    if current and current.provider == provider_code:
        return current
    if current and (current.claimed_at or paid_amount(current.source)):
        raise PaymentError("partly_paid")
    if current:
        attempt_cancel(attempt=current, by=by)
    return source_start(order=locked_order, provider_code=provider_code, by=by)


@transaction.atomic
def total_lower(*, order: Order, total: int, by: str) -> int:
    """An order costs ``total`` dong from now on, which is less than before: every way to pay it asks for that.

    What was paid already may be enough now, and the order is confirmed. Returns the dong that the buyer has paid too
    much by the change; the caller owes them back, after everything else that it locks.
    """
    locked = order_lock(order)
    before = balance_of(locked)
    locked.total_incl_tax = locked.total_excl_tax = Decimal(total)
    locked.save(update_fields=["total_incl_tax", "total_excl_tax"])
    live = None
    for attempt in attempts_of(locked).select_for_update(of=("self",)):
        attempt.source.amount_allocated = Decimal(total)
        attempt.source.save(update_fields=["amount_allocated"])
        if attempt.state == Attempt.State.PENDING:
            live = attempt
    if live is None:
        return max(0, min(before.returnable, before.total - total))
    if paid_amount(live.source) < total:
        return 0
    attempt_close(live, Attempt.State.CONFIRMED)
    if locked.status == "pending":
        locked.set_status("confirmed")
    return max(0, min(before.returnable, before.returnable - total))


# -- Parts --------------------------------------------------------------------------------------------------------


def transaction_add(source: Any, kind: str, amount: int, key: str, by: str, reference: str = "") -> Any:
    """One line in the books, under its unique key."""
    entry = source.transactions.create(txn_type=kind, amount=Decimal(amount), reference=reference[:128])
    TransactionKey.objects.create(transaction=entry, key=key, by=by[:254])
    return entry


def excess_owe(order: Order, entry: Any, by: str) -> None:
    """What is beyond the order's total goes back to the buyer."""
    balance = balance_of(order)
    excess = min(balance.returnable, balance.returnable - balance.total)
    if excess > 0:
        refund_owe(order=order, amount=excess, kind=Refund.Kind.EXCESS, key=f"excess:{entry.pk}", by=by)


def owed_drop(order: Order, amount: int, by: str) -> None:
    """Make ``amount`` dong free that were promised back only because of a receipt now taken off."""
    for refund in Refund.objects.filter(order=order, state=Refund.State.OWED).exclude(kind=Refund.Kind.GOODS):
        if balance_of(order).returnable >= amount:
            return
        refund_drop(refund=refund, by=by)
    if balance_of(order).returnable < amount:
        raise PaymentError("paid_back")


def attempt_open(attempt: Attempt) -> None:
    """Pending again; a transfer's goods are held as long as after a part. The caller holds the lock."""
    attempt.state, attempt.closed_at = Attempt.State.PENDING, None
    if attempt.expires_at is not None:
        attempt.expires_at = timezone.now() + timedelta(hours=settings.PAYMENT_CLAIM_HOURS)
    attempt.save(update_fields=["state", "closed_at", "expires_at"])


def hold_extend(attempt: Attempt) -> None:
    """Somebody who has paid a part gets the time of somebody who said that the transfer was made."""
    attempt.expires_at = max(attempt.expires_at, timezone.now() + timedelta(hours=settings.PAYMENT_CLAIM_HOURS))
    attempt.save(update_fields=["expires_at"])


def payment_log(action: str, entry: Any, key: str, by: str, **more: str) -> None:
    """The audit trail of the cooperative whose money it is."""
    order = entry.source.order
    facts = {"amount": int(entry.amount), "reference": entry.reference, "key": key, **more}
    entry_add(action=action, subject=f"order:{order.number}", by=by, scope=scope_of(order), after=facts)


def attempt_close(attempt: Attempt, state: str) -> None:
    """Set an end state; the caller holds the lock."""
    attempt.state = state
    attempt.closed_at = timezone.now()
    attempt.save(update_fields=["state", "closed_at"])
