"""First days of the lunar years in Viet Nam, a dated table: there is no rule short enough to be trusted here.

Source: the Vietnamese calendar (UTC+7), which now and then differs from the Chinese one. Add a line each year.
"""

from datetime import date, timedelta

TET = (date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13))

#: Two days before the first day of the year to its fifth: carriers stop about then.
BEFORE, AFTER = 2, 4
#: How long before a suggestion is of use.
AHEAD = 120


def tet_days(on: date) -> tuple[date, date] | None:
    """First and last day that a cooperative is likely to close for Tết, when it is near; None otherwise."""
    for new_year in TET:
        first, last = new_year - timedelta(days=BEFORE), new_year + timedelta(days=AFTER)
        if on <= last and first - on <= timedelta(days=AHEAD):
            return first, last
    return None
