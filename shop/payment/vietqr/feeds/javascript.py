"""JSON and text exactly as a JavaScript program writes them.

Casso and payOS sign what ``JSON.stringify`` and template strings made, not the bytes they send, so verifying means
writing the same characters again. Rules: ECMA-262, Number::toString, OrdinaryOwnPropertyKeys and SerializeJSONValue.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop.payment.vietqr.feeds.base import FeedError

# Such names are kept in numeric order before all others, whatever order they were added in.
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}")
_LARGEST_INDEX = 2**32 - 2


def number(value: int | Decimal) -> str:
    """The number as JavaScript prints it: every number is a double there.

    ``1.0`` gives ``1``, ``1e21`` gives ``1e+21``, ``12345678901234567890`` gives ``12345678901234567000``. What no
    double holds is refused.
    """
    try:
        real = float(value)
    except OverflowError as error:
        raise FeedError("malformed", "number") from error
    if real in (float("inf"), float("-inf")):
        raise FeedError("malformed", "number")
    # Both languages print the shortest digits that read back as the same double; only the layout differs.
    sign, digits, exponent = Decimal(repr(real)).normalize().as_tuple()
    if not any(digits):
        return "0"
    return "-" * sign + _layout("".join(map(str, digits)), len(digits) + exponent)


def _layout(digits: str, point: int) -> str:
    """Digits with the decimal point after the first ``point`` of them; far away it becomes an exponent."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def names(value: Mapping[str, Any], *, ordered: bool) -> list[str]:
    """The names of an object as JavaScript lists them; ``ordered`` after ``Object.keys(...).sort()``."""
    found = sorted(value, key=lambda name: name.encode("utf-16-be")) if ordered else list(value)
    indices = {name for name in found if _INDEX.fullmatch(name) and int(name) <= _LARGEST_INDEX}
    return sorted(indices, key=int) + [name for name in found if name not in indices]


def stringify(value: Any, *, ordered: bool = False) -> str:
    """``JSON.stringify``, without spaces. ``ordered`` sorts the names of objects in objects, but of none in a list."""
    if isinstance(value, dict):
        parts = (f"{_quoted(name)}:{stringify(value[name], ordered=ordered)}" for name in names(value, ordered=ordered))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(stringify(item) for item in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return plain(value) if value is not None else "null"


def plain(value: Any) -> str:
    """A text, a number or a truth value inside a template string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else number(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
