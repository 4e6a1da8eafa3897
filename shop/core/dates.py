"""Days and months in Viet Nam's time zone, and the twelve-bit mask that stores a season."""

import calendar
import datetime
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Ho_Chi_Minh")

ALL_YEAR = (1 << 12) - 1  # bit 0 is January, bit 11 December


def now():
    """The present moment in Viet Nam's time zone."""
    return datetime.datetime.now(TZ)


def today():
    """Today's date in Viet Nam, whatever the server's own time zone."""
    return now().date()


def add_months(date, months):
    """The same day some months later (earlier when negative), or the last day of a shorter month.

    31 January and one month give 28 or 29 February.
    """
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return date.replace(year=year, month=month + 1, day=min(date.day, last_day))


def months_mask(months):
    """The mask of these months (1 to 12): ``[11, 12, 1]`` gives ``0b110000000001``. ValueError outside 1 to 12."""
    mask = 0
    for month in months:
        if not 1 <= month <= 12:
            raise ValueError(f"not a month: {month!r}")
        mask |= 1 << (month - 1)
    return mask


def parse_months(text):
    """The mask of months written as numbers (``"11 12 1"``, ``"4,5"``) or ``"all"``; an empty text is all year."""
    text = str(text or "").strip().lower()
    if text in ("", "all"):
        return ALL_YEAR
    return months_mask(int(month) for month in text.replace(",", " ").split())


def months_in(mask):
    """The months of a mask in calendar order, 1 to 12."""
    return [month for month in range(1, 13) if has_month(mask, month)]


def has_month(mask, month):
    """Whether the mask holds this month (1 to 12)."""
    return bool(mask >> (month - 1) & 1)


def month_ranges(mask):
    """The mask as ranges of months, running over New Year: November to March gives ``[(11, 3)]``.

    The whole year gives ``[(1, 12)]``, an empty mask ``[]``.
    """
    if mask & ALL_YEAR == ALL_YEAR:
        return [(1, 12)]
    starts = [m for m in months_in(mask) if not has_month(mask, _before(m))]
    return [(start, _end_of_run(mask, start)) for start in starts]


def next_month_in(mask, month):
    """The first month of the mask from this month on, running over New Year; None for an empty mask."""
    ahead = ((month - 1 + step) % 12 + 1 for step in range(12))
    return next((m for m in ahead if has_month(mask, m)), None)


def _before(month):
    return (month - 2) % 12 + 1


def _after(month):
    return month % 12 + 1


def _end_of_run(mask, month):
    while has_month(mask, _after(month)):
        month = _after(month)
    return month
