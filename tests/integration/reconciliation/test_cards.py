"""Card payments from the buyer's press to the books, through the real library and the stand-in for Stripe."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.services import consignment_refuse, order_expire
from shop.messaging.models import Message
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_owe
from shop.payment.services import provider_switch
from shop.payment.stripe.models import CheckoutSession, StripeEvent
from shop.payment.stripe.services import payables_balance
from shop.reconciliation.cards import cards_due, refund_by_card, session_begin, session_return
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.integration.payment.stripe.conftest import double  # noqa: F401

StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db, double, settings):  # noqa: F811
    """120,000 and 220,000 dong to be paid by one card."""
    settings.PAYMENT_PROVIDERS = [
        "shop.payment.vietqr.provider.VietQR",
        "shop.payment.cod.provider.CashOnDelivery",
        "shop.payment.stripe.provider.Card",
    ]
    goods = [
        listing_make(cooperative_make("HTX Một"), price=100_000, stock=3),
        listing_make(cooperative_make("HTX Hai"), price=200_000, stock=3),
    ]
    return place(basket_of(*goods), provider="stripe").group


@pytest.fixture
def orders(group):
    return [member.order for member in group.members.order_by("position")]


@pytest.fixture
def page(group, orders):
    """The open payment page over both orders."""
    attempts = [attempts_of(order).get() for order in orders]
    return session_begin(group=group, attempts=attempts, language="vi", by=group.phone)


@pytest.fixture
def deliver(client, double, run_tasks):  # noqa: F811
    """Call it to post every event that the stand-in has made, and work them off; ``times`` posts each so often."""

    def post(times=1, order=list):
        for event in order(double.events):
            body, signature = double.signed(event)
            for _ in range(times):
                answer = client.post(
                    "/webhooks/stripe/",
                    body,
                    content_type="application/json",
                    headers={"Stripe-Signature": signature},
                )
                assert answer.status_code == 200
        run_tasks()

    return post


def states(order):
    order.refresh_from_db()
    return order.status, attempts_of(order).first().state


def received(orders):
    return [balance_of(order).received for order in orders]


def test_opening_the_page_holds_the_goods_as_long_as_it_can_be_paid(page, orders):
    for order in orders:
        assert attempts_of(order).get().expires_at >= page.expires_at
    assert page.amount == 340_000


def test_paid_and_told_three_times_in_any_order_credits_once(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)

    deliver(times=3, order=reversed)

    assert [states(order) for order in orders] == [("confirmed", "confirmed")] * 2
    assert received(orders) == [120_000, 220_000]
    assert Message.objects.filter(kind="money_received").count() == 2
    assert [payables_balance(order.consignment.cooperative) for order in orders] == [120_000, 220_000]


def test_the_return_page_asks_and_never_believes(page, group, orders, double):  # noqa: F811
    session_return(session_id=page.session_id, group=group, by=group.phone)
    assert received(orders) == [0, 0]

    double.pay(page.session_id)
    session_return(session_id="cs_test_guess", group=group, by=group.phone)
    assert received(orders) == [0, 0]
    for _ in range(2):
        session_return(session_id=page.session_id, group=group, by=group.phone)

    assert received(orders) == [120_000, 220_000]


def test_the_return_page_of_another_purchase_does_nothing(page, double):  # noqa: F811
    double.pay(page.session_id)
    other = place(basket_of(listing_make()), provider="stripe").group

    session_return(session_id=page.session_id, group=other, by=other.phone)

    assert not Transaction.objects.exists()


def test_paid_in_the_last_second_and_the_goods_are_there(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    Attempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert all(order_expire(order=order) for order in orders)

    deliver()

    assert [states(order) for order in orders] == [("confirmed", "confirmed")] * 2
    assert not Refund.objects.exists()


def test_paid_in_the_last_second_and_the_goods_are_gone_sends_the_money_back(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    Attempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert all(order_expire(order=order) for order in orders)
    StockRecord.objects.update(num_in_stock=0)

    deliver()
    assert [(refund.amount, refund.kind, refund.state) for refund in Refund.objects.order_by("amount")] == [
        (120_000, "ended", "owed"),
        (220_000, "ended", "owed"),
    ]
    cards_due()
    deliver()

    assert {refund.state for refund in Refund.objects.all()} == {"paid"}
    assert [states(order)[0] for order in orders] == ["cancelled"] * 2
    assert [balance_of(order).kept for order in orders] == [0, 0]
    assert [payables_balance(order.consignment.cooperative) for order in orders] == [0, 0]
    assert sum(refund["amount"] for refund in double.listed("refund")) == 340_000


def test_part_refund_and_never_twice(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    deliver()
    refund = refund_owe(order=orders[0], amount=50_000, kind="goods", key="1", by="kế toán")

    assert refund_by_card(refund=refund, by="kế toán")
    refund.refresh_from_db()
    assert not refund_by_card(refund=refund, by="kế toán")
    deliver(times=2)

    assert (refund.state, refund.reference[:3]) == ("paid", "re_")
    assert len(double.listed("refund")) == 1
    assert balance_of(orders[0]).kept == 70_000
    assert payables_balance(orders[0].consignment.cooperative) == 70_000
    assert Message.objects.filter(kind="money_returned").count() == 1


def test_refund_that_fails_later_is_owed_again_by_transfer(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    deliver()
    refund = refund_owe(order=orders[0], amount=50_000, kind="goods", key="1", by="kế toán")
    refund_by_card(refund=refund, by="kế toán")

    double.refund_finish(double.listed("refund")[0]["id"], "failed")
    deliver(times=2)

    owed = Refund.objects.get(state="owed")
    assert (owed.amount, owed.provider) == (50_000, "vietqr")
    assert balance_of(orders[0]).kept == 120_000


def test_refund_made_at_stripe_is_written_down(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    deliver()
    from stripe import StripeClient

    StripeClient(double.api_key, base_addresses={"api": double.url}).v1.refunds.create(
        {"payment_intent": CheckoutSession.objects.get().payment_intent, "amount": 340_000}
    )
    deliver()

    # Over two orders nobody knows whose it was: a person settles it.
    assert balance_of(orders[0]).kept == 120_000


def test_refused_order_goes_back_to_the_card_by_itself(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    deliver()
    consignment_refuse(consignment=orders[1].consignment, reason="mưa", by="xã viên")

    cards_due()

    assert balance_of(orders[1]).kept == 0
    assert double.listed("refund")[0]["amount"] == 220_000
    assert states(orders[0]) == ("confirmed", "confirmed")


def test_another_way_to_pay_ends_the_page(page, orders, double):  # noqa: F811
    for order in orders:
        provider_switch(order=order, provider_code="vietqr", by="buyer")

    cards_due()

    assert CheckoutSession.objects.get().state == "expired"
    assert double.sessions[0]["status"] == "expired"


def test_one_of_two_orders_paid_another_way_ends_the_page_over_both(page, orders, double):  # noqa: F811
    provider_switch(order=orders[0], provider_code="vietqr", by="buyer")

    cards_due()

    assert CheckoutSession.objects.get().state == "expired"
    assert states(orders[1]) == ("pending", "pending")


def test_paid_after_choosing_another_way_is_paid_this_way(page, orders, double, deliver):  # noqa: F811
    for order in orders:
        provider_switch(order=order, provider_code="vietqr", by="buyer")
    double.pay(page.session_id)

    deliver()

    assert received(orders) == [120_000, 220_000]
    assert [order.sources.filter(attempt__state="confirmed").get().attempt.provider for order in orders] == [
        "stripe"
    ] * 2


def test_dispute_takes_the_money_and_a_won_one_brings_it_back(page, orders, double, deliver):  # noqa: F811
    double.pay(page.session_id)
    deliver()
    intent = CheckoutSession.objects.get().payment_intent
    dispute = double.dispute_open(intent)
    deliver(times=2)
    assert [balance_of(order).kept for order in orders] == [0, 0]

    double.dispute_close(dispute["id"], "won")
    deliver(times=2)

    assert [balance_of(order).kept for order in orders] == [120_000, 220_000]
    assert [payables_balance(order.consignment.cooperative) for order in orders] == [120_000, 220_000]
    assert not Refund.objects.filter(state="owed").exists()


def test_event_whose_task_was_lost_is_found_by_the_clock(page, orders, double, client):  # noqa: F811
    double.pay(page.session_id)
    body, signature = double.signed(double.events[-1])
    client.post("/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature})
    StripeEvent.objects.update(received_at=timezone.now() - timedelta(minutes=1))

    cards_due()

    assert received(orders) == [120_000, 220_000]
    assert not StripeEvent.objects.filter(state="new").exists()


def test_forged_news_is_refused_and_leaves_nothing(page, double, client):  # noqa: F811
    double.pay(page.session_id)
    body, _signature = double.signed(double.events[-1])
    _body, foreign = double.signed(double.events[-1], secret="whsec_guess")

    for signature in (foreign, "", "t=1,v1=00"):
        answer = client.post(
            "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signature}
        )
        assert answer.status_code == 400

    assert not StripeEvent.objects.exists()
    assert not Transaction.objects.exists()
