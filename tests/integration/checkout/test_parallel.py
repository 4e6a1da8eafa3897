"""The rush on whichever database the shop runs on: on SQLite writers queue, nobody hears of a lock."""

import pytest

from shop.order.models import Order
from tests.concurrency.buyers import buyers, groups, held
from tests.concurrency.race import race, tally
from tests.factories import listing_make

pytestmark = pytest.mark.django_db(transaction=True)


def test_20_buyers_of_5_units():
    listing = listing_make(stock=5)

    found = tally(race(buyers(listing, 20), workers=20))

    assert found == {"ok": 5, "PlacementRefused:sold_out": 15}
    assert held(listing) == groups() == Order.objects.count() == 5
