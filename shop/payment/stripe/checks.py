"""Settings that would let money in and never tell us about it: found when the shop starts."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning, register


@register()
def settings_fit(app_configs: Any, **kwargs: Any) -> list:
    """The two ways to collect, and a key that comes with the secret of its news."""
    found: list = []
    if settings.STRIPE_COLLECTS not in ("group", "order"):
        found.append(Error("STRIPE_COLLECTS must be group or order.", id="stripe_payment.E001"))
    if settings.STRIPE_SECRET_KEY and not settings.STRIPE_WEBHOOK_SECRET:
        text = "STRIPE_SECRET_KEY without STRIPE_WEBHOOK_SECRET: payments are only seen when the buyer comes back."
        found.append(Warning(text, id="stripe_payment.W001"))
    return found
