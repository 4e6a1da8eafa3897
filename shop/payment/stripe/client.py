"""The one way to Stripe: a client with limits, and its errors as two kinds of ours."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from stripe import RequestsClient, StripeClient

from shop.payment.services import PaymentError

log = logging.getLogger(__name__)

# The library would write an identity of this machine to a file and send it along.
stripe.enable_telemetry = False

#: Seconds to connect, seconds to wait for an answer: a person sits in front of the page.
TIMEOUT = (5, 20)
RETRIES = 2
#: Refusals to which Stripe gives no code.
NAMELESS = {stripe.IdempotencyError: "idempotency", stripe.PermissionError: "forbidden"}


class StripeRefused(PaymentError):
    """Stripe, or a rule of ours before Stripe was asked, said no; asking again the same way changes nothing.

    ``code`` says why, ``status`` is what a web page answers.
    """

    def __init__(self, code: str, status: int = 409) -> None:
        super().__init__(code)
        self.status = status


class StripeUnavailable(StripeRefused):
    """Nobody knows whether Stripe did it: ask again later with the same key."""

    def __init__(self, code: str = "unavailable") -> None:
        super().__init__(code, 503)


@lru_cache(maxsize=4)
def client_for(key: str, base: str) -> StripeClient:
    """One client, and so one pool of connections, per key and address."""
    return StripeClient(
        key, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=RequestsClient(timeout=TIMEOUT)
    )


def client() -> StripeClient:
    """The client of the settings; StripeRefused("switched_off") without a key."""
    if not settings.STRIPE_SECRET_KEY:
        raise StripeRefused("switched_off")
    return client_for(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


def is_live() -> bool:
    """Whether the key moves real money."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def options(account: str = "", key: str = "") -> dict[str, Any]:
    """Options of a request: whose account it is about, and the key that makes it happen once."""
    chosen: dict[str, Any] = {}
    if account:
        chosen["stripe_account"] = account
    if key:
        chosen["idempotency_key"] = key
    return chosen


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Around every call: a clear no becomes StripeRefused, everything unclear StripeUnavailable."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError, stripe.PermissionError, stripe.IdempotencyError) as error:
        code = error.code or NAMELESS.get(type(error), "invalid")
        log.warning("Stripe refused %s: %s (%s)", what, code, error.request_id)
        raise StripeRefused(code) from error
    except stripe.AuthenticationError as error:
        log.error("Stripe does not know our key: %s failed", what)
        raise StripeUnavailable("configuration") from error
    except stripe.StripeError as error:
        log.warning("Stripe could not be asked for %s: %s", what, type(error).__name__)
        raise StripeUnavailable from error
