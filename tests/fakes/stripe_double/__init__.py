"""A strict stand-in for Stripe: API, payment page and webhooks on this machine."""

from tests.fakes.stripe_double.double import API_KEY, StripeDouble

__all__ = ["API_KEY", "StripeDouble"]
