"""The way up: what to do about an event is decided in a room above, which the settings name."""

from django.conf import settings
from django.utils.module_loading import import_string

from shop.payment.stripe.models import StripeEvent


def event_stored(event: StripeEvent) -> None:
    """Queue the task ``STRIPE_EVENT_TASK`` (dotted path) with the event's primary key, in the caller's transaction."""
    import_string(settings.STRIPE_EVENT_TASK).enqueue(event.pk)
