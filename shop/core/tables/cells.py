"""Cells of a workbook as a table keeps them, and what a damaged one makes its reader stumble over."""

import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError  # the exception only; the parser is defused

# Whatever a damaged or forged part makes the reader stumble over.
STUMBLES = (
    ParseError, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError,
    ArithmeticError, RecursionError, NotImplementedError, EOFError,
)  # fmt: skip


def cell_kept(value: Any) -> Any:
    """The value of a cell as the table keeps it: durations of less than a day are times, what is odd is text."""
    if value is None or isinstance(value, datetime) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # how a carriage return is written in XML
    if isinstance(value, timedelta):
        return (datetime.min + value).time() if timedelta(0) <= value < timedelta(days=1) else str(value)
    return str(value) if isinstance(value, bool) else value
