"""Until when buyers may report a problem, and cooperatives should answer: all time limits of claims in one place.

The return rule that the market publishes: fresh goods within 24 hours of delivery, other goods within 7 days. A change
becomes a further row with its first day; what was delivered before keeps its rule.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone


@dataclass(frozen=True)
class Rule:
    """From ``since`` on (day of delivery, Viet Nam)."""

    since: date
    fresh: timedelta
    other: timedelta


RULES = (Rule(date(2026, 1, 1), fresh=timedelta(hours=24), other=timedelta(days=7)),)

#: The cooperative answers within.
ANSWER = timedelta(hours=48)
#: An answer that the buyer says nothing to is settled after.
SETTLE = timedelta(days=7)
#: A parcel counts as late this long after the last day that was promised.
LATE = timedelta(days=1)
#: Goods that bear so many days on the road at most count as fresh.
FRESH_DAYS = 3
#: OCOP sets of goods that spoil: vegetables and fruit, meat and fish, as they are harvested.
FRESH_SETS = frozenset({1, 2})


def is_fresh(listing: Any) -> bool:
    """Whether the goods spoil within days."""
    if listing is None:
        return False
    days = listing.max_transit_days
    return listing.ocop_set in FRESH_SETS or (days is not None and days <= FRESH_DAYS)


def report_until(delivered_at: datetime, *, fresh: bool) -> datetime:
    """The last moment to report a problem with goods that were delivered then."""
    day = timezone.localtime(delivered_at).date()
    rule = next((rule for rule in reversed(RULES) if rule.since <= day), RULES[0])
    return delivered_at + (rule.fresh if fresh else rule.other)


def answer_due(created_at: datetime) -> datetime:
    """When the cooperative's answer is due."""
    return created_at + ANSWER
