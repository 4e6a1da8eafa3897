"""A shop that takes cards, and the stand-in for Stripe that it talks to through the real library."""

import pytest
from stripe import HTTPClient, StripeClient

from shop.payment.providers import providers
from shop.payment.services import attempts_of
from shop.payment.stripe.services import session_open
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.fakes.stripe_double import StripeDouble


@pytest.fixture
def double(settings, monkeypatch):
    """The stand-in; the library tries again at once."""
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(HTTPClient, "MAX_DELAY", 0)
    with StripeDouble() as stripe:
        settings.STRIPE_SECRET_KEY = stripe.api_key
        settings.STRIPE_WEBHOOK_SECRET = stripe.webhook_secret
        settings.STRIPE_API_BASE = stripe.url
        settings.STRIPE_COLLECTS = "group"
        settings.PAYMENT_PROVIDERS = ["shop.payment.stripe.provider.Card"]
        providers.cache_clear()
        yield stripe
    providers.cache_clear()


@pytest.fixture
def attempts(db, double):
    """Two orders of one purchase to be paid by card: 120,000 and 220,000 dong."""
    goods = [
        listing_make(cooperative_make("HTX Một"), price=100_000),
        listing_make(cooperative_make("HTX Hai"), price=200_000),
    ]
    group = place(basket_of(*goods), provider="stripe").group
    return [attempts_of(member.order).get() for member in group.members.all()]


@pytest.fixture
def attempt(attempts):
    """The first of them."""
    return attempts[0]


@pytest.fixture
def open_page(attempts):
    """Call it to open the payment page of some attempts, both without a word."""

    def opened(*chosen, **extra):
        wanted = {
            "attempts": chosen or attempts,
            "group_code": "abc",
            "success_url": "http://shop.test/don-hang/abc/?thanh-toan={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/don-hang/abc/",
            "language": "vi",
            "by": "buyer",
        }
        return session_open(**(wanted | extra))

    return opened


@pytest.fixture
def paid(open_page, double):
    """Call it for a page that was paid, as Stripe knows it; nobody has asked yet."""

    def done(*chosen, card="4242424242424242"):
        session = open_page(*chosen)
        double.pay(session.session_id, card)
        return session

    return done


@pytest.fixture
def cooperatives(attempts):
    """Whose orders they are."""
    return [attempt.source.order.consignment.cooperative for attempt in attempts]


@pytest.fixture
def client_of(double):
    """The library itself, for what somebody does at Stripe without the shop."""
    return StripeClient(double.api_key, base_addresses={"api": double.url})
