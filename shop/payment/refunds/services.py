"""Money back to a buyer: owed, then paid, each written down once, never more than was paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.core.codes import token
from shop.order.models import Order
from shop.payment.attempts.models import TransactionKey
from shop.payment.books import balance_of, order_lock, paid_amount, scope_of
from shop.payment.refunds.models import Refund, RefundLine

Transaction = get_model("payment", "Transaction")


class RefundError(Exception):
    """The refund is not possible. ``code``: ``amount``, ``too_much``, ``quantity``, ``paid``, ``dropped``."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        #: The most that would have been possible, in dong or units.
        self.limit = limit


@transaction.atomic
def refund_owe(
    *,
    order: Order,
    amount: int,
    kind: str,
    key: str,
    by: str,
    reason: str = "",
    lines: Mapping[Any, int] | None = None,
    provider: str = "",
) -> Refund:
    """Write down that ``amount`` dong of an order go back to its buyer; the same ``key`` owes it once.

    ``lines`` says which order lines (and how many units) it stands for. RefundError("too_much") when the order has
    less money than that which is not promised back already.
    """
    locked = order_lock(order)
    known = Refund.objects.filter(key=key).first()
    if known:
        return known
    limit = balance_of(locked).returnable
    if amount <= 0:
        raise RefundError("amount", limit)
    if amount > limit:
        raise RefundError("too_much", limit)
    lines_check(locked, lines or {})
    refund = Refund.objects.create(
        cooperative_id=locked.lines.first().partner.cooperative.pk,
        order=locked,
        provider=provider or provider_to_repay(locked),
        kind=kind,
        amount=amount,
        reason=reason[:300],
        key=key,
        memo=memo_fresh(),
        by=by[:254],
        **payer_account(locked),
    )
    for line, quantity in (lines or {}).items():
        RefundLine.objects.create(refund=refund, order_line=line, quantity=quantity, amount=line_dong(line, quantity))
    refund_log("refund.owed", refund, by)
    return refund


@transaction.atomic
def refund_owe_unplaced(
    *, cooperative: Cooperative, amount: int, key: str, by: str, reason: str = "", account: Mapping[str, str]
) -> Refund:
    """Write down that money which belongs to no order goes back to whoever sent it."""
    known = Refund.objects.filter(key=key).first()
    if known:
        return known
    if amount <= 0:
        raise RefundError("amount")
    refund = Refund.objects.create(
        cooperative=cooperative,
        provider="vietqr",
        kind=Refund.Kind.UNPLACED,
        amount=amount,
        reason=reason[:300],
        key=key,
        memo=memo_fresh(),
        by=by[:254],
        **account,
    )
    refund_log("refund.owed", refund, by)
    return refund


@transaction.atomic
def refund_pay(*, refund: Refund, reference: str, by: str) -> bool:
    """The money has left the cooperative's account under the bank's ``reference``; True when this call said so."""
    locked = refund_lock(refund)
    if locked.state == Refund.State.PAID:
        return False
    if locked.state != Refund.State.OWED:
        raise RefundError(locked.state)
    if locked.order_id:
        book_refund(locked, reference, by)
    refund_close(locked, Refund.State.PAID, by, reference=reference)
    return True


@transaction.atomic
def refund_drop(*, refund: Refund, by: str, reason: str = "") -> bool:
    """It is not owed after all; True when this call said so. What has been paid back stays paid back."""
    locked = refund_lock(refund)
    if locked.state == Refund.State.DROPPED:
        return False
    if locked.state == Refund.State.PAID:
        raise RefundError("paid")
    refund_close(locked, Refund.State.DROPPED, by, reason=reason or locked.reason)
    return True


@transaction.atomic
def refund_bounce(*, refund: Refund, by: str) -> Refund:
    """Money that was paid back has come back to the cooperative: it is owed again, by bank transfer this time."""
    locked = refund_lock(refund)
    key = f"bounced:{locked.pk}"
    known = Refund.objects.filter(key=key).first()
    if known:
        return known
    if locked.state != Refund.State.PAID or locked.order_id is None:
        raise RefundError(locked.state)
    booked = TransactionKey.objects.select_related("transaction__source").get(key=f"refund:{locked.pk}")
    source = booked.transaction.source
    source.amount_refunded -= Decimal(locked.amount)
    source.save(update_fields=["amount_refunded"])
    entry = source.transactions.create(
        txn_type=Transaction.DEBIT, amount=Decimal(locked.amount), reference=locked.reference
    )
    TransactionKey.objects.create(transaction=entry, key=key, by=by[:254])
    return refund_owe(
        order=locked.order,
        amount=locked.amount,
        kind=locked.kind,
        key=key,
        by=by,
        reason=locked.reason,
        provider="vietqr",
    )


@transaction.atomic
def refund_account_set(*, refund: Refund, bin: str, number: str, holder: str, by: str) -> Refund:
    """Where the buyer wants the money; until it is paid back."""
    locked = refund_lock(refund)
    if locked.state != Refund.State.OWED:
        raise RefundError(locked.state)
    before = {"bin": locked.bin, "number": locked.number, "holder": locked.holder}
    after = {"bin": bin, "number": number, "holder": holder}
    if before == after:
        return locked
    for name, value in after.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(after))
    refund_log("refund.account", locked, by, before=before, after=after)
    return locked


# -- Rules --------------------------------------------------------------------------------------------------------


def lines_check(order: Order, lines: Mapping[Any, int]) -> None:
    """Of every line no more units come back than were sold, over all refunds that still stand."""
    for line, quantity in lines.items():
        left = units_left(line)
        if line.order_id != order.pk or quantity < 1 or quantity > left:
            raise RefundError("quantity", left)


def units_left(line: Any) -> int:
    """Units of an order line that no refund stands for yet."""
    back = RefundLine.objects.filter(order_line=line).exclude(refund__state=Refund.State.DROPPED)
    return line.quantity - sum(back.values_list("quantity", flat=True))


def line_dong(line: Any, quantity: int) -> int:
    """What these units cost after discounts; whole dong, the odd ones stay with the last unit."""
    total = int(line.line_price_incl_tax)
    return total if quantity == line.quantity else total * quantity // line.quantity


def provider_to_repay(order: Order) -> str:
    """The way by which most of the order's money came."""
    sources = [source for source in order.sources.all() if hasattr(source, "attempt")]
    best = max(sources, key=paid_amount, default=None)
    return best.attempt.provider if best else "vietqr"


def payer_account(order: Order) -> dict[str, str]:
    """The account that a former refund of this order was sent to, so that the buyer tells it once."""
    known = Refund.objects.filter(order=order).exclude(number="").order_by("-pk").first()
    return {"bin": known.bin, "number": known.number, "holder": known.holder} if known else {}


def book_refund(refund: Refund, reference: str, by: str) -> None:
    """Oscar's transaction for the money that left; on the source that has it."""
    sources = refund.order.sources.prefetch_related("transactions").select_related("attempt")
    # Out of the source that the money came by, when that has enough of it.
    source = max(
        sources, key=lambda row: (min(paid_amount(row), refund.amount), row.attempt.provider == refund.provider)
    )
    if paid_amount(source) < refund.amount:
        raise RefundError("too_much", paid_amount(source))
    source.amount_refunded += Decimal(refund.amount)
    source.save(update_fields=["amount_refunded"])
    entry = source.transactions.create(
        txn_type=Transaction.REFUND, amount=Decimal(refund.amount), reference=reference[:128]
    )
    TransactionKey.objects.create(transaction=entry, key=f"refund:{refund.pk}", by=by[:254])


def memo_fresh() -> str:
    """A memo for the transfer back, unlike any other: "HOAN" (pay back) and 8 characters."""
    memo = "HOAN" + token(8)
    while Refund.objects.filter(memo=memo).exists():
        memo = "HOAN" + token(8)
    return memo


def refund_lock(refund: Refund) -> Refund:
    """The refund behind its order's lock."""
    if refund.order_id:
        order_lock(refund.order)
    return Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)


def refund_close(refund: Refund, state: str, by: str, *, reference: str = "", reason: str = "") -> None:
    """Set an end state; the caller holds the lock."""
    refund.state = state
    refund.reference = reference[:100]
    refund.reason = (reason or refund.reason)[:300]
    refund.closed_by = by[:254]
    refund.closed_at = timezone.now()
    refund.save(update_fields=["state", "reference", "reason", "closed_by", "closed_at"])
    refund_log(f"refund.{state}", refund, by)


def refund_log(action: str, refund: Refund, by: str, **values: Mapping[str, Any]) -> None:
    """The audit trail of the cooperative whose money it is."""
    facts = {"amount": refund.amount, "kind": refund.kind, "state": refund.state, "reference": refund.reference}
    subject = f"order:{refund.order.number}" if refund.order_id else f"refund:{refund.pk}"
    scope = scope_of(refund.order) if refund.order_id else f"cooperative:{refund.cooperative_id}"
    entry_add(action=action, subject=subject, by=by, scope=scope, **(values or {"after": facts}))
