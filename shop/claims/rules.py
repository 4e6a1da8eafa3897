"""What of an order can be reported now, and why not the rest."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from shop.claims.deadlines import LATE, is_fresh, report_until
from shop.core.dates import TZ
from shop.fulfilment.models import Consignment
from shop.listings.lookup import listing_of

State = Consignment.State


@dataclass(frozen=True)
class Claimable:
    """A line of the order and until when it may be reported."""

    line: Any
    until: datetime | None
    is_fresh: bool


@dataclass(frozen=True)
class Scope:
    """``code``: empty when something may be reported, else ``early`` (not delivered yet, not late either), ``over``
    (the time is over), ``open`` (a report waits already), ``ended`` (nothing was sent), ``many``."""

    code: str
    lines: tuple[Claimable, ...] = ()
    #: Not delivered: only that it has not arrived can be said.
    is_missing: bool = False
    until: datetime | None = None


#: Reports about one order, in all.
MOST = 3


def scope_of(order: Any, at: datetime | None = None) -> Scope:
    """What the buyer of the order may report at this moment."""
    moment = at or timezone.now()
    consignment = order.consignment
    if consignment.state in (State.CANCELLED, State.RETURNED):
        return Scope("ended")
    claims = list(order.claims.all())
    if any(not claim.is_settled for claim in claims):
        return Scope("open")
    if len(claims) >= MOST:
        return Scope("many")
    if consignment.state != State.DELIVERED:
        lines = tuple(Claimable(line, None, is_fresh=False) for line in lines_of(order))
        return Scope("", lines, is_missing=True) if is_overdue(consignment, moment) else Scope("early")
    return scope_after(order, delivered_at(consignment), moment)


def scope_after(order: Any, delivered: datetime | None, moment: datetime) -> Scope:
    """The lines whose time is not over yet."""
    rows = []
    for line in lines_of(order):
        fresh = is_fresh(listing_of(line.product))
        rows.append(Claimable(line, report_until(delivered or moment, fresh=fresh), fresh))
    last = max((row.until for row in rows), default=None)
    still = tuple(row for row in rows if row.until > moment)
    return Scope("" if still else "over", still, until=last)


def lines_of(order: Any) -> list[Any]:
    """The order's lines with the goods that they stand for."""
    return list(order.lines.select_related("product__listing", "product__parent__listing").order_by("pk"))


def delivered_at(consignment: Consignment) -> datetime | None:
    """When the parcel was delivered."""
    event = consignment.events.filter(kind="delivered").order_by("-pk").first()
    return event.at if event else None


def is_overdue(consignment: Consignment, moment: datetime) -> bool:
    """On its way for longer than was promised, with a day on top."""
    if consignment.state != State.HANDED_OVER or consignment.expected_to is None:
        return False
    promised = datetime.combine(consignment.expected_to, time.max, TZ) + LATE
    return moment > promised
