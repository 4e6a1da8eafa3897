"""Money back to a card. Written down with its key, then sent, then the answer stored: once, whatever breaks between."""

from typing import Any

from django.db import transaction
from django.db.models import Sum

from shop.payment.attempts.models import Attempt
from shop.payment.books import attempt_lock
from shop.payment.stripe.client import StripeRefused, StripeUnavailable, asking, client, options
from shop.payment.stripe.events import refund_state
from shop.payment.stripe.facts import refund_facts
from shop.payment.stripe.models import CheckoutSession, SessionShare, StripeRefund
from shop.payment.stripe.transfers import transfers_reverse

State = StripeRefund.State


def refund_send(*, attempt: Attempt, amount: int, key: str, by: str) -> str:
    """Pay ``amount`` dong of an attempt's card payment back to the card; Stripe's id of the refund.

    The same ``key`` sends it once and answers with the same id. Never more than the attempt's own part of the
    payment less what was sent back before. A part that was passed on to the cooperative's Stripe account is fetched
    back. Not inside a transaction. StripeRefused: ``amount``, ``too_much``, ``key_used``, ``failed`` or Stripe's own
    code; StripeUnavailable: again, with the same key.
    """
    refund = refund_prepare(attempt=attempt, amount=amount, key=key, by=by)
    if refund.state == State.FAILED:
        raise StripeRefused("failed")
    if not refund.refund_id:
        refund = refund_ask(refund)
    transfers_reverse(refund, by=by)
    return refund.refund_id


@transaction.atomic(durable=True)
def refund_prepare(*, attempt: Attempt, amount: int, key: str, by: str) -> StripeRefund:
    """The row of this key; a new one reserves its sum, so that two at once cannot send more than there is."""
    attempt_lock(attempt)
    known = StripeRefund.objects.filter(key=key).select_related("share").first()
    if known:
        if (known.share.attempt_id, known.amount) != (attempt.pk, amount):
            raise StripeRefused("key_used")
        return known
    if amount <= 0:
        raise StripeRefused("amount")
    paid = SessionShare.objects.filter(attempt=attempt, session__state=CheckoutSession.State.PAID)
    share = next((share for share in paid.order_by("pk") if amount <= refundable(share)), None)
    if share is None:
        raise StripeRefused("too_much")
    return StripeRefund.objects.create(key=key, share=share, amount=amount, by=by[:254])


def refundable(share: SessionShare) -> int:
    """Dong of an order's part that have not been sent back; a refund under way counts, a failed one does not."""
    sent = share.refunds.exclude(state=State.FAILED).aggregate(dong=Sum("amount"))["dong"]
    return share.amount - int(sent or 0)


def refund_ask(refund: StripeRefund) -> StripeRefund:
    """Send it; a clear no ends the row."""
    session = refund.share.session
    question = {
        "payment_intent": session.payment_intent,
        "amount": refund.amount,
        "metadata": {"key": refund.key, "attempt": str(refund.share.attempt_id)},
    }
    try:
        with asking("a refund"):
            remote = client().v1.refunds.create(question, options(session.account, f"refund-{refund.key}"))
    except StripeUnavailable:
        raise
    except StripeRefused as refused:
        refund_store(refund, {"status": "failed", "failure_reason": refused.code})
        raise
    return refund_store(refund, remote.to_dict())


@transaction.atomic(durable=True)
def refund_store(refund: StripeRefund, thing: dict[str, Any]) -> StripeRefund:
    """Keep Stripe's answer. News may have come first; a failure that it told is not undone."""
    told = refund_facts(thing)
    locked = StripeRefund.objects.select_for_update().select_related("share__session").get(pk=refund.pk)
    locked.refund_id = told.refund_id or locked.refund_id
    if locked.state in (State.NEW, State.SENT):
        locked.state = refund_state(told)
        locked.reason = told.reason[:120]
    locked.save(update_fields=["refund_id", "state", "reason"])
    return locked
