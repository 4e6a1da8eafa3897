"""Money is a whole number of dong (VND has no smaller unit in use); weights are whole grams."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NBSP = "\u00a0"
SIGN = "₫"

_PLAIN = re.compile(r"-?[0-9]+(?:\.0{1,2})?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:([. ,\u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*")
_CURRENCY = re.compile(r"\s*(?:₫|đồng|đ|vnđ|vnd)\s*$", re.IGNORECASE)


class MoneyError(ValueError):
    """The value is not a whole number of dong."""


def dong(value):
    """The value as a whole number of dong.

    Accepts an int, a Decimal without a fraction (``Decimal("195000.00")`` from the database) and text as people type
    it: ``"195000"``, ``"195.000"``, ``"195,000 ₫"``. In text a group of three digits after a dot or comma counts as
    thousands. Fractions, floats and anything else raise :class:`MoneyError`: rounding is never silent.
    """
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise MoneyError(f"not an amount of dong: {value!r}")
    if isinstance(value, str):
        return _dong_from_text(value)
    try:
        whole = int(value)
    except (ValueError, OverflowError, InvalidOperation):  # Decimal NaN and Infinity
        raise MoneyError(f"not an amount of dong: {value!r}") from None
    if whole != value:
        raise MoneyError(f"a fraction of a dong: {value!r}")
    return whole


def _dong_from_text(value):
    text = _CURRENCY.sub("", value.strip())
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"[^0-9-]", "", text))
    if _PLAIN.fullmatch(text):
        return int(text.partition(".")[0])
    raise MoneyError(f"not an amount of dong: {value!r}")


def round_dong(value):
    """A Decimal rounded to whole dong, half up (away from zero), as for a percentage discount on one line."""
    return int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _grouped(number, language):
    separator = "," if str(language).startswith("en") else "."
    return f"{number:,}".replace(",", separator)


def format_dong(value, language="vi"):
    """``1250000`` gives ``"1.250.000 ₫"`` in Vietnamese and ``"1,250,000 ₫"`` in English, with a no-break space."""
    return f"{_grouped(dong(value), language)}{NBSP}{SIGN}"


def per_kilo(price, net_weight_g):
    """The price of one kilogram in dong, rounded half up to 100 dong, for comparing packs of different weights.

    ``price`` in dong, ``net_weight_g`` in grams. None when the goods are not sold by weight.
    """
    if not net_weight_g or net_weight_g <= 0:
        return None
    hundreds = Decimal(dong(price)) * 10 / Decimal(net_weight_g)
    return round_dong(hundreds) * 100


def format_weight(grams, language="vi"):
    """``500`` gives ``"500 g"``, ``1500`` gives ``"1,5 kg"`` (``"1.5 kg"`` in English), with a no-break space."""
    if grams < 1000:
        return f"{grams}{NBSP}g"
    kilos, rest = divmod(grams, 1000)
    point = "." if str(language).startswith("en") else ","
    decimals = f"{rest:03d}".rstrip("0")
    return f"{_grouped(kilos, language)}{point + decimals if decimals else ''}{NBSP}kg"
