"""The buyer says that the transfer was made: the hold waits for the cooperative to look."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.checkout.services import transfer_claim
from shop.fulfilment.services import FulfilmentError, order_cancel_by_buyer, order_expire, transfer_confirm_by_hand
from shop.payment.attempts.models import Attempt
from shop.payment.services import PaymentError, attempts_of
from tests.factories import basket_of, listing_make, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return place(basket_of((listing_make(stock=5), 2)), provider="vietqr").group.members.get().order


def attempt_of(order):
    return attempts_of(order).first()


def past(attempt):
    """Let the hold's time run out."""
    Attempt.objects.filter(pk=attempt.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def stock_of(order):
    return order.lines.get().stockrecord.net_stock_level


def test_claim_holds_the_goods_a_day(order, settings):
    first_end = attempt_of(order).expires_at

    assert transfer_claim(attempt=attempt_of(order), by="+84901234567")

    longer = attempt_of(order).expires_at - first_end
    assert timedelta(hours=settings.PAYMENT_CLAIM_HOURS - 1) < longer < timedelta(hours=settings.PAYMENT_CLAIM_HOURS)
    assert order.consignment.events.filter(kind="claimed").count() == 1


def test_claim_twice_counts_once(order):
    transfer_claim(attempt=attempt_of(order), by="x")
    end = attempt_of(order).expires_at

    assert not transfer_claim(attempt=attempt_of(order), by="x")
    assert attempt_of(order).expires_at == end
    assert order.consignment.events.filter(kind="claimed").count() == 1


def test_first_clock_does_not_end_a_claimed_order(order):
    transfer_claim(attempt=attempt_of(order), by="x")

    assert not order_expire(order=order)
    order.refresh_from_db()
    assert order.status == "pending"
    assert stock_of(order) == 3


def test_claimed_order_ends_when_nobody_answers(order):
    transfer_claim(attempt=attempt_of(order), by="x")
    past(attempt_of(order))

    assert order_expire(order=order)
    assert not order_expire(order=order)
    assert stock_of(order) == 5


def test_claim_after_the_end_is_refused(order):
    past(attempt_of(order))

    with pytest.raises(PaymentError):
        transfer_claim(attempt=attempt_of(order), by="x")
    assert attempt_of(order).claimed_at is None


def test_cash_order_cannot_be_claimed():
    order = place(basket_of(listing_make()), provider="cod").group.members.get().order

    with pytest.raises(PaymentError):
        transfer_claim(attempt=attempt_of(order), by="x")


def test_claimed_order_can_be_confirmed(order):
    transfer_claim(attempt=attempt_of(order), by="x")
    transfer_confirm_by_hand(consignment=order.consignment, by="htx")
    assert attempt_of(order).state == Attempt.State.CONFIRMED


def test_claimed_order_cannot_be_withdrawn_by_its_buyer(order):
    transfer_claim(attempt=attempt_of(order), by="x")

    with pytest.raises(FulfilmentError):
        order_cancel_by_buyer(order=order, by="x")
    order.refresh_from_db()
    assert order.status == "pending"
    assert stock_of(order) == 3


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_claim_by_the_page(client, order, prefix):
    group = order.membership.group
    url = f"{prefix}/don-hang/{group.code}/{order.number}/da-chuyen/"

    assert client.get(url).status_code == 405
    assert [client.post(url).status_code for _ in range(2)] == [302, 302]
    page = client.get(f"{prefix}/don-hang/{group.code}/").content.decode()
    assert "da-chuyen" not in page
    assert attempt_of(order).claimed_at

    past(attempt_of(order))
    assert client.post(url).status_code in {302, 409}


def test_page_says_when_it_is_too_late(client, order):
    group = order.membership.group
    past(attempt_of(order))

    answer = client.post(f"/don-hang/{group.code}/{order.number}/da-chuyen/")

    assert answer.status_code == 409
    assert "quá giờ" in answer.content.decode()
