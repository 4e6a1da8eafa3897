"""The history of an order as its buyer reads it."""

import pytest

from shop.fulfilment.services import (
    cash_order_call,
    cash_parcel_deliver,
    consignment_accept,
    consignment_refuse,
)
from tests.factories import basket_of, listing_make, place
from tests.integration.checkout.pages import page_text
from tests.integration.storefront.money import TOTAL, order_url, over, page_url, panel_of, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return listing_make(price=100_000)


@pytest.fixture
def group(listing):
    """A purchase of 120,000 dong, to be transferred."""
    return place(basket_of(listing)).group


@pytest.fixture
def order(group):
    return group.members.get().order


# -- Timeline ------------------------------------------------------------------------------------------------------


def steps_of(client, group, order):
    steps = client.get(order_url(group, order, language="en")).context["steps"]
    return [(step["state"], step["title"]) for step in steps]


def test_timeline_of_a_part(client, group, order):
    pay(order, 50_000)

    assert steps_of(client, group, order)[:4] == [
        ("done", "Ordered"),
        ("done", "A part of the money received"),
        ("now", "Waiting for the rest of the money"),
        ("todo", "The cooperative takes the order"),
    ]


def test_timeline_of_cash(client, listing):
    group = place(basket_of(listing), provider="cod").group
    order = group.members.get().order
    assert steps_of(client, group, order)[:2] == [("done", "Ordered"), ("now", "The cooperative calls you")]

    cash_order_call(consignment=order.consignment, reached=False, by="x")
    text = page_text(client.get(page_url(group, language="en")))
    assert "The cooperative called 0901 234 567 and nobody answered." in text
    assert f'href="tel:{order.consignment.cooperative.phone}"' in text

    cash_order_call(consignment=order.consignment, reached=True, by="x")
    consignment_accept(consignment=order.consignment, by="x")
    cash_parcel_deliver(consignment=order.consignment, carrier="GHN", by="x")
    assert steps_of(client, group, order) == [
        ("done", "Ordered"),
        ("done", "The cooperative called and did not reach you"),
        ("done", "You confirmed the order on the phone"),
        ("done", "The cooperative takes the order"),
        ("done", "Received by you"),
    ]


def test_the_end_that_counts_is_the_last_one(client, group, order):
    over(order)
    pay(order, TOTAL)
    consignment_refuse(consignment=order.consignment, reason="Hết hàng", by="x")

    assert panel_of(client, group).state == "refused"
    assert steps_of(client, group, order)[-1] == ("now", "The cooperative could not take the order")
