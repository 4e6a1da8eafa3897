"""Tax codes and personal numbers: which are possible at all. Whose they are only the authorities know."""

import re
import unicodedata
from typing import Any

_APART = re.compile(r"[\s.\-_/\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
#: Weights of the first nine digits; the tenth is 10 minus the sum modulo 11 (general department of taxation).
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
#: Codes of the provinces in personal numbers run from 001 (Hà Nội) to 096 (Cà Mau).
_PROVINCES = range(1, 97)


class NumberRefused(ValueError):
    """``code``: ``digits`` (something else among them), ``length``, ``check`` (the check digit does not fit)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def digits_of(typed: Any) -> str:
    """The digits as typed, without blanks, dots and dashes. Raises ``digits`` for anything else."""
    plain = _APART.sub("", unicodedata.normalize("NFKC", str(typed or "")))
    if not re.fullmatch(r"[0-9]*", plain):
        raise NumberRefused("digits")
    return plain


def tax_code_clean(typed: Any, *, household: bool = False) -> str:
    """A tax code as it is stored: ``0312345678`` or with its branch ``0312345678-001``.

    A household may give its owner's personal number of 12 digits, which has replaced its tax code since 1/7/2025.
    Raises :class:`NumberRefused`.
    """
    digits = digits_of(typed)
    if household and len(digits) == 12:
        return personal_number_clean(digits)
    if len(digits) not in (10, 13):
        raise NumberRefused("length")
    if not check_fits(digits):
        raise NumberRefused("check")
    return digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"


def check_fits(digits: str) -> bool:
    """Whether the tenth digit of a tax code follows from the nine before it."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return 10 - rest == int(digits[9])


def personal_number_clean(typed: Any) -> str:
    """A personal number of 12 digits: province (001 to 096), century and sex, year, six free digits.

    Raises :class:`NumberRefused`.
    """
    digits = digits_of(typed)
    if len(digits) != 12:
        raise NumberRefused("length")
    if int(digits[:3]) not in _PROVINCES:
        raise NumberRefused("check")
    return digits


def masked(number: str) -> str:
    """The last three characters only: ``•••••••••123``."""
    return "•" * max(len(number) - 3, 0) + number[-3:] if number else ""
