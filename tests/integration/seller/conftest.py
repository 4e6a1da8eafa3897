"""A cooperative with an owner, a neighbour, and orders in each way to pay."""

from itertools import count

import pytest

from shop.accounts.models import User
from shop.cooperatives.models import Membership
from tests.factories.market import basket_of, cooperative_make, listing_make, place

people = count(1)


@pytest.fixture
def cooperative(db):
    return cooperative_make("HTX Vú sữa")


@pytest.fixture
def neighbour(db):
    return cooperative_make("HTX Xoài")


@pytest.fixture
def member():
    """Call it with a cooperative and a role for a new person who works there."""

    def make(cooperative, role="owner", **extra):
        person = User.objects.create_user(phone=f"+849111{next(people):05d}", first_name="Lành", **extra)
        Membership.objects.create(cooperative=cooperative, user=person, role=role)
        return person

    return make


@pytest.fixture
def order_of():
    """Call it with a cooperative for a new order of two boxes; returns its consignment."""

    def make(cooperative, *, provider="vietqr", stock=10, **extra):
        listing = listing_make(cooperative, title="Vú sữa Lò Rèn", stock=stock)
        placement = place(basket_of((listing, 2)), provider=provider, **extra)
        return placement.group.members.get().order.consignment

    return make


@pytest.fixture
def owner_client(client, cooperative, member):
    client.force_login(member(cooperative, "owner"))
    return client
