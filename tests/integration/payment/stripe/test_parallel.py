"""Many at the same moment, with real commits: one page, no money sent twice, no more paid out than is owed."""

import urllib.request
from urllib.parse import urlencode

import pytest
from django_tasks import task

from shop.payment.attempts.models import Attempt
from shop.payment.stripe.models import CheckoutSession, Payable, StripeEvent, StripeRefund
from shop.payment.stripe.services import (
    event_store,
    payables_apply,
    payables_balance,
    payout_record,
    refund_send,
    session_check,
    session_expire,
)
from tests.concurrency.race import race, tally

pytestmark = pytest.mark.django_db(transaction=True)


@task()
def nothing(event_id: int) -> None:
    """Stands for what a room above does."""


@pytest.fixture
def settled(paid):
    """Both orders were paid together, and it is in the ledger."""
    session = paid()
    payables_apply(session_check(session), by="stripe")
    return session


def test_many_presses_make_one_page(double, open_page):
    outcomes = race([open_page] * 12, workers=12)

    assert tally(outcomes) == {"ok": 12}
    assert len({outcome.value.session_id for outcome in outcomes}) == 1
    assert len(double.sessions) == CheckoutSession.objects.count() == 1


def test_presses_for_different_orders_leave_one_page_that_can_be_paid(double, attempts, open_page):
    """Whoever lost is told that another press was under way; no order can be paid on two pages."""
    jobs = [lambda: open_page(attempts[0]), open_page, lambda: open_page(attempts[1])] * 4
    outcomes = tally(race(jobs, workers=12))

    assert set(outcomes) <= {"ok", "StripeRefused:busy"}
    still_open = [page for page in double.sessions if page["status"] == "open"]
    rows = CheckoutSession.objects.filter(state="open")
    assert {page["id"] for page in still_open} == set(rows.values_list("session_id", flat=True))
    for attempt in attempts:
        assert rows.filter(shares__attempt=attempt).count() <= 1


def test_refunds_together_send_no_more_than_there_is(double, attempt, settled):
    jobs = [
        lambda key=f"r{number}": refund_send(attempt=attempt, amount=50_000, key=key, by="x") for number in range(8)
    ]
    outcomes = tally(race(jobs, workers=8))

    assert outcomes == {"ok": 2, "StripeRefused:too_much": 6}
    assert [refund["amount"] for refund in double.listed("refund")] == [50_000, 50_000]
    assert StripeRefund.objects.count() == 2


def test_one_refund_pressed_many_times(double, attempt, settled):
    outcomes = race([lambda: refund_send(attempt=attempt, amount=50_000, key="r", by="x")] * 8, workers=8)

    assert tally(outcomes) == {"ok": 8}
    assert {outcome.value for outcome in outcomes} == {refund["id"] for refund in double.listed("refund")}
    assert len(double.listed("refund")) == 1


def test_payouts_together_never_above_the_balance(cooperatives, settled):
    jobs = [
        lambda number=number: payout_record(
            cooperative=cooperatives[0], amount=50_000, reference=f"FT{number}", by="operator"
        )
        for number in range(8)
    ]

    assert tally(race(jobs, workers=8)) == {"ok": 2, "StripeRefused:too_much": 6}
    assert payables_balance(cooperatives[0]) == 20_000


def test_one_event_told_many_times_at_once(double, paid):
    paid()
    payload, signature = double.signed(double.events[-1])
    outcomes = race([lambda: event_store(payload=payload, signature=signature)] * 8, workers=8)

    assert tally(outcomes) == {"ok": 8}
    assert {outcome.value.pk for outcome in outcomes} == {StripeEvent.objects.get().pk}


def test_same_facts_into_the_ledger_at_once(cooperatives, paid):
    facts = session_check(paid())
    outcomes = race([lambda: payables_apply(facts, by="stripe")] * 8, workers=8)

    assert tally(outcomes) == {"ok": 8}
    assert Payable.objects.count() == 2
    assert [payables_balance(cooperative) for cooperative in cooperatives] == [120_000, 220_000]


def test_from_the_buyers_press_to_the_event_over_http(double, attempts, open_page, live_server, settings):
    """The page, its button, the signed news to the running shop, and the answer of the return page."""
    settings.STRIPE_EVENT_TASK = f"{__name__}.nothing"
    settings.ALLOWED_HOSTS = ["*"]
    double.sender.url = f"{live_server.url}/webhooks/stripe/"
    double.sender.start()
    session = open_page(success_url=f"{live_server.url}/livez?s={{CHECKOUT_SESSION_ID}}")

    with urllib.request.urlopen(session.url, urlencode({"card": "4242424242424242"}).encode()) as landed:
        assert landed.url == f"{live_server.url}/livez?s={session.session_id}"
    double.drain()

    assert [delivery.status for delivery in double.deliveries] == [200] * 4
    assert StripeEvent.objects.filter(kind="checkout.session.completed", state="new").count() == 1
    assert session_check(session).kind == "paid"
    assert set(Attempt.objects.values_list("state", flat=True)) == {"pending"}


def test_page_that_got_its_address_meanwhile_is_ended_at_stripe(double, open_page):
    """Somebody else read the row before Stripe's answer was stored; the page must not stay open for money."""
    session = open_page()
    stale = CheckoutSession.objects.get(pk=session.pk)
    stale.session_id = None

    assert session_expire(session=stale, by="x").kind == "expired"

    assert [page["status"] for page in double.sessions] == ["expired"]
    assert CheckoutSession.objects.get(pk=session.pk).state == "expired"
