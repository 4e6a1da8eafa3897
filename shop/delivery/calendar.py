"""On which day a parcel leaves: cut-off hour, weekdays, closed days. Only ``calendar_of`` reads models."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shop.delivery.models import EVERY_DAY

#: Somebody who sends nothing for this long has stopped selling.
LOOK_AHEAD = 120


@dataclass(frozen=True)
class Closed:
    """A stretch of days without parcels, both ends included, and why."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Calendar:
    """When parcels of one cooperative leave. ``weekdays`` have Monday in bit 0; those for fresh goods are a subset."""

    cut_off: time | None = None
    weekdays: int = EVERY_DAY
    fresh_weekdays: int = EVERY_DAY
    closed: tuple[Closed, ...] = ()

    def closed_on(self, day: date) -> Closed | None:
        """The stretch that the day lies in."""
        return next((stretch for stretch in self.closed if stretch.first <= day <= stretch.last), None)

    def leaves_on(self, day: date, *, fresh: bool) -> bool:
        """Whether parcels leave that day."""
        mask = self.weekdays & self.fresh_weekdays if fresh else self.weekdays
        return bool(mask >> day.weekday() & 1) and not self.closed_on(day)


#: Every day, at any hour.
ALWAYS = Calendar()


@dataclass(frozen=True)
class Start:
    """The day that a parcel leaves (or may be collected), and the closed days that it waited for."""

    day: date
    closed: Closed | None = None


def start_of(calendar: Calendar, now: datetime, *, fresh: bool, is_pickup: bool = False) -> Start | None:
    """The first day that an order made ``now`` (Vietnamese time) leaves; None when that is out of sight.

    What the buyer collects waits for neither the cut-off hour nor a weekday, only for closed days.
    """
    day, waited_for = now.date(), None
    if calendar.cut_off and now.time() >= calendar.cut_off and not is_pickup:
        day += timedelta(days=1)
    out_of_sight = day + timedelta(days=LOOK_AHEAD)
    while day < out_of_sight:
        stretch = calendar.closed_on(day)
        if stretch:
            waited_for, day = stretch, stretch.last + timedelta(days=1)
        elif is_pickup or calendar.leaves_on(day, fresh=fresh):
            return Start(day, waited_for)
        else:
            day += timedelta(days=1)
    return None


def calendar_of(cooperative: Any) -> Calendar:
    """A cooperative's calendar. Prefetch ``closed_days`` and select ``delivery_rules`` where several are asked."""
    closed = tuple(Closed(row.first_day, row.last_day, row.reason) for row in cooperative.closed_days.all())
    rules = getattr(cooperative, "delivery_rules", None)
    if rules is None:
        return Calendar(closed=closed)
    return Calendar(rules.cut_off, rules.weekdays, rules.fresh_weekdays, closed)
