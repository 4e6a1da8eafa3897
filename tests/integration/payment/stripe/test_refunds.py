"""Money back to the card: once per key, never more than the order's own part."""

import pytest
from django.db import transaction

from shop.payment.services import attempts_of
from shop.payment.stripe.models import CheckoutSession, StripeRefund
from shop.payment.stripe.services import (
    StripeRefused,
    StripeUnavailable,
    account_link,
    payables_apply,
    payables_balance,
    refund_send,
    refunds_check,
    session_check,
    transfer_send,
)
from tests.factories import basket_of, listing_make, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(paid):
    """Both orders were paid together, and the shop knows it."""
    session = paid()
    payables_apply(session_check(session), by="stripe")
    session.refresh_from_db()
    return session


def send(attempt, amount, key="r1"):
    return refund_send(attempt=attempt, amount=amount, key=key, by="x")


def refunds(double):
    return [(refund["amount"], refund["payment_intent"]) for refund in double.listed("refund")]


def test_full(double, attempt, settled):
    sent = send(attempt, 120_000)

    assert refunds(double) == [(120_000, settled.payment_intent)]
    assert double.listed("refund")[0]["id"] == sent
    row = StripeRefund.objects.get()
    assert (row.refund_id, row.state, row.amount, row.share.attempt) == (sent, "succeeded", 120_000, attempt)


def test_in_parts(double, attempt, settled):
    sent = {send(attempt, 20_000, "r1"), send(attempt, 100_000, "r2")}

    assert len(sent) == 2
    assert [amount for amount, _ in refunds(double)] == [20_000, 100_000]


def test_never_more_than_the_orders_own_part(double, attempt, settled):
    """Stripe would pay it from the neighbour's money: the group was one payment."""
    send(attempt, 100_000, "r1")

    with pytest.raises(StripeRefused, match="too_much"):
        send(attempt, 20_001, "r2")
    assert [amount for amount, _ in refunds(double)] == [100_000]
    assert StripeRefund.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -1])
def test_no_amount(double, attempt, settled, amount):
    with pytest.raises(StripeRefused, match="amount"):
        send(attempt, amount)
    assert refunds(double) == []


def test_same_key_twice(double, attempt, settled):
    assert send(attempt, 20_000) == send(attempt, 20_000)
    assert len(refunds(double)) == 1


def test_same_key_for_something_else(double, attempts, settled):
    send(attempts[0], 20_000)
    for attempt, amount in ((attempts[0], 20_001), (attempts[1], 20_000)):
        with pytest.raises(StripeRefused, match="key_used"):
            send(attempt, amount)

    assert len(refunds(double)) == 1


def test_not_paid_yet(double, attempt, open_page):
    open_page()

    with pytest.raises(StripeRefused, match="too_much"):
        send(attempt, 20_000)
    assert refunds(double) == []


def test_lost_answer(double, attempt, settled):
    double.faults += ["lost"] * 3
    with pytest.raises(StripeUnavailable):
        send(attempt, 120_000)
    assert StripeRefund.objects.get().refund_id is None

    with pytest.raises(StripeRefused, match="too_much"):
        send(attempt, 1, "r2")
    assert send(attempt, 120_000) == double.listed("refund")[0]["id"]
    assert len(refunds(double)) == 1


def test_lost_answer_found_by_the_news(double, attempt, settled):
    double.faults += ["lost"] * 3
    with pytest.raises(StripeUnavailable):
        send(attempt, 120_000)

    (refund,) = refunds_check(settled).refunds

    assert (refund.attempt_id, refund.sent_key) == (attempt.pk, "r1")
    assert send(attempt, 120_000) == refund.refund_id
    assert len(refunds(double)) == 1


def test_refused_by_stripe(double, attempt, settled, client_of):
    client_of.v1.refunds.create({"payment_intent": settled.payment_intent, "amount": 300_000})

    with pytest.raises(StripeRefused, match="invalid"):
        send(attempt, 120_000)
    assert StripeRefund.objects.get().state == "failed"
    with pytest.raises(StripeRefused, match="failed"):
        send(attempt, 120_000)
    assert send(attempt, 40_000, "r2")


def test_disputed_payment(double, attempt, settled):
    double.dispute_open(settled.payment_intent)

    with pytest.raises(StripeRefused, match="charge_disputed"):
        send(attempt, 120_000)
    assert refunds(double) == []


def test_failed_refund_frees_its_sum(double, attempt, settled):
    double.refund_finish(send(attempt, 120_000), "failed")
    refunds_check(settled)

    assert send(attempt, 120_000, "r2")
    assert [refund["status"] for refund in double.listed("refund")] == ["failed", "succeeded"]


def test_never_inside_a_transaction(double, attempt, settled):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        send(attempt, 120_000)
    assert refunds(double) == []


def test_on_the_cooperatives_own_account(double, attempt, cooperatives, settings, open_page):
    settings.STRIPE_COLLECTS = "order"
    double.account_add("acct_1")
    account_link(cooperative=cooperatives[0], account_id="acct_1", by="operator")
    session = open_page(attempt)
    double.pay(session.session_id)
    session_check(session)

    send(attempt, 20_000)

    assert double.store.owner(double.listed("refund")[0]["id"]) == "acct_1"


class TestTransfers:
    """Parts that were passed on to a cooperative's Stripe account."""

    @pytest.fixture(autouse=True)
    def linked(self, double, cooperatives, settled):
        double.account_add("acct_1")
        account_link(cooperative=cooperatives[0], account_id="acct_1", by="operator")

    def transfer(self, attempt, amount, key="t1"):
        return transfer_send(attempt=attempt, amount=amount, key=key, by="operator")

    def test_passed_on(self, double, attempt, cooperatives, settled):
        sent = self.transfer(attempt, 100_000)

        (transfer,) = double.listed("transfer")
        assert (transfer["id"], transfer["amount"], transfer["destination"]) == (sent, 100_000, "acct_1")
        assert transfer["source_transaction"] == settled.charge
        assert transfer["transfer_group"] == f"checkout-{settled.pk}"
        assert payables_balance(cooperatives[0]) == 20_000

    def test_same_key_twice(self, double, attempt, cooperatives):
        assert self.transfer(attempt, 100_000) == self.transfer(attempt, 100_000)
        assert len(double.listed("transfer")) == 1
        assert payables_balance(cooperatives[0]) == 20_000
        with pytest.raises(StripeRefused, match="key_used"):
            self.transfer(attempt, 99_999)

    @pytest.mark.parametrize(("amount", "code"), [(120_001, "too_much"), (0, "amount"), (-5, "amount")])
    def test_wrong_sum(self, double, attempt, amount, code):
        with pytest.raises(StripeRefused, match=code):
            self.transfer(attempt, amount)
        assert double.listed("transfer") == []

    def test_never_more_than_is_left_after_refunds(self, double, attempt, settled):
        send(attempt, 50_000)
        payables_apply(refunds_check(settled), by="stripe")

        with pytest.raises(StripeRefused, match="too_much"):
            self.transfer(attempt, 70_001)
        assert self.transfer(attempt, 70_000)

    def test_never_more_than_this_order_brought(self, double, attempt, cooperatives, open_page):
        """The cooperative's other orders stay out of it: a refund must find its own money again."""
        other = place(basket_of(listing_make(cooperatives[0], price=300_000)), provider="stripe").group
        page = open_page(attempts_of(other.members.get().order).get())
        double.pay(page.session_id)
        payables_apply(session_check(page), by="stripe")
        assert payables_balance(cooperatives[0]) == 440_000

        with pytest.raises(StripeRefused, match="too_much"):
            self.transfer(attempt, 120_001)
        assert double.listed("transfer") == []

    def test_no_account(self, double, attempts):
        with pytest.raises(StripeRefused, match="no_account"):
            self.transfer(attempts[1], 1_000)
        assert double.listed("transfer") == []

    def test_not_collected_here(self, double, attempt):
        CheckoutSession.objects.update(state="open")

        with pytest.raises(StripeRefused, match="not_collected"):
            self.transfer(attempt, 1_000)

    def test_lost_answer_keeps_the_sum_aside(self, double, attempt, cooperatives):
        double.faults += ["lost"] * 3
        with pytest.raises(StripeUnavailable):
            self.transfer(attempt, 100_000)

        with pytest.raises(StripeRefused, match="too_much"):
            self.transfer(attempt, 20_001, "t2")
        assert payables_balance(cooperatives[0]) == 120_000
        self.transfer(attempt, 100_000)
        assert len(double.listed("transfer")) == 1
        assert payables_balance(cooperatives[0]) == 20_000

    def test_refused_by_stripe(self, double, attempt, cooperatives):
        del double.store.accounts["acct_1"]

        with pytest.raises(StripeRefused, match="resource_missing"):
            self.transfer(attempt, 100_000)
        with pytest.raises(StripeRefused, match="failed"):
            self.transfer(attempt, 100_000)
        assert payables_balance(cooperatives[0]) == 120_000

    def test_refund_fetches_it_back(self, double, attempt, cooperatives, settled):
        self.transfer(attempt, 100_000)
        send(attempt, 30_000)
        payables_apply(refunds_check(settled), by="stripe")

        (transfer,) = double.listed("transfer")
        assert transfer["amount_reversed"] == 30_000
        # 120,000 charged - 100,000 passed on + 30,000 fetched back - 30,000 paid back
        assert payables_balance(cooperatives[0]) == 20_000

    def test_refund_of_everything_fetches_all_of_two_transfers_back(self, double, attempt, cooperatives, settled):
        self.transfer(attempt, 50_000, "t1")
        self.transfer(attempt, 40_000, "t2")
        send(attempt, 120_000)
        payables_apply(refunds_check(settled), by="stripe")

        assert [transfer["amount_reversed"] for transfer in double.listed("transfer")] == [50_000, 40_000]
        assert payables_balance(cooperatives[0]) == 0

    def test_second_refund_fetches_only_what_is_left(self, double, attempt, settled):
        self.transfer(attempt, 50_000)
        send(attempt, 30_000, "r1")
        send(attempt, 30_000, "r2")

        assert [transfer["amount_reversed"] for transfer in double.listed("transfer")] == [50_000]

    def test_lost_answer_of_the_way_back(self, double, attempt, cooperatives, settled):
        self.transfer(attempt, 100_000)
        double.faults += ["", *["lost"] * 3]
        with pytest.raises(StripeUnavailable):
            send(attempt, 30_000)

        send(attempt, 30_000)
        send(attempt, 30_000)

        assert [transfer["amount_reversed"] for transfer in double.listed("transfer")] == [30_000]
        assert payables_balance(cooperatives[0]) == 50_000

    def test_cooperative_has_spent_it(self, double, attempt, cooperatives, settled):
        self.transfer(attempt, 120_000)
        double.account_add("acct_1", empty=True)

        sent = send(attempt, 30_000)
        payables_apply(refunds_check(settled), by="stripe")

        assert double.listed("refund")[0]["id"] == sent
        assert payables_balance(cooperatives[0]) == -30_000
