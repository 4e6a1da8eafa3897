"""Payment pages through the real library: opened once, used again, ended, and never two for the same money."""

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import stripe
from django.db import transaction
from django.utils import timezone

from shop.payment.attempts.models import Attempt
from shop.payment.services import attempt_cancel, payment_confirm
from shop.payment.stripe.client import StripeRefused, StripeUnavailable
from shop.payment.stripe.models import CheckoutSession, SessionShare
from shop.payment.stripe.services import account_link, session_check, session_expire, session_open, sessions_end

pytestmark = pytest.mark.django_db


def created(double):
    """Parameters of every request for a new page, as they were sent."""
    made = [each for each in double.requests if each.method == "POST" and each.target == "/v1/checkout/sessions"]
    return [(parse_qs(each.body.decode()), each.headers) for each in made]


def test_one_page_for_a_group(double, attempts, open_page):
    session = open_page()

    assert session.state == "open"
    assert session.amount == 340_000
    assert [(share.attempt, share.amount) for share in session.shares.order_by("pk")] == [
        (attempts[0], 120_000),
        (attempts[1], 220_000),
    ]
    assert session.url == f"{double.url}/c/pay/{session.session_id}"
    assert [page["id"] for page in double.sessions] == [session.session_id]


def test_what_stripe_is_told(double, attempts, open_page):
    session = open_page(language="en")

    (sent, headers), *others = created(double)
    numbers = [attempt.source.order.number for attempt in attempts]
    shown = [f"{number[:2]}-{number[2:6]}-{number[6:]}" for number in numbers]
    ids = f"{attempts[0].pk},{attempts[1].pk}"
    assert not others
    assert {name: values[0] for name, values in sent.items()} == {
        "mode": "payment",
        "allowed_payment_method_types[0]": "card",
        "line_items[0][price_data][currency]": "vnd",
        "line_items[0][price_data][unit_amount]": "120000",
        "line_items[0][price_data][product_data][name]": f"HTX Một, order {shown[0]}",
        "line_items[0][quantity]": "1",
        "line_items[1][price_data][currency]": "vnd",
        "line_items[1][price_data][unit_amount]": "220000",
        "line_items[1][price_data][product_data][name]": f"HTX Hai, order {shown[1]}",
        "line_items[1][quantity]": "1",
        "client_reference_id": f"checkout-{session.pk}",
        "metadata[checkout]": str(session.pk),
        "metadata[attempts]": ids,
        "payment_intent_data[description]": ", ".join(shown),
        "payment_intent_data[metadata][checkout]": str(session.pk),
        "payment_intent_data[metadata][attempts]": ids,
        "payment_intent_data[transfer_group]": f"checkout-{session.pk}",
        "locale": "en",
        "success_url": "http://shop.test/don-hang/abc/?thanh-toan={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/don-hang/abc/",
        "expires_at": str(int(session.expires_at.timestamp())),
    }
    assert headers["Idempotency-Key"] == session.idempotency_key
    assert headers["Stripe-Version"] == stripe.api_version
    assert headers["Stripe-Account"] is None
    assert "telemetry_id" not in headers["X-Stripe-Client-User-Agent"]


def test_page_lives_35_minutes_and_the_goods_are_held_longer(open_page):
    session = open_page()

    assert timedelta(minutes=34) < session.expires_at - timezone.now() <= timedelta(minutes=35)
    assert session.hold_until - session.expires_at == timedelta(minutes=10)


def test_same_orders_use_the_open_page_again(double, attempts, open_page):
    first = open_page()

    assert open_page(*reversed(attempts)) == first
    assert open_page(language="en", success_url="http://shop.test/x") == first
    assert len(created(double)) == 1


def test_other_orders_end_the_first_page(double, attempts, open_page):
    first = open_page()
    second = open_page(attempts[0])

    first.refresh_from_db()
    assert (first.state, second.state, second.amount) == ("expired", "open", 120_000)
    assert [page["status"] for page in double.sessions] == ["expired", "open"]


def test_other_sum_ends_the_first_page(double, attempt, open_page):
    first = open_page(attempt)
    payment_confirm(attempt=attempt, amount=20_000, key="part", by="x")
    second = open_page(attempt)

    assert (first.amount, second.amount) == (120_000, 100_000)
    assert first.idempotency_key != second.idempotency_key
    assert [page["status"] for page in double.sessions] == ["expired", "open"]


def test_expired_page_is_followed_by_a_new_one(double, attempt, open_page):
    first = open_page(attempt)
    double.expire(first.session_id)
    second = open_page(attempt)

    first.refresh_from_db()
    assert (first.state, second.state) == ("expired", "open")
    assert first.idempotency_key.removesuffix("1") == second.idempotency_key.removesuffix("2")


def test_page_about_to_end_is_not_offered(double, attempt, open_page):
    first = open_page(attempt)
    CheckoutSession.objects.update(expires_at=timezone.now() + timedelta(minutes=2))

    second = open_page(attempt)

    assert second != first
    assert [page["status"] for page in double.sessions] == ["expired", "open"]


def test_lost_answer_is_asked_for_again_with_the_same_key(double, open_page):
    double.faults += ["lost", ""]

    session = open_page()

    assert len(double.sessions) == 1
    assert [headers["Idempotency-Key"] for _, headers in created(double)] == [session.idempotency_key] * 2


def test_every_answer_lost_leaves_a_row_that_finds_its_page(double, open_page):
    double.faults += ["lost"] * 3
    with pytest.raises(StripeUnavailable, match="unavailable") as trouble:
        open_page()

    row = CheckoutSession.objects.get()
    assert (trouble.value.status, row.state, row.session_id) == (503, "open", None)
    session = open_page(language="en")
    assert session == row
    assert session.session_id == double.sessions[0]["id"]
    assert len(double.sessions) == 1


def test_row_that_never_got_a_page_and_is_too_old_is_given_up(double, attempt, open_page):
    double.faults += ["error"] * 3
    with pytest.raises(StripeUnavailable):
        open_page(attempt)
    CheckoutSession.objects.update(expires_at=timezone.now() + timedelta(minutes=29))

    session = open_page(attempt)

    assert list(CheckoutSession.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "open"]
    assert session.session_id == double.sessions[0]["id"]


def test_rate_limit_is_tried_again_later(double, open_page):
    double.faults += ["limit"]
    with pytest.raises(StripeUnavailable):
        open_page()

    assert open_page().state == "open"


def test_refusal_ends_the_row(double, open_page, monkeypatch):
    monkeypatch.setattr("shop.payment.stripe.sessions.LIFE", timedelta(minutes=5))
    with pytest.raises(StripeRefused) as trouble:
        open_page()

    assert (trouble.value.code, trouble.value.status) == ("invalid", 409)
    assert CheckoutSession.objects.get().state == "failed"
    assert double.sessions == []


def test_wrong_key_is_our_trouble(double, open_page, settings):
    settings.STRIPE_SECRET_KEY = "sk_wrong_1"
    with pytest.raises(StripeUnavailable, match="configuration"):
        open_page()

    assert double.sessions == []


def test_switched_off(open_page, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(StripeRefused, match="switched_off"):
        open_page()


def test_paid_orders_are_not_paid_again(double, open_page, paid):
    session = paid()

    with pytest.raises(StripeRefused, match="paid"):
        open_page()
    session.refresh_from_db()
    assert session.state == "paid"
    assert len(double.sessions) == 1


def test_order_inside_a_paid_group_is_not_paid_again(double, attempt, open_page, paid):
    paid()

    with pytest.raises(StripeRefused, match="paid"):
        open_page(attempt)
    assert len(double.sessions) == 1


def test_money_on_its_way_is_waited_for(double, open_page, paid):
    paid(card="later")

    with pytest.raises(StripeRefused, match="waiting"):
        open_page()
    assert len(double.sessions) == 1


@pytest.mark.parametrize("state", [Attempt.State.CANCELLED, Attempt.State.EXPIRED, Attempt.State.CONFIRMED])
def test_only_waiting_attempts(double, attempt, open_page, state):
    Attempt.objects.filter(pk=attempt.pk).update(state=state)

    with pytest.raises(StripeRefused, match=state):
        open_page(attempt)
    assert double.sessions == []
    assert not CheckoutSession.objects.exists()


def test_hold_has_ended(double, attempt, open_page):
    """The clock is about to cancel the order: nobody is sent to pay for it."""
    Attempt.objects.filter(pk=attempt.pk).update(expires_at=timezone.now())

    with pytest.raises(StripeRefused, match="over"):
        open_page(attempt)
    assert double.sessions == []


def test_paid_page_stays_paid(double, attempt, paid):
    session = paid(attempt)
    assert session_check(session).kind == "paid"
    double.store.things.clear()

    assert session_check(session).reason == "missing"
    session.refresh_from_db()
    assert session.state == "paid"


def test_only_card_attempts(double, attempt, open_page):
    Attempt.objects.filter(pk=attempt.pk).update(provider="vietqr")

    with pytest.raises(StripeRefused, match="provider"):
        open_page(attempt)
    assert double.sessions == []


def test_only_sums_that_stripe_takes(double, attempt, open_page):
    payment_confirm(attempt=attempt, amount=105_001, key="part", by="x")

    with pytest.raises(StripeRefused, match="amount"):
        open_page(attempt)
    assert double.sessions == []


def test_nothing_to_pay(double, attempts):
    with pytest.raises(StripeRefused, match="nothing"):
        session_open(attempts=[], group_code="abc", success_url="", cancel_url="", language="vi", by="x")


def test_never_inside_a_transaction(double, open_page):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        open_page()

    assert double.requests == []


def test_ended_page_cannot_be_paid(double, attempt, attempts, open_page):
    session = open_page()
    attempt_cancel(attempt=attempt, by="buyer")

    (facts,) = sessions_end(attempt=attempt, by="buyer")

    assert (facts.kind, facts.session) == ("expired", session.session_id)
    assert double.sessions[0]["status"] == "expired"
    assert sessions_end(attempt=attempt, by="buyer") == []
    assert open_page(attempts[1]).amount == 220_000


def test_ending_a_page_that_was_paid_tells_so(double, attempt, paid):
    session = paid()

    (facts,) = sessions_end(attempt=attempt, by="buyer")

    assert (facts.kind, facts.amount) == ("paid", 340_000)
    session.refresh_from_db()
    assert session.state == "paid"


def test_ending_a_row_without_a_page(double, attempt, open_page):
    double.faults += ["error"] * 3
    with pytest.raises(StripeUnavailable):
        open_page()

    (facts,) = sessions_end(attempt=attempt, by="x")

    assert (facts.kind, facts.reason) == ("expired", "unsent")
    assert CheckoutSession.objects.get().state == "failed"


def test_page_that_stripe_has_forgotten(double, attempt, open_page):
    session = open_page(attempt)
    double.store.things.clear()

    assert session_check(session).reason == "missing"
    assert open_page(attempt).session_id == double.sessions[0]["id"]


def test_row_ended_while_stripe_was_answering(double, attempt, open_page, monkeypatch):
    """Another press wanted other orders in between: the page that comes back is ended, not shown."""
    from shop.payment.stripe import sessions

    stored = sessions.session_store

    def late(session, remote):
        CheckoutSession.objects.filter(pk=session.pk).update(state="failed")
        return stored(session, remote)

    monkeypatch.setattr(sessions, "session_store", late)
    with pytest.raises(StripeRefused, match="busy"):
        open_page(attempt)

    assert [page["status"] for page in double.sessions] == ["expired"]


def test_check_of_an_open_page(open_page):
    session = open_page()
    facts = session_check(session)

    assert (facts.kind, facts.amount, facts.session) == ("open", 340_000, session.session_id)
    assert session.state == "open"


def test_expire_is_safe_to_call_twice(double, open_page):
    session = open_page()

    assert session_expire(session=session, by="x").kind == "expired"
    assert session_expire(session=session, by="x").kind == "expired"
    assert len(double.events_of("checkout.session.expired")) == 1


class TestPerOrder:
    """Each order is charged to its cooperative's own account."""

    @pytest.fixture(autouse=True)
    def connected(self, settings, double, cooperatives):
        settings.STRIPE_COLLECTS = "order"
        for number, cooperative in enumerate(cooperatives, 1):
            double.account_add(f"acct_{number}")
            account_link(cooperative=cooperative, account_id=f"acct_{number}", by="operator")

    def test_page_belongs_to_the_cooperatives_account(self, double, attempts, open_page):
        session = open_page(attempts[1])

        sent, headers = created(double)[0]
        assert (session.account, headers["Stripe-Account"]) == ("acct_2", "acct_2")
        assert "payment_intent_data[transfer_group]" not in sent
        assert session_check(session).account == "acct_2"

    def test_orders_are_paid_one_by_one(self, double, open_page):
        with pytest.raises(StripeRefused, match="one_order"):
            open_page()
        assert double.sessions == []
        assert not SessionShare.objects.exists()

    def test_account_that_may_not_charge(self, double, attempt, cooperatives, open_page):
        double.account_add("acct_1", charges_enabled=False)
        account = account_link(cooperative=cooperatives[0], account_id="acct_1", by="operator")

        with pytest.raises(StripeRefused, match="no_account"):
            open_page(attempt)
        assert account.charges_enabled is False
        assert double.sessions == []

    def test_account_for_one_cooperative_only(self, cooperatives):
        with pytest.raises(StripeRefused, match="account_taken"):
            account_link(cooperative=cooperatives[1], account_id="acct_1", by="operator")

        cooperatives[1].stripe_account.refresh_from_db()
        assert cooperatives[1].stripe_account.account_id == "acct_2"

    def test_account_that_stripe_does_not_know(self, cooperatives):
        with pytest.raises(StripeRefused, match="resource_missing"):
            account_link(cooperative=cooperatives[1], account_id="acct_9", by="operator")
