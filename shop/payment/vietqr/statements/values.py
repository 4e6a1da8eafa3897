"""Single cells of a statement as text, dong and moments. Doubtful values are refused, never rounded or guessed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.core.tables.table import Cell
from shop.payment.vietqr.statements.errors import ValueProblem

MAX_AMOUNT = 10**13 - 1  # dong, as in a VietQR code

# Ways to make a spreadsheet keep leading zeros: ="0071000123" in a CSV, or an apostrophe in front.
_QUOTED = re.compile(r'="([^"]*)"')
_APOSTROPHE = re.compile(r"'(?=[=+\-@0-9])")

_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\uff0d": "-", "\uff0b": "+"})
_CURRENCY = re.compile(r"(?:vnd|vnđ|đồng|dong|đ|₫)", re.IGNORECASE)
_SIGNED = re.compile(r"([+-]?)\s*([^+-]*?)\s*([+-]?)")
# Three digits behind the other separator could be a slip of the finger for thousands: no decimals.
_GROUPED = re.compile(r"([0-9]{1,3})((?:\.[0-9]{3})+|(?:,[0-9]{3})+|(?: [0-9]{3})+)([.,](?:[0-9]{1,2}|[0-9]{4,}))?")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")

# Excel in Vietnamese writes SA and CH for AM and PM.
_HALF = r"(?:\s*(?P<half>AM|PM|SA|CH)\b)?"
_TIME = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?" + _HALF
_DAY = r"(?P<one>[0-9]{1,4})(?P<by>[/.\-])(?P<two>[0-9]{1,2})(?P=by)(?P<three>[0-9]{4}|[0-9]{1,2})(?![0-9])"
_GAP = r"(?:\s*[-,]\s*|\s+|T)"
_DAY_FIRST = re.compile(rf"{_DAY}(?:{_GAP}{_TIME})?(?:\+07:?00)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_TIME_FIRST = re.compile(rf"{_TIME}{_GAP}{_DAY}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_COMPACT = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2}))?")
_ONLY_TIME = re.compile(_TIME, re.IGNORECASE)
# What may follow a date in its cell: the bank's number of the entry.
_ENTRY = re.compile(r"[A-Za-z0-9][\w.\- ]{0,60}", re.ASCII)


@dataclass(frozen=True)
class Moment:
    """A day, its time of day when the cell has one, and what stood behind both in the cell."""

    day: date
    at: time | None = None
    rest: str = ""


def text_of(cell: Cell) -> str:
    """The cell as one line of text, without the tricks that keep leading zeros. A number has no ``.0``.

    Text that looks like a formula stays text.
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)
    text = " ".join(str(cell).split())
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].strip() if quoted else _APOSTROPHE.sub("", text, count=1) if text[:1] == "'" else text


# -- Money --------------------------------------------------------------------------------------------------------


def dong_of(cell: Cell) -> int | None:
    """The cell as dong, negative when it says so; None when it is empty or a dash.

    ``1.250.000``, ``1,250,000``, ``1,250,000.00``, ``1.250.000,00``, ``1 250 000``, ``1250000``, ``+1.250.000 VND``,
    ``(500,000)``, ``500,000-`` and Excel's ``1250000.0``. A group of exactly three digits is thousands: ``1.250`` is
    1250 dong, which has no smaller unit. ValueProblem ``fraction`` for decimals other than zeros, ``amount`` for
    anything else, other currencies included.
    """
    if isinstance(cell, str):
        return _dong_of_text(text_of(cell))
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise ValueProblem("amount", cell)
    if not -MAX_AMOUNT <= cell <= MAX_AMOUNT:  # also refuses NaN
        raise ValueProblem("amount", cell)
    if cell != int(cell):
        raise ValueProblem("fraction", cell)
    return int(cell)


def _dong_of_text(text: str) -> int | None:
    rest = text.translate(_DASHES)
    if rest.strip(" -") == "":
        return None
    bracketed = rest.startswith("(") and rest.endswith(")")
    signed = _SIGNED.fullmatch(_bare(rest[1:-1] if bracketed else rest))
    if not signed or bool(signed[1]) + bool(signed[3]) + bracketed > 1:
        raise ValueProblem("amount", text)
    amount = _whole(_bare(signed[2]), text)
    return -amount if bracketed or "-" in (signed[1], signed[3]) else amount


def _bare(text: str) -> str:
    """The number without its currency, in front or behind."""
    text = text.strip()
    for found in (_CURRENCY.match(text), re.search(_CURRENCY.pattern + r"\Z", text, re.IGNORECASE)):
        if found:
            return (text[: found.start()] + text[found.end() :]).strip()
    return text


def _whole(number: str, text: str) -> int:
    grouped = _GROUPED.fullmatch(number)
    plain = _PLAIN.fullmatch(number)
    if grouped and not (grouped[3] and grouped[3][0] == grouped[2][0]):
        whole, decimals = grouped[1] + grouped[2], (grouped[3] or "")[1:]
    elif plain:
        whole, decimals = plain[1], plain[2] or ""
    else:
        raise ValueProblem("amount", text)
    if decimals.strip("0"):
        raise ValueProblem("fraction", text)
    digits = re.sub(r"[^0-9]", "", whole).lstrip("0") or "0"
    if len(digits) > len(str(MAX_AMOUNT)):
        raise ValueProblem("amount", text)
    return int(digits)


# -- Days and times -----------------------------------------------------------------------------------------------


def moment_of(cell: Cell, order: str = "dmy") -> Moment | None:
    """The cell as a day, perhaps with a time; None when it does not look like one.

    ``order``: ``dmy`` as in Viet Nam or ``mdy``; a year of four digits in front is read as such in both. A time of
    exactly midnight is no time: that is how spreadsheets write a day. ValueProblem ``date`` for a day that does not
    exist.
    """
    if isinstance(cell, datetime):
        return _typed(cell)
    if isinstance(cell, date):
        return Moment(cell)
    if isinstance(cell, time):
        return None
    text = text_of(cell)
    if len(text) < 6 or len(text) > 100:
        return None
    try:
        return _compact(text) or _written(text, order)
    except ValueError as error:
        raise ValueProblem("date", text) from error


def _typed(cell: datetime) -> Moment:
    if cell.year > 2999:
        raise ValueProblem("date", cell)
    # Excel keeps times as fractions of a day, which fall short of the second they mean.
    cell = (cell + timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
    return Moment(cell.date(), cell.time() if cell.time() > time() else None)


def _compact(text: str) -> Moment | None:
    found = _COMPACT.fullmatch(text)
    if not found:
        return None
    year, month, day, *clock = (int(part) if part else 0 for part in found.groups())
    return Moment(date(year, month, day), time(*clock) if any(clock) else None)


def _written(text: str, order: str) -> Moment | None:
    found = _DAY_FIRST.fullmatch(text) or _TIME_FIRST.fullmatch(text)
    if not found:
        return None
    rest = found["rest"].strip(" ,-")
    if rest and (not _ENTRY.fullmatch(rest) or re.match(_DAY, rest)):
        return None
    day = _day(found["one"], found["two"], found["three"], order)
    return Moment(day, _clock(found), rest) if day else None


def _day(one: str, two: str, three: str, order: str) -> date | None:
    if len(one) == 4:
        return date(int(one), int(two), int(three)) if len(three) < 4 else None
    if len(one) == 3 or len(three) == 1:
        return None
    year = int(three) + 2000 if len(three) == 2 else int(three)
    day, month = (two, one) if order == "mdy" else (one, two)
    return date(year, int(month), int(day))


def _clock(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").upper()
    if half and not 1 <= hour <= 12:
        raise ValueError("hour")
    if half:
        hour = hour % 12 + (12 if half in ("PM", "CH") else 0)
    at = time(hour, int(found["minute"]), int(found["second"] or 0))
    return at if at > time() else None


def time_of(cell: Cell) -> time | None:
    """The time of day in a column of its own; None when there is none or it cannot be read."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return cell.replace(microsecond=0, tzinfo=None) if cell > time() else None
    if not isinstance(cell, str):
        return None
    try:
        found = _ONLY_TIME.fullmatch(text_of(cell))
        moment = None if found else moment_of(cell)
        return _clock(found) if found else moment.at if moment else None
    except ValueError:
        return None
