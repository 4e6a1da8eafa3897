"""What a way to pay looks like, and which ones are switched on. The base never imports a provider."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shop.payment.attempts.models import Attempt


@dataclass(frozen=True)
class Availability:
    """Whether an order can be paid this way; ``reason`` is said to the buyer when it cannot."""

    ok: bool
    reason: Any = ""


class PaymentProvider(Protocol):
    """One way to pay. Stateless; one instance serves every order."""

    code: str
    label: Any
    hint: Any
    icon: str
    #: Whether an unpaid order holds its stock only for a while.
    holds_stock_until_paid: bool

    def availability(self, cooperative: Any, total: int) -> Availability:
        """For an order of that cooperative over ``total`` dong."""

    def start(self, attempt: Attempt) -> None:
        """Prepare what the buyer needs (a transfer request, a session); runs inside the order's transaction."""


@lru_cache
def providers() -> dict[str, PaymentProvider]:
    """The providers of the settings by code, in their order."""
    found = [import_string(path)() for path in settings.PAYMENT_PROVIDERS]
    return {provider.code: provider for provider in found}


def provider(code: str) -> PaymentProvider | None:
    """The provider of that code when it is switched on."""
    return providers().get(code)
