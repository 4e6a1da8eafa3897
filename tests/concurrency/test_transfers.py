"""Bank news in parallel: told a hundred times, and told in the very moment in which the hold ends."""

import random
import time
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.models import Consignment
from shop.fulfilment.services import order_expire
from shop.messaging.models import Message
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, balance_of
from shop.payment.vietqr.models import BankLine, LineShare
from shop.reconciliation.matching import line_match
from shop.reconciliation.tasks import lines_match
from tests.concurrency.buyers import buyer, buyers, held
from tests.concurrency.race import race, tally
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.factories.bank import feed_make, line_make, sepay_body, sepay_post, transfer_of

StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS = 8
TRIALS = 300
#: Seconds around the end of the hold within which the money arrives.
AROUND = 0.5


def test_one_payment_told_a_hundred_times_credits_once(figures):
    order = place(basket_of(listing_make(price=100_000))).group.members.get().order
    cooperative = order.consignment.cooperative
    feed = feed_make(cooperative)
    body = sepay_body(cooperative.bank_accounts.get().number, f"IBFT {transfer_of(order).memo} A", 120_000)

    answers = race([lambda: sepay_post(Client(), feed, body).status_code for _ in range(100)], workers=SENDERS)
    rounds = race([partial(lines_match, cooperative.pk) for _ in range(SENDERS)], workers=SENDERS)

    figures(f"one payment told 100 times by {SENDERS} senders: {dict(Counter(a.value for a in answers))}")
    assert Counter(answer.value for answer in answers) == {200: 100}
    assert tally(rounds) == {"ok": SENDERS}
    assert BankLine.objects.get().state == "placed"
    assert [int(entry.amount) for entry in Transaction.objects.all()] == [120_000]
    assert Message.objects.filter(kind="money_received").count() == 1
    assert attempts_of(order).get().state == "confirmed"


def test_one_line_matched_by_many_credits_once(figures):
    order = place(basket_of(listing_make(price=100_000))).group.members.get().order
    line = line_make(order.consignment.cooperative, transfer_of(order).memo, 60_000)

    outcomes = race([partial(line_match, line=line) for _ in range(32)], workers=16)

    assert tally(outcomes) == {"ok": 32}
    assert (Transaction.objects.count(), LineShare.objects.count()) == (1, 1)


def test_parts_that_arrive_together_are_all_credited(figures):
    order = place(basket_of(listing_make(price=100_000))).group.members.get().order
    lines = [line_make(order.consignment.cooperative, transfer_of(order).memo, 10_000) for _ in range(12)]

    outcomes = race([partial(line_match, line=line) for line in lines], workers=12)

    assert tally(outcomes) == {"ok": 12}
    assert balance_of(order).received == 120_000
    assert attempts_of(order).get().state == "confirmed"


def test_two_lines_over_the_same_two_orders_never_wait_for_each_other():
    cooperative = cooperative_make()
    listing = listing_make(cooperative, price=100_000, stock=100)
    pairs = [[place(basket_of(listing)).group.members.get().order for _ in range(2)] for _ in range(10)]
    jobs = []
    for first, second in pairs:
        codes = [transfer_of(first).memo, transfer_of(second).memo]
        for memo in (" ".join(codes), " ".join(reversed(codes))):
            jobs.append(partial(line_match, line=line_make(cooperative, memo, 240_000)))

    outcomes = race(jobs, workers=16)

    assert tally(outcomes) == {"ok": 20}
    assert all(balance_of(order).received == 120_000 for pair in pairs for order in pair)
    assert sorted(BankLine.objects.values_list("state", flat=True)) == ["open"] * 10 + ["placed"] * 10


def wait_until(moment):
    """Sleep to within a millisecond of the moment."""
    time.sleep(max(0.0, (moment - timezone.now()).total_seconds()))


def test_money_within_a_second_of_the_end_of_the_hold(figures):
    """Payment, clock and a rival for the goods meet at the moment the hold ends: every order has one end."""
    chance = random.Random(20261124)
    listing = listing_make(price=100_000, stock=TRIALS)
    ready = race(buyers(listing, TRIALS), workers=SENDERS)
    assert tally(ready) == {"ok": TRIALS}
    orders = list(Order.objects.order_by("pk"))
    lines = [line_make(order.consignment.cooperative, transfer_of(order).memo, 120_000) for order in orders]
    rival, baskets = rivals_of(listing, TRIALS // 3)
    jobs = []
    begin = timezone.now() + timedelta(seconds=1)
    for n, (order, line) in enumerate(zip(orders, lines, strict=True)):
        end = begin + timedelta(seconds=n * 0.025)
        Attempt.objects.filter(source__order=order).update(expires_at=end)
        jobs += [
            partial(pay_at, line, end + timedelta(seconds=chance.uniform(-AROUND, AROUND))),
            partial(expire_at, order, end + timedelta(seconds=chance.uniform(0, AROUND / 4))),
        ]
        if n % 3 == 0:
            jobs.append(partial(buy_at, rival, baskets[n // 3].pk, end + timedelta(seconds=AROUND / 4)))
    outcomes = race(jobs, workers=24)

    assert {word for word in tally(outcomes) if not word.startswith("PlacementRefused")} == {"ok"}
    ends = Counter(end_of(order, line) for order, line in zip(orders, lines, strict=True))
    rivals = sum(outcome.word == "ok" and isinstance(outcome.value, str) for outcome in outcomes)
    figures(f"{TRIALS} payments within {AROUND} s of the end: {dict(ends)}; {rivals} rivals got the goods")
    assert set(ends) <= {"paid in time", "expired, came back", "expired, a person decides"}
    record = StockRecord.objects.get(product=listing.product)
    assert held(listing) == ends["paid in time"] + ends["expired, came back"] + rivals
    assert 0 <= record.num_allocated <= record.num_in_stock
    assert Transaction.objects.count() == ends["paid in time"] + ends["expired, came back"]


def rivals_of(listing, number):
    """A job that buys one unit for a given basket, and the baskets; they were filled while one unit was left."""
    StockRecord.objects.update(num_in_stock=TRIALS + 1)
    baskets = [basket_of(listing) for _ in range(number)]
    job = buyer(basket_of(listing), 999)
    StockRecord.objects.update(num_in_stock=TRIALS)
    return job, baskets


def pay_at(line, moment):
    wait_until(moment)
    return line_match(line=line).pk


def expire_at(order, moment):
    wait_until(moment)
    return order_expire(order=order)


def buy_at(rival, basket_pk, moment):
    """The word "bought" when the goods were to be had."""
    wait_until(moment)
    rival(basket_id=basket_pk)
    return "bought"


def end_of(order, line):
    """The one end that order, attempt, parcel, money and line agree on; anything else is a fault."""
    order = Order.objects.get(pk=order.pk)
    line.refresh_from_db()
    kinds = [event.kind for event in order.consignment.events.all()]
    found = (
        order.status,
        attempts_of(order).get().state,
        Consignment.objects.get(order=order).state,
        balance_of(order).received,
        line.state,
    )
    if found == ("confirmed", "confirmed", "new", 120_000, "placed"):
        return "expired, came back" if "expired" in kinds else "paid in time"
    if found == ("cancelled", "expired", "cancelled", 0, "open") and line.outcome == "late":
        return "expired, a person decides"
    return f"fault: {found} {kinds}"
