"""Payment, expiry and refusal at the same moment: one end state, stock freed once, money booked once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.services import (
    consignment_refuse,
    order_cancel_by_buyer,
    order_expire,
    transfer_confirm_by_hand,
)
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.services import attempts_of, payment_confirm, provider_switch
from tests.concurrency.buyers import held
from tests.concurrency.race import race, tally, together
from tests.factories import basket_of, listing_make, place, recipient

Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf():
    """Goods that many orders hold."""
    return listing_make(stock=1_000)


def ordered(listing, number, provider="vietqr"):
    """That many orders of two units each; their hold is over a minute ago."""
    orders = [
        place(basket_of((listing, 2)), provider=provider, to=recipient(phone=f"+8490{n:07d}")).group.members.get().order
        for n in range(number)
    ]
    Attempt.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(minutes=1))
    return orders


def states(order):
    """Order, attempt, consignment."""
    return (
        Order.objects.get(pk=order.pk).status,
        Attempt.objects.get(source__order=order).state,
        Consignment.objects.get(order=order).state,
    )


def test_money_arrives_at_the_moment_the_hold_ends(shelf, figures):
    orders = ordered(shelf, 50)
    jobs = []
    for order in orders:
        attempt = attempts_of(order).get()

        def pay(attempt=attempt):
            return payment_confirm(attempt=attempt, amount=220_000, key=f"bank:{attempt.pk}", by="bank")

        jobs += together(pay, lambda order=order: order_expire(order=order))

    outcomes = race(jobs, workers=16)

    ends = {"paid": ("confirmed", "confirmed", "new"), "expired": ("cancelled", "expired", "cancelled")}
    paid = 0
    for index, order in enumerate(orders):
        paying, expiring = outcomes[2 * index], outcomes[2 * index + 1]
        if paying.error is None:
            paid += 1
            assert (states(order), expiring.value) == (ends["paid"], False)
            assert Transaction.objects.get(source__order=order).amount == 220_000
        else:
            assert (paying.word, expiring.value) == ("PaymentError:expired", True)
            assert states(order) == ends["expired"]
            assert not Transaction.objects.filter(source__order=order).exists()
    figures(f"50 payments against 50 expiries: {paid} paid, {50 - paid} expired")
    assert held(shelf) == 2 * paid


def test_expired_twice_and_seen_by_a_visitor_frees_once(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = [job for order in orders for job in together(*[lambda order=order: order_expire(order=order)] * 3)]

    outcomes = race(jobs, workers=18)

    figures(f"20 orders expired three times each: {sum(bool(o.value) for o in outcomes)} did it")
    assert tally(outcomes) == {"ok": 60}
    assert sum(outcome.value for outcome in outcomes) == 20
    assert held(shelf) == 0


def test_refused_twice_in_parallel_frees_once(shelf, figures):
    others = ordered(shelf, 5, provider="cod")  # their units must stay held
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:

        def refuse(parcel=order.consignment):
            return consignment_refuse(consignment=parcel, reason="Mưa lớn", by="xã viên")

        jobs += together(refuse, refuse)

    outcomes = race(jobs, workers=16)

    figures(f"20 orders refused twice each: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 40}
    assert held(shelf) == 2 * len(others)
    assert ConsignmentEvent.objects.filter(kind="refused").count() == 20


def test_refused_while_it_expires_frees_once(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:

        def refuse(parcel=order.consignment):
            return consignment_refuse(consignment=parcel, reason="Hết hàng", by="xã viên")

        jobs += together(refuse, lambda order=order: order_expire(order=order))

    outcomes = race(jobs, workers=16)

    expired = sum(bool(outcome.value) for outcome in outcomes[1::2])
    figures(f"20 refusals against 20 expiries: {expired} expired, {20 - expired} refused")
    assert tally(outcomes) == {"ok": 40}
    assert held(shelf) == 0
    assert ConsignmentEvent.objects.filter(kind__in=["refused", "expired"]).count() == 20


def test_confirmed_by_hand_twice_in_parallel_credits_once(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:

        def confirm(parcel=order.consignment):
            return transfer_confirm_by_hand(consignment=parcel, by="kế toán")

        jobs += together(confirm, confirm)

    outcomes = race(jobs, workers=16)

    figures(f"20 transfers confirmed by hand twice each: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 40}
    assert [int(row.amount) for row in Transaction.objects.all()] == [220_000] * 20
    assert ConsignmentEvent.objects.filter(kind="paid").count() == 20
    assert all(states(order) == ("confirmed", "confirmed", "new") for order in orders)


def test_the_same_bank_line_told_by_feed_and_statement_credits_once(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:
        attempt = attempts_of(order).get()

        def pay(attempt=attempt):
            return payment_confirm(attempt=attempt, amount=220_000, key=f"bank:{attempt.pk}", by="bank").pk

        jobs += together(pay, pay)

    outcomes = race(jobs, workers=16)

    figures(f"20 bank lines told twice each: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 40}
    assert Transaction.objects.count() == 20
    assert all(outcomes[n].value == outcomes[n + 1].value for n in range(0, 40, 2))


def test_switched_to_cash_twice_in_parallel_leaves_one_way_open(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:

        def switch(order=order):
            return provider_switch(order=order, provider_code="cod", by="+84901234567").pk

        jobs += together(switch, switch)

    outcomes = race(jobs, workers=16)

    figures(f"20 orders switched to cash twice each: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 40}
    assert Attempt.objects.filter(state="pending", provider="cod").count() == 20
    assert Attempt.objects.filter(state="cancelled", provider="vietqr").count() == 20
    assert held(shelf) == 40


def test_buyer_withdraws_at_the_moment_the_money_arrives(shelf, figures):
    orders = ordered(shelf, 20)
    jobs = []
    for order in orders:
        attempt = attempts_of(order).get()

        def pay(attempt=attempt):
            return payment_confirm(attempt=attempt, amount=220_000, key=f"bank:{attempt.pk}", by="bank")

        jobs += together(pay, lambda order=order: order_cancel_by_buyer(order=order, by="+84901234567"))

    outcomes = race(jobs, workers=16)

    paid = 0
    for index, order in enumerate(orders):
        words = (outcomes[2 * index].word, outcomes[2 * index + 1].word)
        if words == ("ok", "FulfilmentError:too_late"):
            paid += 1
            assert states(order) == ("confirmed", "confirmed", "new")
        else:
            assert words == ("PaymentError:cancelled", "ok")
            assert states(order) == ("cancelled", "cancelled", "cancelled")
    figures(f"20 payments against 20 withdrawals: {paid} paid, {20 - paid} withdrawn")
    assert held(shelf) == 2 * paid
