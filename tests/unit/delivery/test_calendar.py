"""On which day a parcel leaves. 24 November 2026 is a Tuesday."""

from datetime import date, datetime, time

import pytest

from shop.core.dates import TZ
from shop.delivery.calendar import ALWAYS, Calendar, Closed, start_of
from shop.delivery.lunar import TET, tet_days

NO_SATURDAY, NO_SUNDAY, MONDAYS = 0b1011111, 0b0111111, 0b0000001
TEN = Calendar(cut_off=time(10))
FRUIT = Calendar(cut_off=time(10), weekdays=NO_SUNDAY, fresh_weekdays=NO_SATURDAY)
CLOSED = Closed(date(2026, 11, 25), date(2026, 11, 27), "Cúng đình")
FEAST = Calendar(cut_off=time(10), weekdays=NO_SUNDAY, fresh_weekdays=NO_SATURDAY, closed=(CLOSED,))
TWO = Calendar(closed=(CLOSED, Closed(date(2026, 11, 28), date(2026, 11, 30), "Sửa kho")))


def at(day, hour=8, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=TZ)


@pytest.mark.parametrize(
    ("calendar", "now", "fresh", "leaves"),
    [
        (ALWAYS, at(24, 23, 59), True, 24),
        (TEN, at(24, 9, 59), False, 24),
        (TEN, at(24, 10, 0), False, 25),
        (TEN, at(24, 23, 59), False, 25),
        (TEN, at(30, 10, 1), False, date(2026, 12, 1)),
        (FRUIT, at(27, 9), True, 27),
        (FRUIT, at(27, 11), False, 28),
        (FRUIT, at(27, 11), True, 30),
        (FRUIT, at(28, 9), True, 30),
        (FRUIT, at(28, 9), False, 28),
        (FRUIT, at(28, 11), False, 30),
        (FRUIT, at(29, 8), False, 30),
        (FEAST, at(24, 9), True, 24),
        (FEAST, at(24, 11), False, 28),
        (FEAST, at(24, 11), True, 30),
        (FEAST, at(26, 8), True, 30),
        (TWO, at(25), False, date(2026, 12, 1)),
        (Calendar(weekdays=MONDAYS), at(24), False, 30),
    ],
)
def test_the_day_that_parcels_leave(calendar, now, fresh, leaves):
    expected = leaves if isinstance(leaves, date) else date(2026, 11, leaves)

    assert start_of(calendar, now, fresh=fresh).day == expected


@pytest.mark.parametrize(
    ("calendar", "now", "day"),
    [(FRUIT, at(29, 23), 29), (FEAST, at(24, 23), 24), (FEAST, at(26), 28), (TWO, at(27), date(2026, 12, 1))],
)
def test_buyers_collect_on_any_day_that_is_open(calendar, now, day):
    expected = day if isinstance(day, date) else date(2026, 11, day)

    assert start_of(calendar, now, fresh=True, is_pickup=True).day == expected


def test_the_closed_days_that_were_waited_for_are_named():
    assert start_of(FEAST, at(24, 11), fresh=True).closed == CLOSED
    assert start_of(FEAST, at(24, 9), fresh=True).closed is None


def test_nothing_leaves_a_cooperative_without_weekdays_or_closed_for_months():
    for_ever = Calendar(closed=(Closed(date(2026, 1, 1), date(9998, 1, 1), "Nghỉ"),))

    assert start_of(Calendar(weekdays=0b1, fresh_weekdays=0b10), at(24), fresh=True) is None
    assert start_of(for_ever, at(24), fresh=False) is None


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 11, 24), (date(2027, 2, 4), date(2027, 2, 10))),
        (date(2026, 9, 1), None),
        (date(2027, 2, 10), (date(2027, 2, 4), date(2027, 2, 10))),
        (date(2027, 2, 11), None),
        (date(2027, 12, 1), (date(2028, 1, 24), date(2028, 1, 30))),
    ],
)
def test_tet_is_suggested_when_it_is_near(on, expected):
    assert tet_days(on) == expected
    assert TET[0] == date(2027, 2, 6)
