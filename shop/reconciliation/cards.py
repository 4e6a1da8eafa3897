"""What card payments do to orders. Stripe is asked outside transactions; what it says is booked here."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from shop.checkout.models import OrderGroup
from shop.checkout.services import clock_start, retried
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_bounce, refund_drop, refund_owe
from shop.payment.services import attempt_hold, payment_take_for_return
from shop.payment.stripe.models import CheckoutSession, SessionShare, StripeEvent
from shop.payment.stripe.services import (
    Facts,
    RefundFacts,
    Share,
    StripeRefused,
    StripeUnavailable,
    event_check,
    event_done,
    payables_apply,
    refund_send,
    session_check,
    session_expire,
    session_open,
)
from shop.reconciliation.arrivals import NotPlaceable, money_arrive
from shop.reconciliation.services import refund_settle

log = logging.getLogger(__name__)
BY = "stripe"
#: Facts of a payment that was made; of an open or failed page the shares are only what was asked.
MONEY_CAME = frozenset({"paid", "refunded", "refund_failed", "disputed", "dispute_closed"})
#: Refunds that need no person: the order ended, or too much was paid.
SENT_BY_ITSELF = (Refund.Kind.ENDED, Refund.Kind.EXCESS)


# -- The buyer's way there and back -------------------------------------------------------------------------------


def session_begin(*, group: OrderGroup, attempts: Iterable[Attempt], language: str, by: str) -> CheckoutSession:
    """Open the payment page over these attempts and hold their goods as long as it can be paid.

    StripeRefused and StripeUnavailable as in ``session_open``. Not inside a transaction.
    """
    chosen = list(attempts)
    here = settings.SITE_URL + group.get_absolute_url()
    session = session_open(
        attempts=chosen,
        group_code=group.code,
        success_url=f"{here}the/xong/?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{here}?the=thoi",
        language=language,
        by=by,
    )
    for attempt in chosen:
        hold(attempt, session, by)
    return session


@transaction.atomic
def hold(attempt: Attempt, session: CheckoutSession, by: str) -> None:
    """Hold the attempt's goods as long as its payment page can be paid; the clock knows."""
    if attempt_hold(attempt=attempt, until=session.hold_until, by=by):
        attempt.refresh_from_db()
        clock_start(attempt)


def session_return(*, session_id: str, group: OrderGroup, by: str) -> None:
    """The buyer came back. The address proves nothing: Stripe is asked, and what it says is booked."""
    session = CheckoutSession.objects.filter(session_id=session_id, group_code=group.code).first()
    if session is None:
        return
    try:
        facts_apply(session_check(session), by=by)
    except (StripeUnavailable, StripeRefused):
        log.warning("Stripe did not say how far payment page %s is; its news will.", session.pk)


# -- News ---------------------------------------------------------------------------------------------------------


@task()
def event_apply_later(event_pk: int) -> None:
    """Ask Stripe what an event is about and book it; when Stripe does not answer, the clock comes back to it."""
    event_apply(StripeEvent.objects.get(pk=event_pk))


def event_apply(event: StripeEvent) -> None:
    """Book what an event is about, once."""
    if event.state != StripeEvent.State.NEW:
        return
    try:
        facts = event_check(event)
    except StripeUnavailable:
        return
    except StripeRefused as refused:
        log.warning("Stripe does not explain event %s: %s", event.event_id, refused.code)
        return
    facts_apply(facts, by=BY)
    event_done(event=event, ignored=facts.kind == "ignored")


def facts_apply(facts: Facts, *, by: str) -> None:
    """Bring the books in line with what Stripe says; again, and in any order, gives the same books."""
    if facts.kind == "mismatch":
        log.error("Card payment %s is not the sum that was asked: a person must look.", facts.payment_intent)
        return
    for share in facts.shares if facts.kind in MONEY_CAME else ():
        share_book(share, by)
    for refund in facts.refunds:
        refund_book(refund, by)
    for part in facts.parts:
        dispute_book(part, facts, by)
    if facts.kind == "waiting":
        waiting_hold(facts, by)
    payables_apply(facts, by=by)


@retried
@transaction.atomic
def share_book(share: Share, by: str) -> None:
    """One order's part of a payment: credited, or owed back when the order cannot take it any more."""
    attempt = Attempt.objects.select_related("source__order").filter(pk=share.attempt_id).first()
    if attempt is None or TransactionKey.objects.filter(key=share.key).exists():
        return
    values = {"attempt": attempt, "amount": share.amount, "key": share.key, "by": by, "reference": share.reference}
    try:
        with transaction.atomic():
            money_arrive(**values)
    except NotPlaceable:
        payment_take_for_return(**values)


@retried
@transaction.atomic
def refund_book(told: RefundFacts, by: str) -> None:
    """Money that Stripe sent back: ours is settled, one made by hand at Stripe is written down, one that failed is
    owed again."""
    refund = refund_of(told)
    if told.is_off:
        if refund and refund.state == Refund.State.PAID:
            refund_bounce(refund=refund, by=by)
        return
    if refund is None and told.attempt_id:
        refund = refund_by_hand(told, by)
    if refund and refund.state == Refund.State.OWED:
        refund_settle(refund=refund, reference=told.refund_id, by=by)


def refund_of(told: RefundFacts) -> Refund | None:
    """Our refund that Stripe speaks of."""
    if told.sent_key.startswith("refund:"):
        return Refund.objects.filter(pk=told.sent_key.removeprefix("refund:")).first()
    return Refund.objects.filter(key=told.key).first()


def refund_by_hand(told: RefundFacts, by: str) -> Refund | None:
    """A refund that somebody made on Stripe's own pages."""
    order = Attempt.objects.select_related("source__order").get(pk=told.attempt_id).source.order
    left = balance_of(order).returnable
    if told.amount > left:
        log.error("Stripe paid back %s dong of order %s, which has %s.", told.amount, order.number, left)
        return None
    return refund_owe(order=order, amount=told.amount, kind=Refund.Kind.GOODS, key=told.key, by=by, provider="stripe")


@retried
@transaction.atomic
def dispute_book(part: Share, facts: Facts, by: str) -> None:
    """A buyer's bank took money back (or gave it back after all): as a refund that nobody here decided."""
    known = Refund.objects.filter(key=part.key).first()
    if not facts.money_taken:
        if known and known.state == Refund.State.PAID:
            # Won: the money stays with the cooperative.
            refund_drop(refund=refund_bounce(refund=known, by=by), by=by)
        return
    order = Attempt.objects.select_related("source__order").get(pk=part.attempt_id).source.order
    amount = min(part.amount, balance_of(order).returnable)
    if known is None and amount > 0:
        known = refund_owe(
            order=order,
            amount=amount,
            kind=Refund.Kind.GOODS,
            key=part.key,
            by=by,
            provider="stripe",
            reason=facts.dispute,
        )
    if known and known.state == Refund.State.OWED:
        refund_settle(refund=known, reference=part.reference, by=by)


def waiting_hold(facts: Facts, by: str) -> None:
    """A slow way to pay is under way: hold the goods as for somebody who said that the transfer was made."""
    session = CheckoutSession.objects.filter(session_id=facts.session).first()
    if session is None:
        return
    until = timezone.now() + timedelta(hours=settings.PAYMENT_CLAIM_HOURS)
    for share in session.shares.select_related("attempt"):
        with transaction.atomic():
            if attempt_hold(attempt=share.attempt, until=until, by=by):
                share.attempt.refresh_from_db()
                clock_start(share.attempt)


# -- Money back ---------------------------------------------------------------------------------------------------


def refund_by_card(*, refund: Refund, by: str) -> bool:
    """Send a refund to the card that paid; True when this call settled it. StripeRefused, StripeUnavailable."""
    if refund.state != Refund.State.OWED or refund.order_id is None:
        return False
    paid = CheckoutSession.State.PAID
    attempts = Attempt.objects.filter(source__order=refund.order, session_shares__session__state=paid)
    attempt = attempts.order_by("-pk").first()
    if attempt is None:
        raise StripeRefused("nothing")
    reference = refund_send(attempt=attempt, amount=refund.amount, key=f"refund:{refund.pk}", by=by)
    return refund_settle(refund=refund, reference=reference, by=by)


# -- The clock ----------------------------------------------------------------------------------------------------


def cards_due() -> int:
    """The net under the webhooks: events whose task was lost, pages that must end, refunds that need no person."""
    return events_due() + sessions_due() + refunds_due()


def events_due() -> int:
    """Events that nobody has dealt with for half a minute."""
    old = timezone.now() - timedelta(seconds=30)
    rows = list(StripeEvent.objects.filter(state=StripeEvent.State.NEW, received_at__lte=old).order_by("pk")[:100])
    for event in rows:
        event_apply(event)
    return len(rows)


def sessions_due() -> int:
    """Open pages that have run out, or over any attempt that no longer waits: ended, and booked when they were paid."""
    rows = CheckoutSession.objects.filter(state=CheckoutSession.State.OPEN).exclude(session_id=None)
    left = SessionShare.objects.exclude(attempt__state=Attempt.State.PENDING).values("session_id")
    found = list(rows.filter(Q(expires_at__lte=timezone.now()) | Q(pk__in=left)).order_by("pk")[:50])
    for session in found:
        try:
            facts_apply(session_expire(session=session, by=BY), by=BY)
        except (StripeUnavailable, StripeRefused):
            continue
    return len(found)


def refunds_due() -> int:
    """Refunds to cards that follow from the rules alone."""
    rows = Refund.objects.filter(state=Refund.State.OWED, provider="stripe", kind__in=SENT_BY_ITSELF)
    found = list(rows.order_by("pk")[:50]) if settings.STRIPE_SECRET_KEY else []
    for refund in found:
        try:
            refund_by_card(refund=refund, by=BY)
        except (StripeUnavailable, StripeRefused):
            log.warning("Refund %s to a card waits for a person.", refund.pk)
    return len(found)
