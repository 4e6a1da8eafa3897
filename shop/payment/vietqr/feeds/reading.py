"""Reading what strangers send: strict JSON, then fields with types and limits. Everything raises ``FeedError``."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.core.dates import TZ
from shop.payment.vietqr.feeds.base import FeedError

MAX_BODY = 256 * 1024  # bytes; a call with a hundred lines has about 60 KB
MAX_DEPTH = 8  # levels of lists and objects; the providers use three
MAX_AMOUNT = 10**13 - 1  # dong
MAX_MEMO = 1000

# What PostgreSQL cannot store in a text.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SEPARATORS = re.compile(r"[\s.\-]+")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,30}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# Far enough from both ends of the calendar that no time zone moves a moment over them.
_YEARS = range(2000, 3000)


def check_size(body: bytes) -> None:
    """Refuse a body over 256 KB, before anything is computed over it."""
    if len(body) > MAX_BODY:
        raise FeedError("huge")


def parse(body: bytes) -> Any:
    """The value of a JSON text in strict UTF-8. Whole numbers come as ``int``, all others as ``Decimal``.

    Refused beside broken JSON: NaN and Infinity, a name twice in one object (two readers may pick different ones),
    more than eight levels, NUL characters and unpaired surrogates.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FeedError("encoding") from error
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise FeedError("malformed", "JSON") from error
    _check(value, MAX_DEPTH)
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name comes twice")
    return members


def _check(value: Any, levels: int) -> None:
    """Depth, and the characters of every text, names included."""
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise FeedError("malformed", "characters")
    if not isinstance(value, dict | list):
        return
    if not levels:
        raise FeedError("malformed", "depth")
    for name in value if isinstance(value, dict) else ():
        _check(name, levels)
    for item in value.values() if isinstance(value, dict) else value:
        _check(item, levels - 1)


def members(value: Any, where: str) -> dict[str, Any]:
    """The value, which must be an object."""
    if not isinstance(value, dict):
        raise FeedError("malformed", where)
    return value


def text(row: Mapping[str, Any], name: str, longest: int, *, required: bool = False) -> str:
    """The text of a field, trimmed and cut to ``longest``; missing and null are empty unless it is required."""
    value = row.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise FeedError("malformed", name)
    value = value.strip()[:longest]
    if required and not value:
        raise FeedError("malformed", name)
    return value


def whole(row: Mapping[str, Any], name: str, largest: int = MAX_AMOUNT) -> int:
    """A whole number from ``-largest`` to ``largest``. ``345000.0`` is one; ``true``, ``"345000"`` and null are not."""
    value = row.get(name)
    # The range comes first: 1e999999999 is whole too, and would fill the memory as an int.
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not -largest <= value <= largest:
        raise FeedError("malformed", name)
    if value != int(value):
        raise FeedError("malformed", name)
    return int(value)


def dong(row: Mapping[str, Any], name: str) -> int:
    """An amount of 1 dong or more, at most 13 digits."""
    amount = whole(row, name)
    if amount <= 0:
        raise FeedError("malformed", name)
    return amount


def plain_account(typed: str) -> str:
    """An account number without spaces, dots and dashes."""
    return _SEPARATORS.sub("", typed)


def account(row: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """An account number of at most 30 letters and digits; empty when there is none."""
    number = plain_account(text(row, name, 60, required=required))
    if (number or required) and not _ACCOUNT.fullmatch(number):
        raise FeedError("malformed", name)
    return number


def moment(row: Mapping[str, Any], name: str) -> datetime:
    """``2026-11-24 09:02:37`` or the same in ISO 8601. Without an offset it is Vietnamese time."""
    value = text(row, name, 40, required=True)
    if not _MOMENT.fullmatch(value):
        raise FeedError("malformed", name)
    try:
        at = datetime.fromisoformat(value)
    except ValueError as error:
        raise FeedError("malformed", name) from error
    if at.year not in _YEARS:
        raise FeedError("malformed", name)
    return at if at.tzinfo else at.replace(tzinfo=TZ)
