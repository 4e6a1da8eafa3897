"""One cooperative with stock, one order of 120,000 dong to be transferred, and its neighbour."""

import pytest

from tests.factories import basket_of, cooperative_make, listing_make, place


@pytest.fixture
def cooperative(db):
    return cooperative_make("HTX Vú sữa")


@pytest.fixture
def listing(cooperative):
    return listing_make(cooperative, price=100_000, stock=10)


@pytest.fixture
def order_of():
    """Call it with a listing for a new order of one unit; returns the order."""

    def make(listing, units=1, **extra):
        return place(basket_of((listing, units)), **extra).group.members.get().order

    return make


@pytest.fixture
def order(listing, order_of):
    return order_of(listing)
