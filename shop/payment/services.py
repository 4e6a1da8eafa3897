"""The only writer of money. Each function is one transaction and safe to call twice."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.order.models import Order
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.providers import provider as provider_of

Source = get_model("payment", "Source")
SourceType = get_model("payment", "SourceType")
Transaction = get_model("payment", "Transaction")


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
    When the whole sum is there the attempt is confirmed, and a pending order with it.
    """
    if amount <= 0:
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
    entry = source.transactions.create(txn_type=Transaction.DEBIT, amount=Decimal(amount), reference=reference)
    TransactionKey.objects.create(transaction=entry, key=key, by=by[:254])
    if paid_amount(source) >= int(source.amount_allocated):
        attempt_close(locked, Attempt.State.CONFIRMED)
        if source.order.status == "pending":
            source.order.set_status("confirmed")
    return entry


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
    locked_order = Order.objects.select_for_update().get(pk=order.pk)
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


# -- Reading ------------------------------------------------------------------------------------------------------


def attempts_of(order: Order) -> Any:
    """Attempts of an order, the latest first."""
    return Attempt.objects.filter(source__order=order).select_related("source").order_by("-pk")


def paid_amount(source: Any) -> int:
    """Dong received for a source less dong paid back: the sum of its transactions, never a stored figure."""
    total = 0
    for entry in source.transactions.all():
        if entry.txn_type == Transaction.DEBIT:
            total += int(entry.amount)
        elif entry.txn_type == Transaction.REFUND:
            total -= int(entry.amount)
    return total


# -- Locks --------------------------------------------------------------------------------------------------------


def attempt_lock(attempt: Attempt) -> Attempt:
    """The attempt with its order's row locked first: every writer takes the locks in this order."""
    Order.objects.select_for_update().get(sources__attempt=attempt)
    return Attempt.objects.select_for_update(of=("self",)).select_related("source__order").get(pk=attempt.pk)


def attempt_close(attempt: Attempt, state: str) -> None:
    """Set an end state; the caller holds the lock."""
    attempt.state = state
    attempt.closed_at = timezone.now()
    attempt.save(update_fields=["state", "closed_at"])
