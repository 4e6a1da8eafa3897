"""The stand-in for Stripe, the real library that talks to it, and a receiver of its news."""

import pytest
from stripe import HTTPClient, StripeClient

from tests.fakes.stripe_double import StripeDouble
from tests.fakes.stripe_double.receiver import Receiver


@pytest.fixture
def double(monkeypatch):
    """The library tries again at once."""
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(HTTPClient, "MAX_DELAY", 0)
    with StripeDouble() as stripe:
        yield stripe


@pytest.fixture
def client(double):
    """Tries twice again."""
    return StripeClient(double.api_key, base_addresses={"api": double.url}, max_network_retries=2)


def page_params(**changes):
    """A page over 120,000 dong."""
    price = {"currency": "vnd", "unit_amount": 120_000, "product_data": {"name": "HTX <Một> & bạn"}}
    params = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://shop.test/ok?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/no",
        "locale": "vi",
    }
    return {name: value for name, value in (params | changes).items() if value is not None}


@pytest.fixture
def page(client):
    """An open payment page."""
    return client.v1.checkout.sessions.create(page_params())


@pytest.fixture
def payment(client, double, page):
    """Its payment, once it was paid."""
    double.pay(page.id)
    return client.v1.checkout.sessions.retrieve(page.id).payment_intent


@pytest.fixture
def receiver():
    """Somebody who listens to news."""
    with Receiver() as listening:
        yield listening
