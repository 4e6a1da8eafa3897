"""Spans of whole days by the calendar of Viet Nam."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.core.dates import TZ, add_months, today

#: The longest span that a page adds up.
MAX_DAYS = 366
EARLIEST = date(2020, 1, 1)


class SpanError(Exception):
    """No span. ``code``: ``order`` (ends before it begins), ``long`` (more than MAX_DAYS), ``early``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Span:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, TZ)

    @property
    def end(self) -> datetime:
        """The moment after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time.min, TZ)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, field: str) -> dict[str, datetime]:
        """Filter for a moment in the span."""
        return {f"{field}__gte": self.start, f"{field}__lt": self.end}


def span_make(first: date, last: date) -> Span:
    """The span; SpanError for one that cannot be added up."""
    if last < first:
        raise SpanError("order")
    if first < EARLIEST or last.year > today().year + 1:
        raise SpanError("early")
    if (last - first).days >= MAX_DAYS:
        raise SpanError("long")
    return Span(first, last)


def day_span() -> Span:
    """Today."""
    return Span(today(), today())


def week_span() -> Span:
    """From Monday to Sunday of this week."""
    monday = today() - timedelta(days=today().weekday())
    return Span(monday, monday + timedelta(days=6))


def month_span(first: date) -> Span:
    """The month that the day is in."""
    first = first.replace(day=1)
    return Span(first, add_months(first, 1) - timedelta(days=1))


def year_until(last: date) -> Span:
    """From 1 January to that day."""
    return Span(last.replace(month=1, day=1), last)
