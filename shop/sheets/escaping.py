"""Text that survives a spreadsheet: no formula, no lost zero, no date out of a size; the same when it comes back."""

import re
from typing import Any

from shop.core.tables.export import csv_safe

# What a spreadsheet turns into a number or a date when it opens a CSV.
_TURNED = re.compile(r"[0-9][0-9.,/:\-\sEe%]*")
_ILLEGAL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]")


def text_out(text: str, *, is_csv: bool) -> str:
    """The text for a cell. In a CSV, what a spreadsheet would compute or turn gets an apostrophe in front.

    In a workbook cells are typed as text, so only an apostrophe of the text's own is doubled, as it is in a CSV.
    """
    kept = _ILLEGAL.sub("", text)
    return "'" + kept if kept.startswith("'") or (is_csv and _needs(kept)) else kept


def text_in(text: str) -> str:
    """The text that ``text_out`` was given; text of people that is no work of ours stays."""
    if text[:1] == "'" and (text[1:2] == "'" or _needs(text[1:])):
        return text[1:]
    return text


def _needs(text: str) -> bool:
    return bool(text) and (csv_safe(text) != text or bool(_TURNED.fullmatch(text)))


def looks_like_formula(value: Any) -> bool:
    """Whether a cell of a text file would be computed by a spreadsheet."""
    return isinstance(value, str) and value[:1] == "=" and len(value) > 1
