"""What Stripe tells: checked, kept once, and then asked about. An event never moves money by itself."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.payment.stripe.client import StripeRefused, StripeUnavailable, asking, client, is_live, options
from shop.payment.stripe.facts import (
    Facts,
    RefundFacts,
    Share,
    dispute_facts,
    event_facts,
    refund_facts,
    spread,
)
from shop.payment.stripe.models import CheckoutSession, StripeEvent, StripeRefund
from shop.payment.stripe.sessions import session_check, shares_of

#: Seconds that a signature may be old (Stripe's own advice).
TOLERANCE = 300
#: Bytes. Stripe's events are a few thousand.
MAX_PAYLOAD = 256 * 1024
#: Characters: a time and a few signatures, while the secret is being changed.
MAX_SIGNATURE = 2_000

EVENT_ID = re.compile(r"evt_[A-Za-z0-9_]{1,200}")
EVENT_KIND = re.compile(r"[a-z0-9_.]{1,80}")
ACCOUNT_ID = re.compile(r"(acct_[A-Za-z0-9]{1,59})?")


@transaction.atomic
def event_store(*, payload: bytes, signature: str) -> StripeEvent | None:
    """Keep an event once; None when there is nothing (more) to do about it.

    StripeRefused with status 400 for what does not come from Stripe, is older than five minutes, or is no event.
    """
    told = event_verify(payload, signature)
    foreign = bool(told["livemode"]) != is_live()
    event, _ = StripeEvent.objects.get_or_create(
        event_id=told["id"],
        defaults={
            "kind": told["type"],
            "account": told["account"],
            "livemode": told["livemode"],
            "payload": payload.decode(),
            # A live endpoint of a platform hears of test payments as well; they move no money.
            "state": StripeEvent.State.IGNORED if foreign else StripeEvent.State.NEW,
            "created_at": told["created"],
        },
    )
    return event if event.state == StripeEvent.State.NEW else None


def event_check(event: StripeEvent) -> Facts:
    """What the event is about, as Stripe has it now. "ignored" when it is none of our payments.

    Not inside a transaction. StripeUnavailable: ask again later.
    """
    told = event_facts(event)
    if told.kind == "ignored":
        return told
    session = session_of(told)
    if session is None:
        return Facts("ignored", account=told.account, reason="unknown")
    try:
        return facts_now(session, told)
    except StripeRefused as refused:
        if refused.code != "resource_missing":
            raise
        return Facts("ignored", account=told.account, reason="missing")


def facts_now(session: CheckoutSession, told: Facts) -> Facts:
    """Ask for what the news is about."""
    if not (told.dispute or told.kind in ("refunded", "refund_failed")):
        return session_check(session)
    if session.state != CheckoutSession.State.PAID:  # told before its payment
        session_check(session)
        session.refresh_from_db()
    if told.dispute:
        return dispute_check(session, told)
    return refunds_check(session, told.refund)


@transaction.atomic
def event_done(*, event: StripeEvent, ignored: bool = False) -> bool:
    """The event has been dealt with; True when this call said so."""
    locked = StripeEvent.objects.select_for_update().get(pk=event.pk)
    if locked.state != StripeEvent.State.NEW:
        return False
    locked.state = StripeEvent.State.IGNORED if ignored else StripeEvent.State.DONE
    locked.processed_at = timezone.now()
    locked.save(update_fields=["state", "processed_at"])
    return True


# -- Checking what came -------------------------------------------------------------------------------------------


def event_verify(payload: bytes, signature: str) -> dict[str, Any]:
    """The event's own fields, once signature, age, size and shape are right."""
    if len(payload) > MAX_PAYLOAD:
        raise StripeRefused("too_large", 400)
    # The comparison in constant time takes ASCII only.
    if not signature or len(signature) > MAX_SIGNATURE or not signature.isascii():
        raise StripeRefused("signature", 400)
    try:
        check_signature(payload, signature)
        return event_fields(json.loads(payload))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise StripeRefused("malformed", 400) from error


def check_signature(payload: bytes, signature: str) -> None:
    """One of the secrets must fit: a platform has one for its own events and one for its connected accounts'."""
    for secret in filter(None, map(str.strip, settings.STRIPE_WEBHOOK_SECRET.split(","))):
        try:
            stripe.Webhook.construct_event(payload, signature, secret, tolerance=TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        return
    raise StripeRefused("signature", 400)


def event_fields(told: dict[str, Any]) -> dict[str, Any]:
    """Id, type, account, mode and time, each in its form; ValueError, TypeError or KeyError otherwise."""
    account = told.get("account") or ""
    shapes = ((EVENT_ID, told["id"]), (EVENT_KIND, told["type"]), (ACCOUNT_ID, account))
    if not all(pattern.fullmatch(value) for pattern, value in shapes):
        raise ValueError("shape")
    if not isinstance(told["data"]["object"], dict) or not isinstance(told["livemode"], bool):
        raise TypeError("shape")
    created = datetime.fromtimestamp(told["created"], UTC)
    return {
        "id": told["id"],
        "type": told["type"],
        "account": account,
        "livemode": told["livemode"],
        "created": created,
    }


# -- Asking about it ----------------------------------------------------------------------------------------------


def session_of(told: Facts) -> CheckoutSession | None:
    """The page that the news belongs to: by Stripe's own ids and the account that it happened on, never by metadata,
    which a connected account can write as it likes."""
    known = CheckoutSession.objects.filter(account=told.account)
    if told.session:
        return known.filter(session_id=told.session).first()
    if told.payment_intent:
        found = known.filter(payment_intent=told.payment_intent).first()
        return found or session_by_payment(told)
    return known.filter(charge=told.charge).first() if told.charge else None


def session_by_payment(told: Facts) -> CheckoutSession | None:
    """A refund or dispute can be told before the payment itself: Stripe knows the page."""
    try:
        with asking("the page of a payment"):
            listed = client().v1.checkout.sessions.list(
                {"payment_intent": told.payment_intent, "limit": 1}, options(told.account)
            )
    except StripeUnavailable:
        raise
    except StripeRefused:
        return None
    ids = [page.id for page in listed.data]
    return CheckoutSession.objects.filter(account=told.account, session_id__in=ids).first()


def refunds_check(session: CheckoutSession, refund_id: str = "") -> Facts:
    """Every refund of a payment as Stripe has it; "refund_failed" when ``refund_id`` (or all of them) failed."""
    with asking("the refunds of a payment"):
        listed = client().v1.refunds.list(
            {"payment_intent": session.payment_intent, "limit": 100}, options(session.account)
        )
        remote = [thing.to_dict() for thing in listed.auto_paging_iter()]
    refunds = refunds_learn(session, remote)
    about = [refund for refund in refunds if refund.refund_id == refund_id] or refunds
    return Facts(
        "refund_failed" if about and all(refund.is_off for refund in about) else "refunded",
        **ids_of(session),
        amount=sum(refund.amount for refund in refunds if not refund.is_off),
        shares=shares_paid(session),
        refunds=tuple(refunds),
        refund=refund_id,
    )


@transaction.atomic(durable=True)
def refunds_learn(session: CheckoutSession, remote: list[dict[str, Any]]) -> list[RefundFacts]:
    """Keep how far our refunds are, and say whose order each of them belongs to."""
    CheckoutSession.objects.select_for_update().get(pk=session.pk)
    ours = list(StripeRefund.objects.filter(share__session=session).select_related("share"))
    only = session.shares.get().attempt_id if session.shares.count() == 1 else None
    return [refund_learn(thing, ours, only) for thing in remote]


def refund_learn(thing: dict[str, Any], ours: list[StripeRefund], only: int | None) -> RefundFacts:
    """One refund; ours is found by Stripe's id, or by our key when its answer was lost on the way."""
    told = refund_facts(thing)
    key = (thing.get("metadata") or {}).get("key")
    row = next((each for each in ours if each.refund_id == told.refund_id), None)
    lost = (each for each in ours if each.refund_id is None and (each.key, each.amount) == (key, told.amount))
    row = row or next(lost, None)
    if row is None:
        return replace(told, attempt_id=only)
    row.refund_id = told.refund_id
    row.state = refund_state(told)
    row.reason = told.reason[:120]
    row.save(update_fields=["refund_id", "state", "reason"])
    return replace(told, attempt_id=row.share.attempt_id, sent_key=row.key)


def refund_state(told: RefundFacts) -> str:
    """Our word for Stripe's."""
    if told.is_off:
        return StripeRefund.State.FAILED
    return StripeRefund.State.SUCCEEDED if told.status == "succeeded" else StripeRefund.State.SENT


def dispute_check(session: CheckoutSession, told: Facts) -> Facts:
    """A dispute as Stripe has it, with each order's part of the sum."""
    with asking("a dispute"):
        remote = client().v1.disputes.retrieve(told.dispute, options=options(told.account))
    now = dispute_facts(remote.to_dict(), "disputed")
    if now.payment_intent != session.payment_intent:
        return Facts("ignored", account=told.account, reason="unknown")
    over = now.dispute_status in ("won", "lost", "warning_closed", "prevented")
    shares = shares_paid(session)
    return replace(
        now,
        kind="dispute_closed" if over else "disputed",
        **ids_of(session),
        shares=shares,
        parts=dispute_parts(now, shares),
    )


def dispute_parts(dispute: Facts, shares: tuple[Share, ...]) -> tuple[Share, ...]:
    """The disputed sum over the orders of the payment, to the dong."""
    weights = [share.amount for share in shares]
    amounts = spread(min(dispute.amount, sum(weights)), weights)
    return tuple(
        Share(share.attempt_id, amount, f"stripe:{dispute.dispute}:{share.attempt_id}", dispute.dispute)
        for share, amount in zip(shares, amounts, strict=True)
    )


def shares_paid(session: CheckoutSession) -> tuple[Share, ...]:
    """The orders' parts of a payment that arrived in full."""
    return shares_of(session) if session.state == CheckoutSession.State.PAID else ()


def ids_of(session: CheckoutSession) -> dict[str, str]:
    """The names of a payment."""
    return {
        "session": session.session_id or "",
        "account": session.account,
        "payment_intent": session.payment_intent,
        "charge": session.charge,
    }
