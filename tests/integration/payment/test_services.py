"""The only writer of money: sums in part, news told twice, and states that no longer take money."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.services import order_expire
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.services import (
    PaymentError,
    attempt_cancel,
    attempts_of,
    paid_amount,
    payment_confirm,
    provider_switch,
    source_start,
)
from tests.factories import basket_of, cooperative_make, listing_make, place

Transaction = get_model("payment", "Transaction")
Source = get_model("payment", "Source")

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """120,000 dong to be transferred."""
    return place(basket_of(listing_make(price=100_000))).group.members.get().order


@pytest.fixture
def attempt(order):
    return attempts_of(order).get()


def confirm(attempt, amount, key="bank:1", **extra):
    return payment_confirm(attempt=attempt, amount=amount, key=key, by="bank", **extra)


def states(attempt):
    """Attempt and order."""
    attempt.refresh_from_db()
    attempt.source.order.refresh_from_db()
    return attempt.state, attempt.source.order.status


def test_exact(attempt):
    entry = confirm(attempt, 120_000, reference="FT123")

    assert (entry.amount, entry.txn_type, entry.reference) == (120_000, "Debit", "FT123")
    assert states(attempt) == ("confirmed", "confirmed")
    assert attempt.closed_at


def test_underpaid(attempt):
    confirm(attempt, 119_999)

    assert states(attempt) == ("pending", "pending")
    assert paid_amount(attempt.source) == 119_999


def test_in_parts(attempt):
    confirm(attempt, 100_000)
    confirm(attempt, 20_000, key="bank:2")

    assert states(attempt) == ("confirmed", "confirmed")
    assert paid_amount(attempt.source) == int(Source.objects.get().amount_debited) == 120_000


def test_overpaid(attempt):
    confirm(attempt, 500_000)

    assert states(attempt) == ("confirmed", "confirmed")
    assert paid_amount(attempt.source) == 500_000


def test_same_news_twice(attempt):
    first = confirm(attempt, 50_000)

    assert confirm(attempt, 50_000) == first
    assert paid_amount(attempt.source) == 50_000


def test_same_news_after_the_end_is_still_known(attempt):
    first = confirm(attempt, 120_000)

    assert confirm(attempt, 120_000) == first
    assert Transaction.objects.count() == TransactionKey.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -1, -120_000])
def test_no_amount(attempt, amount):
    with pytest.raises(PaymentError, match="amount"):
        confirm(attempt, amount)

    assert not Transaction.objects.exists()


def test_late_money_is_not_booked_on_an_expired_attempt(attempt, order):
    Attempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    order_expire(order=order)

    with pytest.raises(PaymentError, match="expired"):
        confirm(attempt, 120_000)

    assert states(attempt) == ("expired", "cancelled")
    assert not Transaction.objects.exists()


def test_cancelled_attempt_takes_no_money(attempt):
    assert attempt_cancel(attempt=attempt, by="x") is True
    assert attempt_cancel(attempt=attempt, by="x") is False

    with pytest.raises(PaymentError, match="cancelled"):
        confirm(attempt, 120_000)


def test_paid_attempt_stays_paid(attempt):
    confirm(attempt, 120_000)

    assert attempt_cancel(attempt=attempt, by="x") is False
    assert states(attempt) == ("confirmed", "confirmed")


def test_money_is_booked_on_its_own_order_only():
    group = place(basket_of(listing_make(), listing_make())).group
    first, second = [attempts_of(member.order).get() for member in group.members.all()]

    confirm(first, 120_000)

    assert states(first) == ("confirmed", "confirmed")
    assert states(second) == ("pending", "pending")


def test_one_open_way_at_a_time(order, attempt):
    assert source_start(order=order, provider_code="vietqr", by="x") == attempt
    with pytest.raises(PaymentError, match="already_open"):
        source_start(order=order, provider_code="cod", by="x")
    with pytest.raises(PaymentError, match="unknown_provider"):
        source_start(order=order, provider_code="bitcoin", by="x")
    assert Attempt.objects.count() == 1


def test_switch_cancels_the_first_way_and_opens_the_second(order, attempt):
    second = provider_switch(order=order, provider_code="cod", by="x")

    assert states(attempt) == ("cancelled", "pending")
    assert (second.state, second.expires_at) == ("pending", None)
    assert provider_switch(order=order, provider_code="cod", by="x") == second


def test_switch_after_money(order, attempt):
    confirm(attempt, 1)
    with pytest.raises(PaymentError, match="partly_paid"):
        provider_switch(order=order, provider_code="cod", by="x")

    confirm(attempt, 119_999, key="bank:2")
    with pytest.raises(PaymentError, match="not_pending"):
        provider_switch(order=order, provider_code="cod", by="x")


def test_failed_switch_leaves_the_first_way_open(order, attempt):
    with pytest.raises(PaymentError, match="unknown_provider"):
        provider_switch(order=order, provider_code="bitcoin", by="x")

    assert states(attempt) == ("pending", "pending")


def test_long_names_and_references_fit(attempt):
    payment_confirm(attempt=attempt, amount=1, key="k" * 120, by="x" * 400, reference="FT" * 50)

    assert len(TransactionKey.objects.get().by) == 254


def test_free_order_is_paid_from_the_start():
    placed = place(basket_of(listing_make(cooperative_make(rate=0), price=0)))

    attempt = Attempt.objects.get()
    assert states(attempt) == ("confirmed", "confirmed")
    assert int(attempt.source.amount_allocated) == placed.group.members.get().order.total_dong == 0
