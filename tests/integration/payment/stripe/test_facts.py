"""What a buyer did on the page, as the shop learns it by asking; news in any order, twice or late come to the same."""

import random

import pytest

from shop.payment.stripe.models import CheckoutSession, StripeEvent, StripeRefund
from shop.payment.stripe.services import (
    StripeUnavailable,
    account_link,
    event_check,
    event_done,
    event_facts,
    event_store,
    refund_send,
    session_check,
)

pytestmark = pytest.mark.django_db
PLAIN, DECLINED = "4242424242424242", "4000000000000002"


@pytest.fixture
def hear(double):
    """Call it with an event of the stand-in: stored, then asked about."""

    def heard(event):
        payload, signature = double.signed(event)
        event_store(payload=payload, signature=signature)
        return event_check(StripeEvent.objects.get(event_id=event["id"]))

    return heard


@pytest.fixture
def hear_last(double, hear):
    """The same for the latest event of a kind."""
    return lambda kind: hear(double.events_of(kind)[-1])


def reference(session):
    session.refresh_from_db()
    return session.payment_intent


def test_paid(double, attempts, paid, hear_last):
    session = paid()
    facts = hear_last("checkout.session.completed")

    payment = double.sessions[0]["payment_intent"]
    assert (facts.kind, facts.amount, facts.session, facts.account) == ("paid", 340_000, session.session_id, "")
    assert [(share.attempt_id, share.amount, share.key, share.reference) for share in facts.shares] == [
        (attempts[0].pk, 120_000, f"stripe:{payment}:{attempts[0].pk}", payment),
        (attempts[1].pk, 220_000, f"stripe:{payment}:{attempts[1].pk}", payment),
    ]
    session.refresh_from_db()
    assert (session.state, session.payment_intent) == ("paid", payment)
    assert session.charge == double.listed("charge")[0]["id"]


def test_return_page_learns_the_same_by_asking(paid, hear_last):
    session = paid()

    assert session_check(session) == hear_last("checkout.session.completed")


def test_declined_card_leaves_the_page_open(double, paid):
    session = paid(card=DECLINED)
    facts = session_check(session)

    assert (facts.kind, session.state) == ("open", "open")
    double.pay(session.session_id)
    assert session_check(session).kind == "paid"


def test_slow_payment_that_comes(double, paid, hear_last):
    session = paid(card="later")
    first = hear_last("checkout.session.completed")
    assert (first.kind, CheckoutSession.objects.get().state) == ("waiting", "open")

    double.async_finish(session.session_id, ok=True)
    second = hear_last("checkout.session.async_payment_succeeded")

    assert (second.kind, second.amount) == ("paid", 340_000)
    assert second.shares == first.shares


def test_slow_payment_that_fails(double, paid, hear_last):
    session = paid(card="later")
    double.async_finish(session.session_id, ok=False)

    assert hear_last("checkout.session.async_payment_failed").kind == "failed"
    assert CheckoutSession.objects.get().state == "failed"


def test_first_event_heard_after_the_second_tells_how_it_is_now(double, paid, hear_last):
    session = paid(card="later")
    double.async_finish(session.session_id, ok=True)

    assert hear_last("checkout.session.completed").kind == "paid"


def test_expired(double, open_page, hear_last):
    double.expire(open_page().session_id)

    assert hear_last("checkout.session.expired").kind == "expired"
    assert CheckoutSession.objects.get().state == "expired"


def test_other_sum_than_asked_is_for_a_person(double, open_page, hear_last):
    session = open_page()
    double.store.get("", session.session_id)["amount_total"] = 339_999
    double.pay(session.session_id)
    facts = hear_last("checkout.session.completed")

    assert (facts.kind, facts.reason, facts.amount, facts.shares) == ("mismatch", "amount", 339_999, ())
    assert CheckoutSession.objects.get().state == "open"


def test_other_currency_is_for_a_person(double, open_page, hear_last):
    session = open_page()
    double.store.get("", session.session_id)["currency"] = "usd"
    double.pay(session.session_id)

    assert hear_last("checkout.session.completed").kind == "mismatch"


def test_lying_event_changes_nothing(double, open_page, hear):
    """Signed, but the page at Stripe is still open: what Stripe has now is believed, not what was told."""
    session = open_page()
    event = {**double.store.get("", session.session_id), "status": "complete", "payment_status": "paid"}
    told = {"id": "evt_lie", "object": "event", "type": "checkout.session.completed", "livemode": False}
    told |= {"created": 1_795_000_000, "data": {"object": event}}

    assert hear(told).kind == "open"
    assert CheckoutSession.objects.get().state == "open"


def test_page_of_somebody_else(double, open_page, paid, hear_last):
    paid()
    CheckoutSession.objects.update(session_id="cs_test_other")

    facts = hear_last("checkout.session.completed")
    assert (facts.kind, facts.reason) == ("ignored", "unknown")


@pytest.mark.parametrize("kind", ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"])
def test_other_news(double, paid, hear_last, kind):
    paid()
    asked = len(double.requests)

    assert hear_last(kind).kind == "ignored"
    assert len(double.requests) == asked


def test_stripe_cannot_be_asked(double, paid, hear_last):
    paid()
    double.faults += ["error"] * 3

    with pytest.raises(StripeUnavailable):
        hear_last("checkout.session.completed")
    assert CheckoutSession.objects.get().state == "open"
    assert StripeEvent.objects.get().state == "new"


def test_event_is_done_once():
    event = StripeEvent.objects.create(event_id="evt_1", kind="x", payload="{}", created_at="2026-11-24T00:00:00Z")

    assert event_done(event=event) is True
    assert event_done(event=event, ignored=True) is False
    event.refresh_from_db()
    assert event.state == "done"
    assert event.processed_at


# -- Refunds and disputes -----------------------------------------------------------------------------------------


@pytest.fixture
def settled(paid):
    """A page that was paid, and the shop knows it."""
    session = paid()
    session_check(session)
    session.refresh_from_db()
    return session


def test_refund_that_we_sent(double, attempts, settled, hear_last):
    sent = refund_send(attempt=attempts[1], amount=70_000, key="r1", by="x")
    facts = hear_last("refund.created")

    (refund,) = facts.refunds
    assert (facts.kind, facts.amount, facts.refund) == ("refunded", 70_000, sent)
    assert (refund.refund_id, refund.amount, refund.status) == (sent, 70_000, "succeeded")
    assert (refund.attempt_id, refund.sent_key, refund.key) == (attempts[1].pk, "r1", f"stripe:{sent}")
    assert [share.amount for share in facts.shares] == [120_000, 220_000]


def test_refund_by_hand_over_two_orders_has_no_order(double, client_of, settled, hear_last):
    client_of.v1.refunds.create({"payment_intent": settled.payment_intent, "amount": 50_000})
    facts = hear_last("charge.refunded")

    assert (facts.kind, facts.amount) == ("refunded", 50_000)
    assert [(refund.attempt_id, refund.sent_key) for refund in facts.refunds] == [(None, "")]


def test_refund_by_hand_of_one_order(double, attempt, client_of, paid, hear_last):
    session_check(paid(attempt))
    client_of.v1.refunds.create({"payment_intent": reference(CheckoutSession.objects.get()), "amount": 50_000})

    assert [refund.attempt_id for refund in hear_last("charge.refunded").refunds] == [attempt.pk]


def test_refund_that_fails_later(double, attempt, settled, hear_last):
    sent = refund_send(attempt=attempt, amount=120_000, key="r1", by="x")
    double.refund_finish(sent, "failed")
    facts = hear_last("refund.failed")

    assert (facts.kind, facts.amount, facts.refund) == ("refund_failed", 0, sent)
    assert [(refund.is_off, refund.reason) for refund in facts.refunds] == [(True, "unknown")]
    assert StripeRefund.objects.get().state == "failed"


def test_slow_refund(double, attempt, settled, hear_last):
    double.store.refund_status = "pending"
    sent = refund_send(attempt=attempt, amount=120_000, key="r1", by="x")
    assert StripeRefund.objects.get().state == "sent"
    assert hear_last("charge.refunded").kind == "refunded"

    double.refund_finish(sent, "succeeded")

    assert [refund.status for refund in hear_last("refund.updated").refunds] == ["succeeded"]
    assert StripeRefund.objects.get().state == "succeeded"


def test_old_news_of_a_refund_that_has_failed_since(double, attempt, settled, hear_last):
    sent = refund_send(attempt=attempt, amount=120_000, key="r1", by="x")
    double.refund_finish(sent, "failed")

    assert hear_last("refund.created").kind == "refund_failed"


def test_one_of_two_refunds_failed(double, attempts, settled, hear_last):
    first = refund_send(attempt=attempts[0], amount=10_000, key="r1", by="x")
    refund_send(attempt=attempts[1], amount=20_000, key="r2", by="x")
    double.refund_finish(first, "failed")

    assert hear_last("refund.failed").kind == "refund_failed"
    assert hear_last("charge.refunded").kind == "refunded"
    assert hear_last("charge.refunded").amount == 20_000


def test_refund_told_before_its_payment(double, paid, client_of, hear_last):
    """The payment's own event was lost: the shop finds the page by the payment, and both are told together."""
    session = paid()
    client_of.v1.refunds.create({"payment_intent": double.sessions[0]["payment_intent"]})
    assert CheckoutSession.objects.get().payment_intent == ""

    facts = hear_last("charge.refunded")

    assert (facts.kind, facts.amount, facts.session) == ("refunded", 340_000, session.session_id)
    assert [share.amount for share in facts.shares] == [120_000, 220_000]
    assert CheckoutSession.objects.get().state == "paid"


def test_dispute(double, attempts, settled, hear_last):
    dispute = double.dispute_open(settled.payment_intent, amount=170_001)
    facts = hear_last("charge.dispute.created")

    assert (facts.kind, facts.dispute, facts.dispute_status) == ("disputed", dispute["id"], "needs_response")
    assert (facts.amount, facts.money_taken, facts.reason) == (170_001, True, "fraudulent")
    assert [(part.attempt_id, part.amount) for part in facts.parts] == [
        (attempts[0].pk, 60_000),
        (attempts[1].pk, 110_001),
    ]


@pytest.mark.parametrize(("outcome", "taken"), [("won", False), ("lost", True), ("warning_closed", False)])
def test_end_of_a_dispute(double, settled, hear_last, outcome, taken):
    dispute = double.dispute_open(settled.payment_intent)
    double.dispute_close(dispute["id"], outcome)
    facts = hear_last("charge.dispute.closed")

    assert (facts.kind, facts.dispute_status, facts.money_taken) == ("dispute_closed", outcome, taken)
    assert hear_last("charge.dispute.created") == facts


def test_question_of_the_bank_moves_no_money(double, settled, hear_last):
    double.dispute_open(settled.payment_intent, status="warning_needs_response")
    facts = hear_last("charge.dispute.created")

    assert (facts.kind, facts.money_taken) == ("disputed", False)


def test_dispute_of_another_payment_is_not_ours(double, settled, hear_last):
    dispute = double.dispute_open(settled.payment_intent)
    double.store.get("", dispute["id"])["payment_intent"] = "pi_other"

    facts = hear_last("charge.dispute.created")
    assert (facts.kind, facts.reason) == ("ignored", "unknown")


def test_dispute_that_stripe_does_not_know(double, settled, hear_last):
    dispute = double.dispute_open(settled.payment_intent)
    del double.store.things["", dispute["id"]]

    facts = hear_last("charge.dispute.created")
    assert (facts.kind, facts.reason) == ("ignored", "missing")


def test_event_alone_says_the_same_kind(double, attempt, settled, hear_last):
    """The pure reading of an event agrees with what asking finds, while nothing has happened since."""
    refund_send(attempt=attempt, amount=10_000, key="r1", by="x")
    double.dispute_open(settled.payment_intent)
    for kind in ("checkout.session.completed", "refund.created", "charge.refunded", "charge.dispute.created"):
        asked = hear_last(kind)
        told = event_facts(StripeEvent.objects.order_by("-pk").first())
        assert (told.kind, told.payment_intent, told.amount) == (asked.kind, asked.payment_intent, asked.amount), kind


def test_any_order_and_any_number_comes_to_the_same(double, attempts, paid, hear):
    session = paid(card="later")
    double.async_finish(session.session_id, ok=True)
    session_check(session)
    refund_send(attempt=attempts[0], amount=30_000, key="r1", by="x")
    double.dispute_close(double.dispute_open(reference(session))["id"], "won")
    CheckoutSession.objects.update(state="open", payment_intent="", charge="")
    chosen = random.Random(7)
    events = [event for event in double.events for _ in range(2)]
    heard = set()
    for _ in range(3):
        chosen.shuffle(events)
        CheckoutSession.objects.update(state="open", payment_intent="", charge="")
        facts = [hear(event) for event in events]
        heard.add(tuple(sorted({(each.kind, each.amount, each.shares, each.refunds) for each in facts}, key=str)))
        assert CheckoutSession.objects.get().state == "paid"

    assert len(heard) == 1
    assert StripeEvent.objects.count() == len(double.events)


class TestConnectedAccounts:
    """Each order is charged to its cooperative's own account, and news name that account."""

    @pytest.fixture(autouse=True)
    def connected(self, settings, double, cooperatives):
        settings.STRIPE_COLLECTS = "order"
        for number, cooperative in enumerate(cooperatives, 1):
            double.account_add(f"acct_{number}")
            account_link(cooperative=cooperative, account_id=f"acct_{number}", by="operator")

    def test_paid(self, double, attempt, paid, hear_last):
        session = paid(attempt)
        facts = hear_last("checkout.session.completed")

        assert double.events[-1]["account"] == "acct_1"
        assert (facts.kind, facts.account, facts.session) == ("paid", "acct_1", session.session_id)

    def test_news_from_another_account_do_not_count(self, double, attempt, paid, hear):
        """An account can name any page of ours in its own news."""
        paid(attempt)
        forged = {**double.events_of("checkout.session.completed")[-1], "id": "evt_forged", "account": "acct_2"}

        assert hear(forged).kind == "ignored"
        assert CheckoutSession.objects.get().state == "open"

    def test_page_that_an_account_made_itself_does_not_count(self, double, attempt, client_of, open_page, hear):
        """Metadata are the account's own words."""
        session = open_page(attempt)
        own = client_of.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [
                    {
                        "price_data": {"currency": "vnd", "unit_amount": 15_000, "product_data": {"name": "x"}},
                        "quantity": 1,
                    }
                ],
                "success_url": "http://evil.test/",
                "client_reference_id": f"checkout-{session.pk}",
                "metadata": {"checkout": str(session.pk), "attempts": str(attempt.pk)},
            },
            {"stripe_account": "acct_1"},
        )
        double.pay(own.id)

        assert hear(double.events_of("checkout.session.completed")[-1]).kind == "ignored"
        session.refresh_from_db()
        assert session.state == "open"

    def test_refund_and_dispute(self, double, attempt, paid, hear_last):
        session = paid(attempt)
        session_check(session)
        refund_send(attempt=attempt, amount=20_000, key="r1", by="x")
        double.dispute_open(reference(session))

        assert [refund.attempt_id for refund in hear_last("charge.refunded").refunds] == [attempt.pk]
        assert (hear_last("charge.dispute.created").account, double.listed("refund")[0]["amount"]) == ("acct_1", 20_000)
