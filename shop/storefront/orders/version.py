"""What a page asks every other second: has anything changed that its buyer sees?"""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from shop.fulfilment.models import ConsignmentEvent
from shop.payment.attempts.models import Attempt
from shop.payment.refunds.models import Refund
from shop.payment.stripe.models import CheckoutSession
from shop.storefront.orders.money import Transaction, stray_lines

#: Of every attempt: its own state, its order's and its parcel's. History and books only grow, so their last row tells.
ATTEMPT = ("pk", "provider", "state", "expires_at", "claimed_at", "last_entry", "last_event")
PAGE = ("page", "page_state", "page_ends")
ORDER = ("source__order_id", "source__order__status", "source__order__consignment__state")
TRANSFER = ("source__order__consignment__cooperative_id", "transfer__memo")
REFUND = ("pk", "state", "amount", "bin", "number", "holder", "reference")


def version_of(code: str) -> str:
    """16 digits that change exactly when something shown changes; empty for no purchase. Three queries at most."""
    attempts = list(attempt_rows(code))
    if not attempts:
        return ""
    refunds = Refund.objects.filter(order__membership__group__code=code).order_by("pk").values_list(*REFUND)
    facts = [[seen(row) for row in attempts], list(refunds), line_rows(attempts)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def attempt_rows(code: str) -> QuerySet[Any]:
    """The ways to pay all orders of the purchase, with the last row of each history."""
    entries = Transaction.objects.filter(source=OuterRef("source")).order_by("-pk")
    events = ConsignmentEvent.objects.filter(consignment__order=OuterRef("source__order")).order_by("-pk")
    pages = CheckoutSession.objects.filter(shares__attempt=OuterRef("pk")).order_by("-pk")
    return (
        Attempt.objects.filter(source__order__membership__group__code=code)
        .annotate(
            last_entry=Subquery(entries.values("pk")[:1]),
            last_event=Subquery(events.values("pk")[:1]),
            page=Subquery(pages.values("pk")[:1]),
            page_state=Subquery(pages.values("state")[:1]),
            page_ends=Subquery(pages.values("expires_at")[:1]),
        )
        .order_by("pk")
        .values(*ATTEMPT, *PAGE, *ORDER, *TRANSFER)
    )


def seen(row: dict[str, Any]) -> list[str]:
    """An attempt's row as text, with what the time of day makes of it: a hold or a payment page that has run out."""
    now = timezone.now()
    is_open = row["state"] == Attempt.State.PENDING
    hold_over = is_open and row["expires_at"] is not None and row["expires_at"] <= now
    page_over = is_open and row["page_state"] == CheckoutSession.State.OPEN and row["page_ends"] <= now
    return [str(row[name]) for name in (*ATTEMPT, *PAGE, *ORDER)] + [str(hold_over), str(page_over)]


def line_rows(attempts: Sequence[dict[str, Any]]) -> list[Any]:
    """Money with one of the codes that is on no order."""
    cooperatives, memos = ([row[name] for row in attempts if row["transfer__memo"]] for name in TRANSFER)
    fields = ("pk", "state", *(f"refund__{name}" for name in REFUND[1:]))
    return list(stray_lines(cooperatives, memos).values_list(*fields)) if memos else []
