"""Payment pages: opened once for the same orders and sums, asked about, ended.

Stripe is never called inside a database transaction: the row with its key is committed first, then Stripe is asked,
then the answer is stored. ``durable`` makes a caller's surrounding transaction an error.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.cooperatives.models import Cooperative
from shop.core.codes import display_number
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempt_lock, cooperative_id_of, paid_amount
from shop.payment.stripe.client import StripeRefused, StripeUnavailable, asking, client, options
from shop.payment.stripe.facts import Facts, Share, session_facts
from shop.payment.stripe.models import CheckoutSession, SessionShare
from shop.payment.stripe.provider import CODE, MAXIMUM, MINIMUM, per_order, takes_cards

#: https://docs.stripe.com/api/checkout/sessions/create: a page lives from 30 minutes to 24 hours.
SHORTEST = timedelta(minutes=30)
#: Five minutes more, for asking again after an answer was lost, and for clocks that differ.
LIFE = SHORTEST + timedelta(minutes=5)
#: A buyer is not sent to a page that ends sooner than this.
SPARE = timedelta(minutes=3)
#: Metadata of Stripe hold 500 characters.
MOST_ORDERS = 40

State = CheckoutSession.State


def session_open(
    *, attempts: Iterable[Attempt], group_code: str, success_url: str, cancel_url: str, language: str, by: str
) -> CheckoutSession:
    """The page where the buyer pays these attempts together; ``url`` is where to send them.

    The caller extends the attempts' holds to ``hold_until``. An open page over exactly the same attempts and sums is
    used again; any other open page over one of them is ended first, so that nothing is paid twice.

    StripeRefused: ``paid`` or ``waiting`` (money is there or on its way: show the order), ``busy`` (another press is
    under way), ``nothing``, ``amount``, ``too_many``, ``one_order``, ``no_account``, ``provider``, ``over``
    (the hold has ended), a state of an attempt, or Stripe's own code. StripeUnavailable: press again.
    """
    chosen = sorted({attempt.pk: attempt for attempt in attempts}.values(), key=lambda each: each.source.order_id)
    stem = key_stem({attempt.pk: due(attempt) for attempt in chosen})
    for older in sessions_over(chosen):
        if not (older.idempotency_key.startswith(stem) and is_askable(older)):
            refuse_if_paid(session_expire(session=older, by=by))
    wanted = {"group_code": group_code, "success_url": success_url, "cancel_url": cancel_url}
    wanted |= {"language": "en" if language.startswith("en") else "vi", "by": by[:254]}
    session = session_prepare(chosen, **wanted)
    if session.session_id:
        refuse_if_paid(session_check(session))
        session.refresh_from_db()
        if session.state == State.OPEN:
            return session
        session = session_prepare(chosen, **wanted)
    return session_send(session)


def session_check(session: CheckoutSession) -> Facts:
    """Ask Stripe how far the payment is, and remember it. The page that a buyer comes back to asks this way too."""
    if not session.session_id:
        return Facts("open", account=session.account, amount=session.amount)
    try:
        with asking("a payment page"):
            remote = client().v1.checkout.sessions.retrieve(
                session.session_id, {"expand": ["payment_intent"]}, options(session.account)
            )
    except StripeRefused as refused:
        if refused.code != "resource_missing":
            raise
        return session_learn(session, Facts("expired", session=session.session_id, reason="missing"))
    return session_learn(session, session_facts(remote.to_dict()))


def session_expire(*, session: CheckoutSession, by: str) -> Facts:
    """End an open page so that it cannot be paid any more; the facts say when it was paid before that."""
    unsent = session_fail(session)
    session.refresh_from_db()
    if unsent or not session.session_id:
        return Facts("expired", account=session.account, reason="unsent")
    try:
        with asking("the end of a payment page"):
            client().v1.checkout.sessions.expire(session.session_id, options=options(session.account))
    except StripeUnavailable:
        raise
    except StripeRefused:  # it had ended by itself, or it was paid: the answer to the next question says which
        return session_check(session)
    return session_check(session)


def sessions_end(*, attempt: Attempt, by: str) -> list[Facts]:
    """End every open page over an attempt: its order was cancelled, or is paid another way."""
    return [session_expire(session=session, by=by) for session in sessions_over([attempt])]


# -- Rows ---------------------------------------------------------------------------------------------------------


@transaction.atomic(durable=True)
def session_prepare(attempts: Sequence[Attempt], **wanted: Any) -> CheckoutSession:
    """The row that is asked with: an open one over the same attempts and sums, or a new one with a key of its own."""
    locked = [attempt_lock(attempt) for attempt in attempts]
    amounts = {attempt.pk: due(attempt) for attempt in locked}
    check_askable(locked, amounts)
    account = account_for(locked)
    stem = key_stem(amounts)
    for other in sessions_over(locked):
        if other.idempotency_key.startswith(stem) and is_askable(other):
            return other
        if not session_fail(other):
            raise StripeRefused("busy")
    turn = CheckoutSession.objects.filter(idempotency_key__startswith=stem).count() + 1
    session = CheckoutSession.objects.create(
        idempotency_key=f"{stem}{turn}",
        account=account,
        amount=sum(amounts.values()),
        expires_at=timezone.now() + LIFE,
        **wanted,
    )
    for attempt_id, amount in amounts.items():
        SessionShare.objects.create(session=session, attempt_id=attempt_id, amount=amount)
    return session


def session_send(session: CheckoutSession) -> CheckoutSession:
    """Ask Stripe for the page and store its answer; a clear no ends the row, anything unclear leaves it as it is."""
    try:
        with asking("a new payment page"):
            remote = client().v1.checkout.sessions.create(
                session_params(session), options(session.account, session.idempotency_key)
            )
    except StripeUnavailable:
        raise
    except StripeRefused:
        session_fail(session)
        raise
    stored = session_store(session, remote)
    if stored.state != State.OPEN:  # another press ended this row while Stripe was answering
        session_expire(session=stored, by=stored.by)
        raise StripeRefused("busy")
    return stored


@transaction.atomic(durable=True)
def session_store(session: CheckoutSession, remote: Any) -> CheckoutSession:
    """Keep Stripe's answer."""
    locked = CheckoutSession.objects.select_for_update().get(pk=session.pk)
    locked.session_id = remote.id
    locked.url = remote.url or ""
    locked.expires_at = datetime.fromtimestamp(remote.expires_at, UTC)
    locked.save(update_fields=["session_id", "url", "expires_at"])
    return locked


@transaction.atomic(durable=True)
def session_learn(session: CheckoutSession, facts: Facts) -> Facts:
    """Keep what Stripe says, and add the orders' parts to it. A paid page stays paid."""
    locked = CheckoutSession.objects.select_for_update().get(pk=session.pk)
    if facts.kind == "paid" and facts.amount != locked.amount:
        facts = replace(facts, kind="mismatch", reason="amount")
    locked.payment_intent = facts.payment_intent or locked.payment_intent
    locked.charge = facts.charge or locked.charge
    if locked.state != State.PAID:
        told = {"paid": State.PAID, "expired": State.EXPIRED, "failed": State.FAILED}
        locked.state = told.get(facts.kind, locked.state)
    locked.save(update_fields=["state", "payment_intent", "charge"])
    shares = () if facts.kind == "mismatch" else shares_of(locked)
    return replace(facts, account=locked.account, shares=shares)


def session_fail(session: CheckoutSession) -> bool:
    """The row led to no page; False when it has one by now, or has ended.

    One UPDATE that carries its condition: whoever stores Stripe's answer meanwhile is waited for, and then the page has
    to be ended at Stripe.
    """
    unsent = CheckoutSession.objects.filter(pk=session.pk, state=State.OPEN, session_id=None)
    return bool(unsent.update(state=State.FAILED))


# -- Rules --------------------------------------------------------------------------------------------------------


def sessions_over(attempts: Iterable[Attempt]) -> list[CheckoutSession]:
    """Open pages that touch one of the attempts, the oldest first."""
    touching = CheckoutSession.objects.filter(state=State.OPEN, shares__attempt__in=list(attempts))
    return list(touching.distinct().order_by("pk"))


def shares_of(session: CheckoutSession) -> tuple[Share, ...]:
    """The orders' parts, each with the key of its transaction."""
    return tuple(
        Share(
            share.attempt_id,
            share.amount,
            f"stripe:{session.payment_intent or session.session_id}:{share.attempt_id}",
            session.payment_intent,
        )
        for share in session.shares.order_by("pk")
    )


def is_askable(session: CheckoutSession) -> bool:
    """A page that lasts long enough for a buyer, or a row young enough that Stripe still takes its end."""
    return session.is_usable(SPARE if session.session_id else SHORTEST)


def refuse_if_paid(facts: Facts) -> None:
    """Nobody is sent to pay what is paid, or about to be."""
    if facts.kind in ("paid", "mismatch", "waiting"):
        raise StripeRefused("waiting" if facts.kind == "waiting" else "paid")


def due(attempt: Attempt) -> int:
    """Dong still missing of an attempt."""
    return int(attempt.source.amount_allocated) - paid_amount(attempt.source)


def check_askable(attempts: Sequence[Attempt], amounts: dict[int, int]) -> None:
    """Every attempt waits for a card, each has something to pay, and Stripe takes the sum."""
    if not attempts:
        raise StripeRefused("nothing")
    if len(attempts) > MOST_ORDERS:
        raise StripeRefused("too_many")
    for attempt in attempts:
        if attempt.state != Attempt.State.PENDING:
            raise StripeRefused(attempt.state)
        if attempt.expires_at is not None and attempt.expires_at <= timezone.now():
            raise StripeRefused("over")
        if attempt.provider != CODE:
            raise StripeRefused("provider")
    if min(amounts.values()) <= 0 or not MINIMUM <= sum(amounts.values()) <= MAXIMUM:
        raise StripeRefused("amount")


def account_for(attempts: Sequence[Attempt]) -> str:
    """The connected account to charge, or empty: the market's own."""
    if not per_order():
        return ""
    if len(attempts) != 1:
        raise StripeRefused("one_order")
    cooperative = cooperative_of(attempts[0])
    if not takes_cards(cooperative):
        raise StripeRefused("no_account")
    return cooperative.stripe_account.account_id


def cooperative_of(attempt: Attempt) -> Cooperative:
    """Whose order the attempt pays."""
    return Cooperative.objects.get(pk=cooperative_id_of(attempt.source.order))


def key_stem(amounts: dict[int, int]) -> str:
    """The beginning of the key: the same for the same attempts and sums, different for any other."""
    wanted = json.dumps([settings.STRIPE_COLLECTS, sorted(amounts.items())])
    return f"checkout-{hashlib.sha256(wanted.encode()).hexdigest()[:32]}-"


# -- What Stripe is told ------------------------------------------------------------------------------------------


def session_params(session: CheckoutSession) -> dict[str, Any]:
    """The question, from the row alone: asked again it is the same."""
    shares = list(session.shares.select_related("attempt__source__order").order_by("pk"))
    numbers = ", ".join(display_number(share.attempt.source.order.number) for share in shares)
    metadata = {"checkout": str(session.pk), "attempts": ",".join(str(share.attempt_id) for share in shares)}
    payment: dict[str, Any] = {"description": numbers, "metadata": metadata}
    if not session.account:
        payment["transfer_group"] = transfer_group(session)
    with override(session.language):
        items = [line_item(share) for share in shares]
    return {
        "mode": "payment",
        "line_items": items,
        "allowed_payment_method_types": ["card"],
        "client_reference_id": f"checkout-{session.pk}",
        "metadata": metadata,
        "payment_intent_data": payment,
        "locale": session.language,
        "success_url": session.success_url,
        "cancel_url": session.cancel_url,
        "expires_at": int(session.expires_at.timestamp()),
    }


def line_item(share: SessionShare) -> dict[str, Any]:
    """One order on the page: whose goods, and its number. Dong have no decimals at Stripe."""
    name = gettext("%(cooperative)s, order %(number)s") % {
        "cooperative": cooperative_of(share.attempt).display_name,
        "number": display_number(share.attempt.source.order.number),
    }
    product = {"name": name}
    return {"price_data": {"currency": "vnd", "unit_amount": share.amount, "product_data": product}, "quantity": 1}


def transfer_group(session: CheckoutSession) -> str:
    """Ties transfers to the cooperatives' accounts to the payment they come from."""
    return f"checkout-{session.pk}"
