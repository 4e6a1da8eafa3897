"""Cells of our own exports that no spreadsheet may take for a formula."""

from typing import Any

# What makes Excel, LibreOffice or Google Sheets read a cell as a formula, also behind blanks or as full-width forms.
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROLS = ("\t", "\r", "\n")


def csv_safe(value: Any) -> Any:
    """The value for a CSV or Excel cell: text that would start a formula gets an apostrophe in front.

    Numbers and everything else that is not text stay as they are: write amounts as ``int``.
    """
    if not isinstance(value, str):
        return value
    if value.startswith(_CONTROLS) or value.lstrip().startswith(_STARTS):
        return "'" + value
    return value
