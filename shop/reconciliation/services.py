"""What a person decides about money in the inbox: each step one transaction, written down with a name, and undone."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.audit.services import entry_add
from shop.checkout.services import clock_start, retried
from shop.core import places
from shop.fulfilment.models import Consignment
from shop.fulfilment.services import FulfilmentError, attempt_live, consignment_unpay, transfer_confirm_by_hand
from shop.order.models import Order
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.books import attempts_of, order_lock
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import RefundError, refund_drop, refund_owe_unplaced, refund_pay
from shop.payment.services import PaymentError, attempt_cancel, payment_reverse, source_start
from shop.payment.vietqr.models import BankLine, LineShare
from shop.reconciliation.arrivals import NotPlaceable, transfer_attempts
from shop.reconciliation.matching import line_lock, share_add, share_key
from shop.reconciliation.notices import buyer_notice, refund_notice

State = BankLine.State
ACCOUNT = re.compile(r"[A-Za-z0-9]{6,19}")


class LineError(Exception):
    """The step is not possible. ``code``: ``state`` (decided meanwhile), ``sum``, ``foreign`` (another cooperative's
    order), ``no_stock``, ``ended``, ``paid``, ``amount``, ``on_the_way``, ``paid_back``, ``reason``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@retried
@transaction.atomic
def line_assign(*, line: BankLine, shares: Mapping[Order, int], by: str) -> BankLine:
    """Put a line on an order, or split it over several; the shares must be the whole line, to the dong."""
    locked = line_lock(line)
    if locked.state == State.PLACED and same_shares(locked, shares):
        return locked
    if locked.state != State.OPEN:
        raise LineError("state")
    if not shares or min(shares.values()) <= 0 or sum(shares.values()) != locked.amount:
        raise LineError("sum")
    orders_lock([order.pk for order in shares])
    try:
        for order in sorted(shares, key=lambda order: order.pk):
            if order.consignment.cooperative_id != locked.cooperative_id:
                raise LineError("foreign")
            share_add(locked, attempt_for(order, by), shares[order], by)
    except NotPlaceable as error:
        raise LineError(error.code) from error
    facts = {f"order:{order.number}": amount for order, amount in shares.items()}
    return line_close(locked, State.PLACED, by, "line.assigned", after=facts)


@transaction.atomic
def line_return(*, line: BankLine, reason: str, by: str) -> BankLine:
    """The money goes back to whoever sent it."""
    locked = line_lock(line)
    if locked.state == State.RETURN:
        return locked
    if locked.state != State.OPEN:
        raise LineError("state")
    turn = Refund.objects.filter(key__startswith=f"line:{locked.pk}:").count()
    locked.refund = refund_owe_unplaced(
        cooperative=locked.cooperative,
        amount=locked.amount,
        key=f"line:{locked.pk}:{turn}",
        by=by,
        reason=reason,
        account=payer_of(locked),
    )
    locked.note = reason[:300]
    return line_close(locked, State.RETURN, by, "line.return", after={"amount": locked.amount})


@transaction.atomic
def line_ignore(*, line: BankLine, reason: str, by: str) -> BankLine:
    """The money has nothing to do with the market; why is written down."""
    locked = line_lock(line)
    if locked.state == State.IGNORED:
        return locked
    if locked.state != State.OPEN:
        raise LineError("state")
    if not reason.strip():
        raise LineError("reason")
    locked.note = reason.strip()[:300]
    return line_close(locked, State.IGNORED, by, "line.ignored", after={"reason": locked.note})


@retried
@transaction.atomic
def line_undo(*, line: BankLine, by: str, reason: str = "") -> BankLine:
    """Take back what was decided about a line, by the matching or by a person; it waits in the inbox again.

    Not once the goods are packed (``on_the_way``) or the money has been paid back (``paid_back``).
    """
    locked = line_lock(line)
    if locked.state == State.OPEN:
        return locked
    before = {"state": locked.state, "note": locked.note}
    if locked.state == State.PLACED:
        shares_undo(locked, by)
    elif locked.state == State.RETURN:
        refund_drop(refund=locked.refund, by=by, reason=reason)
        locked.refund = None
    elif locked.state != State.IGNORED:
        raise LineError("paid_back" if locked.state == State.RETURNED else "state")
    locked.note, locked.is_likely = "", True
    return line_close(locked, State.OPEN, by, "line.undone", before=before)


@transaction.atomic
def transfer_confirm(*, consignment: Consignment, by: str) -> Consignment:
    """A person saw the money before any bank told it; the buyer hears of it once."""
    confirmed = transfer_confirm_by_hand(consignment=consignment, by=by)
    attempt = attempt_live(confirmed.order)
    key = (
        TransactionKey.objects.filter(transaction__source__attempt=attempt, key__startswith="by-hand:")
        .select_related("transaction")
        .last()
    )
    if key:
        buyer_notice(order=confirmed.order, attempt=attempt, entry=key.transaction)
    return confirmed


@transaction.atomic
def refund_settle(*, refund: Refund, reference: str, by: str) -> bool:
    """The money has gone back under the bank's reference: books, bank line and buyer know. True when this did it."""
    line = BankLine.objects.filter(refund=refund).first()
    locked = line_lock(line) if line else None
    if not refund_pay(refund=refund, reference=reference, by=by):
        return False
    if locked:
        line_close(locked, State.RETURNED, by, "line.returned", after={"reference": reference})
    refund.refresh_from_db()
    refund_notice(refund)
    return True


@transaction.atomic
def refund_cancel(*, refund: Refund, by: str, reason: str = "") -> bool:
    """It is not owed after all; money without an order waits in the inbox again."""
    line = BankLine.objects.filter(refund=refund).first()
    if line:
        return line_undo(line=line, by=by, reason=reason).state == State.OPEN
    return refund_drop(refund=refund, by=by, reason=reason)


# -- Parts --------------------------------------------------------------------------------------------------------


def orders_lock(pks: list[int]) -> None:
    """All orders that a step touches, in primary-key order, before the audit trail's head is taken."""
    list(Order.objects.select_for_update().filter(pk__in=pks).order_by("pk"))


def attempt_for(order: Order, by: str) -> Attempt:
    """The attempt by transfer that a person puts money on; an order in cash gets one."""
    locked = order_lock(order)
    live = attempt_live(locked)
    if live is not None and live.state == Attempt.State.CONFIRMED and locked.status != "cancelled":
        raise NotPlaceable("paid")
    transfers = transfer_attempts(locked)
    if transfers:
        return transfers[0]
    if locked.status == "cancelled":
        raise NotPlaceable("ended")
    for open_attempt in attempts_of(locked).filter(state=Attempt.State.PENDING):
        attempt_cancel(attempt=open_attempt, by=by)
    attempt = source_start(order=locked, provider_code="vietqr", by=by)
    clock_start(attempt)
    return attempt


def shares_undo(line: BankLine, by: str) -> None:
    """Take the line's money off its orders."""
    now = timezone.now()
    shares = line.shares.filter(undone_at=None).select_related("attempt__source__order__consignment")
    orders_lock([share.attempt.source.order_id for share in shares])
    for share in shares.order_by("attempt__source__order_id"):
        if not share.proves:
            share_reverse(share, by)
        share.undone_by, share.undone_at = by[:254], now
        share.save(update_fields=["undone_by", "undone_at"])


def share_reverse(share: LineShare, by: str) -> None:
    """Reverse one receipt and let its order wait again."""
    entry = TransactionKey.objects.select_related("transaction__source__attempt").get(key=share_key(share)).transaction
    try:
        consignment_unpay(consignment=share.attempt.source.order.consignment, by=by)
        payment_reverse(entry=entry, by=by)
    except FulfilmentError as error:
        raise LineError("on_the_way") from error
    except (PaymentError, RefundError) as error:
        raise LineError("paid_back") from error
    share.attempt.refresh_from_db()
    if share.attempt.state == Attempt.State.PENDING:
        clock_start(share.attempt)


def same_shares(line: BankLine, shares: Mapping[Order, int]) -> bool:
    """Whether the line already lies exactly there: the button was pressed twice."""
    now = {share.attempt.source.order_id: share.amount for share in line.shares.filter(undone_at=None)}
    return now == {order.pk: amount for order, amount in shares.items()}


def payer_of(line: BankLine) -> dict[str, str]:
    """The account that the money came from, as far as the bank told it."""
    # Banks mask numbers and use longer ones of their own: money sent to half a number is lost.
    if places.bank(line.payer_bin) is None or not ACCOUNT.fullmatch(line.payer_number):
        return {}
    return {"bin": line.payer_bin, "number": line.payer_number, "holder": line.payer_name[:50]}


def line_close(line: BankLine, state: str, by: str, action: str, **facts: Any) -> BankLine:
    """Set the state with who did it, and write it into the cooperative's audit trail; the caller holds the lock."""
    line.state, line.handled_by, line.handled_at = state, by[:254], timezone.now()
    line.save(update_fields=["state", "handled_by", "handled_at", "note", "refund", "is_likely"])
    entry_add(action=action, subject=f"line:{line.pk}", by=by, scope=f"cooperative:{line.cooperative_id}", **facts)
    return line
