"""Orders in cash at each step, and the people who move them."""

import pytest
from django.test import Client

from shop.fulfilment.services import cash_order_call, cash_parcel_deliver, consignment_accept

SELLER = "+84900000000"


@pytest.fixture
def person(member):
    """Call it with a cooperative and a role for the signed-in browser of a new person there."""

    def make(cooperative, role="owner", **extra):
        client = Client()
        client.user = member(cooperative, role, **extra)
        client.force_login(client.user)
        return client

    return make


@pytest.fixture
def cash_order(order_of):
    """Call it with a cooperative for a new order in cash over 220.000 dong."""
    return lambda cooperative, **extra: order_of(cooperative, provider="cod", **extra)


@pytest.fixture
def taken(cash_order):
    """The same, called and taken."""

    def make(cooperative, **extra):
        consignment = cash_order(cooperative, **extra)
        cash_order_call(consignment=consignment, reached=True, by=SELLER)
        return consignment_accept(consignment=consignment, by=SELLER)

    return make


@pytest.fixture
def delivered(taken):
    """The same, delivered by a carrier who has the cash."""
    return lambda cooperative, carrier="Xe Phương Trang": cash_parcel_deliver(
        consignment=taken(cooperative), carrier=carrier, by=SELLER
    )


def address(consignment, step=""):
    return f"/ban-hang/don/{consignment.order.number}/" + (f"{step}/" if step else "")


def state(consignment):
    """Parcel, order, history, stock that is there and that is held."""
    consignment.refresh_from_db()
    consignment.order.refresh_from_db()
    stock = consignment.order.lines.get().stockrecord
    stock.refresh_from_db()
    kinds = list(consignment.events.values_list("kind", flat=True))
    return consignment.state, consignment.order.status, kinds, (stock.num_in_stock, stock.num_allocated or 0)
