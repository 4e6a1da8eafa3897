"""Exactly as many units are sold as there are."""

import threading

import pytest
from django.db.models import F
from django.db.models.functions import Coalesce

from shop.checkout import services
from shop.order.models import Order
from shop.partner.models import StockRecord
from tests.concurrency.buyers import buyers, groups, held
from tests.concurrency.race import STUCK, Troubles, race, tally
from tests.factories import listing_make

pytestmark = pytest.mark.django_db(transaction=True)

POLITE = "PlacementRefused:sold_out"


def unchecked(self, quantity):
    """Oscar's own ``allocate``: holds whatever it is asked for."""
    StockRecord.objects.filter(pk=self.pk).update(num_allocated=Coalesce(F("num_allocated"), 0) + quantity)


@pytest.fixture
def all_look_first(monkeypatch):
    """Everybody sees the goods on the shelf before anybody takes one: call it with the number of buyers."""

    def arrange(number: int) -> None:
        barrier = threading.Barrier(number)
        seen = threading.local()
        original = services.group_create

        def group_create(*args):
            if not getattr(seen, "done", False):  # a retried transaction looks again, but not for company
                seen.done = True
                barrier.wait(STUCK)
            return original(*args)

        monkeypatch.setattr(services, "group_create", group_create)

    return arrange


def test_200_buyers_of_50_units(figures):
    listing = listing_make(stock=50)
    troubles = Troubles()

    found = tally(race(buyers(listing, 200), workers=20, troubles=troubles))

    figures(f"200 buyers, 50 units, 20 threads: {dict(found)}, {troubles.count} refused by the database on the way")
    assert found == {"ok": 50, POLITE: 150}
    assert held(listing) == 50
    assert groups() == Order.objects.count() == 50


def test_without_the_guard_too_many_are_sold(all_look_first, monkeypatch, figures):
    listing = listing_make(stock=5)
    jobs = buyers(listing, 20)
    all_look_first(20)
    monkeypatch.setattr(StockRecord, "allocate", unchecked)

    found = tally(race(jobs, workers=20))

    figures(f"guard off, 20 buyers, 5 units: {dict(found)}, {held(listing)} held")
    assert found["ok"] == held(listing) > 5


def test_with_the_guard_the_same_race_sells_five(all_look_first, figures):
    listing = listing_make(stock=5)
    jobs = buyers(listing, 20)
    all_look_first(20)

    found = tally(race(jobs, workers=20))

    figures(f"guard on, 20 buyers, 5 units: {dict(found)}, {held(listing)} held")
    assert found == {"ok": 5, POLITE: 15}
    assert held(listing) == groups() == 5


def test_units_that_do_not_fit_leave_no_remainder_behind(figures):
    """10 units wanted three at a time: three buyers get theirs, the tenth unit stays on the shelf."""
    listing = listing_make(stock=10)

    found = tally(race(buyers(listing, 30, units=3), workers=16))

    figures(f"30 buyers of 3, 10 units: {dict(found)}")
    assert found == {"ok": 3, POLITE: 27}
    assert held(listing) == 9
