"""Baskets over the same goods in every order: no deadlock reaches a buyer, and the sums are right."""

import random
from collections import Counter

import pytest
from django.db.models import Sum
from oscar.core.loading import get_model

from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from tests.concurrency.buyers import buyer, held
from tests.concurrency.race import Troubles, race, tally
from tests.factories import basket_of, cooperative_make, listing_make

OrderLine = get_model("order", "Line")

pytestmark = pytest.mark.django_db(transaction=True)


def test_baskets_over_shared_goods(stress, figures):
    """40 buyers at a time over five products of three cooperatives; at least 100 orders, 500 under stress."""
    cooperatives = [cooperative_make() for _ in range(3)]
    goods = [listing_make(cooperatives[n % 3], stock=10_000) for n in range(5)]
    dice = random.Random(20251124)
    wanted = Counter()
    jobs, orders = [], 0
    while orders < (500 if stress else 100):
        chosen = [(listing, dice.randint(1, 3)) for listing in dice.sample(goods, dice.randint(3, 5))]
        for listing, units in chosen:
            wanted[listing.pk] += units
        orders += len({listing.cooperative_id for listing, _units in chosen})
        jobs.append(buyer(basket_of(*chosen), len(jobs)))
    troubles = Troubles()

    found = tally(race(jobs, workers=40, troubles=troubles))

    figures(f"{len(jobs)} baskets, {orders} orders, 40 threads: {dict(found)}, {troubles.count} refused on the way")
    assert found == {"ok": len(jobs)}
    assert Order.objects.count() == Attempt.objects.count() == orders
    assert {listing.pk: held(listing) for listing in goods} == wanted
    lines = OrderLine.objects.values("product__listing").annotate(units=Sum("quantity"))
    assert {row["product__listing"]: row["units"] for row in lines} == wanted


def test_baskets_that_run_dry_together(figures):
    """Goods end in the middle of the rush: what was refused holds nothing, what was sold adds up."""
    cooperatives = [cooperative_make() for _ in range(3)]
    goods = [listing_make(cooperatives[n % 3], stock=12) for n in range(5)]
    dice = random.Random(7)
    jobs = [buyer(basket_of(*dice.sample(goods, 3)), n) for n in range(60)]

    found = tally(race(jobs, workers=30))

    figures(f"60 baskets of 3 over 5 x 12 units: {dict(found)}")
    assert set(found) <= {"ok", "PlacementRefused:sold_out", "PlacementRefused:changed"}
    for listing in goods:
        sold = OrderLine.objects.filter(product=listing.product).aggregate(units=Sum("quantity"))["units"] or 0
        assert held(listing) == sold <= 12
