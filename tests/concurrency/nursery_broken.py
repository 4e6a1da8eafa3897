"""Guards taken off, to prove that the checks notice. NURSERY_BROKEN names one of GUARDS."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from shop.messaging import services
from shop.messaging.models import Message


def transactions_off() -> None:
    """Every statement by itself: what a killed process has written stays, the rest never comes."""

    def nothing(*_arguments: Any) -> None:
        pass

    transaction.Atomic.__enter__ = transaction.Atomic.__exit__ = nothing
    QuerySet.select_for_update = lambda rows, *arguments, **options: rows


def claims_off() -> None:
    """A message is sent without being claimed first."""
    services.message_claim = lambda message_id: Message.objects.filter(pk=message_id).first()


GUARDS = {"transactions": transactions_off, "claims": claims_off}
