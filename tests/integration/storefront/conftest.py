"""A shop that also takes cards."""

import pytest
from stripe import HTTPClient

from shop.payment.providers import providers
from tests.fakes.stripe_double import StripeDouble

WAYS = [
    "shop.payment.vietqr.provider.VietQR",
    "shop.payment.cod.provider.CashOnDelivery",
    "shop.payment.stripe.provider.Card",
]


@pytest.fixture
def double(settings, monkeypatch):
    """The strict stand-in for Stripe, behind the real library, which tries again at once."""
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0)
    monkeypatch.setattr(HTTPClient, "MAX_DELAY", 0)
    with StripeDouble() as stripe:
        settings.STRIPE_SECRET_KEY = stripe.api_key
        settings.STRIPE_WEBHOOK_SECRET = stripe.webhook_secret
        settings.STRIPE_API_BASE = stripe.url
        settings.STRIPE_COLLECTS = "group"
        settings.PAYMENT_PROVIDERS = WAYS
        providers.cache_clear()
        yield stripe
    providers.cache_clear()
