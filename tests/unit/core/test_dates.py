import datetime

import pytest

from shop.core import dates

Date = datetime.date


def test_today_is_the_day_in_viet_nam(monkeypatch):
    class Evening(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime(2026, 11, 24, 17, 30, tzinfo=datetime.UTC).astimezone(tz)

    monkeypatch.setattr(dates.datetime, "datetime", Evening)
    assert dates.today() == Date(2026, 11, 25)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (Date(2023, 11, 24), 36, Date(2026, 11, 24)),
        (Date(2024, 2, 29), 36, Date(2027, 2, 28)),
        (Date(2024, 2, 29), 48, Date(2028, 2, 29)),
        (Date(2026, 1, 31), 1, Date(2026, 2, 28)),
        (Date(2026, 12, 1), 1, Date(2027, 1, 1)),
        (Date(2026, 3, 31), -1, Date(2026, 2, 28)),
        (Date(2026, 1, 15), -13, Date(2024, 12, 15)),
        (Date(2026, 5, 5), 0, Date(2026, 5, 5)),
    ],
)
def test_add_months(start, months, end):
    assert dates.add_months(start, months) == end


@pytest.mark.parametrize(
    ("text", "months"),
    [("11 12 1 2 3", [1, 2, 3, 11, 12]), ("4,5", [4, 5]), ("all", list(range(1, 13))), ("", list(range(1, 13)))],
)
def test_parse_months(text, months):
    assert dates.months_in(dates.parse_months(text)) == months


@pytest.mark.parametrize("text", ["0", "13", "mai", "1 -2"])
def test_parse_refuses(text):
    with pytest.raises(ValueError):
        dates.parse_months(text)


def test_january_is_the_first_bit():
    assert dates.months_mask([1]) == 1
    assert dates.months_mask(range(1, 13)) == dates.ALL_YEAR == 4095


@pytest.mark.parametrize(
    ("months", "ranges"),
    [
        ([11, 12, 1, 2, 3], [(11, 3)]),
        ([4, 5, 6, 7, 11, 12], [(4, 7), (11, 12)]),
        ([1], [(1, 1)]),
        ([1, 3, 12], [(3, 3), (12, 1)]),
        (range(1, 13), [(1, 12)]),
        ([], []),
    ],
)
def test_month_ranges(months, ranges):
    assert dates.month_ranges(dates.months_mask(months)) == ranges


@pytest.mark.parametrize(("month", "wanted"), [(2, 2), (3, 11), (12, 12)])
def test_next_month(month, wanted):
    assert dates.next_month_in(dates.months_mask([11, 12, 1, 2]), month) == wanted


def test_next_month_of_nothing():
    assert dates.next_month_in(0, 5) is None
