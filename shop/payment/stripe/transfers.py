"""The cooperatives' parts of a payment, passed on to their own Stripe accounts and fetched back for a refund."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import Sum

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.payment.attempts.models import Attempt
from shop.payment.stripe.client import StripeRefused, StripeUnavailable, asking, client, options
from shop.payment.stripe.ledger import available, cooperative_lock, payable_add
from shop.payment.stripe.models import (
    CheckoutSession,
    Payable,
    SessionShare,
    StripeAccount,
    StripeRefund,
    StripeTransfer,
)
from shop.payment.stripe.sessions import cooperative_of, transfer_group

log = logging.getLogger(__name__)
State = StripeTransfer.State


def account_link(*, cooperative: Cooperative, account_id: str, by: str) -> StripeAccount:
    """Connect a cooperative with its account at Stripe, or look again whether that may charge cards."""
    with asking("an account"):
        remote = client().v1.accounts.retrieve(account_id)
    return account_store(cooperative, remote.id, bool(remote.charges_enabled), by)


@transaction.atomic(durable=True)
def account_store(cooperative: Cooperative, account_id: str, charges_enabled: bool, by: str) -> StripeAccount:
    """One account each, and no account for two."""
    cooperative_lock(cooperative)
    if StripeAccount.objects.filter(account_id=account_id).exclude(cooperative=cooperative).exists():
        raise StripeRefused("account_taken")
    account, _ = StripeAccount.objects.update_or_create(
        cooperative=cooperative,
        defaults={"account_id": account_id, "charges_enabled": charges_enabled, "by": by[:254]},
    )
    entry_add(
        action="stripe_account.linked",
        subject=f"cooperative:{cooperative.pk}",
        by=by,
        scope=f"cooperative:{cooperative.pk}",
        after={"account": account_id, "charges_enabled": charges_enabled},
    )
    return account


def transfer_send(*, attempt: Attempt, amount: int, key: str, by: str) -> str:
    """Pass ``amount`` dong of a paid attempt on to its cooperative's Stripe account; Stripe's id of the transfer.

    The same ``key`` sends it once. Never more than the attempt still brings its cooperative, nor than the
    cooperative's balance. Not inside a transaction. StripeRefused: ``amount``, ``too_much``, ``no_account``,
    ``not_collected``, ``key_used``, ``failed`` or Stripe's own code.
    """
    transfer = transfer_prepare(attempt=attempt, amount=amount, key=key, by=by)
    if transfer.state == State.FAILED:
        raise StripeRefused("failed")
    if not transfer.transfer_id:
        transfer = transfer_ask(transfer)
    return transfer.transfer_id


@transaction.atomic(durable=True)
def transfer_prepare(*, attempt: Attempt, amount: int, key: str, by: str) -> StripeTransfer:
    """The row of this key; a new one reserves its sum."""
    cooperative = cooperative_lock(cooperative_of(attempt))
    known = StripeTransfer.objects.filter(key=key).select_related("share__session").first()
    if known:
        if (known.share.attempt_id, known.amount) != (attempt.pk, amount):
            raise StripeRefused("key_used")
        return known
    account = StripeAccount.objects.filter(cooperative=cooperative).first()
    if account is None:
        raise StripeRefused("no_account")
    paid = SessionShare.objects.filter(attempt=attempt, session__state=CheckoutSession.State.PAID, session__account="")
    share = paid.order_by("pk").last()
    if share is None:
        raise StripeRefused("not_collected")
    if amount <= 0:
        raise StripeRefused("amount")
    if amount > min(available(cooperative), brought(attempt)):
        raise StripeRefused("too_much")
    return StripeTransfer.objects.create(
        key=key, cooperative=cooperative, share=share, account=account.account_id, amount=amount, by=by[:254]
    )


def brought(attempt: Attempt) -> int:
    """Dong that an attempt still brings its cooperative: charged, less what went back, was disputed or passed on."""
    booked = Payable.objects.filter(attempt=attempt).aggregate(dong=Sum("amount"))["dong"]
    under_way = StripeTransfer.objects.filter(share__attempt=attempt, state=State.NEW)
    return int(booked or 0) - int(under_way.aggregate(dong=Sum("amount"))["dong"] or 0)


def transfer_ask(transfer: StripeTransfer) -> StripeTransfer:
    """Send it; a clear no ends the row."""
    session = transfer.share.session
    question: dict[str, Any] = {
        "amount": transfer.amount,
        "currency": "vnd",
        "destination": transfer.account,
        "transfer_group": transfer_group(session),
        "metadata": {"key": transfer.key, "attempt": str(transfer.share.attempt_id)},
    }
    if session.charge:
        question["source_transaction"] = session.charge
    try:
        with asking("a transfer"):
            remote = client().v1.transfers.create(question, options(key=f"transfer-{transfer.key}"))
    except StripeUnavailable:
        raise
    except StripeRefused:
        transfer_store(transfer, "")
        raise
    return transfer_store(transfer, remote.id)


@transaction.atomic(durable=True)
def transfer_store(transfer: StripeTransfer, transfer_id: str) -> StripeTransfer:
    """Keep Stripe's answer, and put a transfer that was made into the ledger."""
    cooperative_lock(transfer.cooperative)
    locked = StripeTransfer.objects.select_for_update().select_related("share__attempt").get(pk=transfer.pk)
    if locked.state != State.NEW:
        return locked
    locked.transfer_id = transfer_id or None
    locked.state = State.SENT if transfer_id else State.FAILED
    locked.save(update_fields=["transfer_id", "state"])
    if transfer_id:
        payable_add(
            attempt=locked.share.attempt,
            amount=-locked.amount,
            kind=Payable.Kind.TRANSFER,
            key=f"transfer:{locked.key}",
            reference=transfer_id,
            by=locked.by,
        )
        entry_add(
            action="transfer.sent",
            subject=f"transfer:{transfer_id}",
            by=locked.by,
            scope=f"cooperative:{locked.cooperative_id}",
            after={"amount": locked.amount, "account": locked.account},
        )
    return locked


def transfers_reverse(refund: StripeRefund, *, by: str) -> int:
    """Fetch back from the cooperative's account what was passed on of money that now went back to its buyer; the dong.

    A cooperative that has spent it stays in debt here: the refund itself has been made.
    """
    before = fetched_before(refund)
    missing = refund.amount - before
    sent = StripeTransfer.objects.filter(share=refund.share, state=State.SENT).order_by("pk")
    for transfer in sent.select_related("share__attempt"):
        key = f"reversal:{refund.key}:{transfer.transfer_id}"
        if Payable.objects.filter(key=key).exists():
            continue
        part = min(missing, left_of(transfer))
        if part > 0 and transfer_reverse(transfer, part, key, by):
            missing -= part
    return refund.amount - before - missing


def fetched_before(refund: StripeRefund) -> int:
    """Dong that an earlier, interrupted try of the same refund fetched back."""
    lines = Payable.objects.filter(key__startswith=f"reversal:{refund.key}:", kind=Payable.Kind.TRANSFER)
    return int(lines.aggregate(dong=Sum("amount"))["dong"] or 0)


def left_of(transfer: StripeTransfer) -> int:
    """Dong of a transfer that were not fetched back."""
    lines = Payable.objects.filter(reference=transfer.transfer_id, kind=Payable.Kind.TRANSFER)
    return -int(lines.aggregate(dong=Sum("amount"))["dong"] or 0)


def transfer_reverse(transfer: StripeTransfer, amount: int, key: str, by: str) -> bool:
    """Fetch ``amount`` dong of one transfer back; False when Stripe says no."""
    try:
        with asking("money back from an account"):
            client().v1.transfers.reversals.create(transfer.transfer_id, {"amount": amount}, options(key=key))
    except StripeUnavailable:
        raise
    except StripeRefused as refused:
        log.error("Transfer %s could not be reversed: %s", transfer.transfer_id, refused.code)
        return False
    payable_add(
        attempt=transfer.share.attempt,
        amount=amount,
        kind=Payable.Kind.TRANSFER,
        key=key,
        reference=transfer.transfer_id,
        by=by,
    )
    return True
