"""Statements as an Excel workbook: typed cells, and no formula is ever computed."""

import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError  # the exception only; the parser is defused

from openpyxl import load_workbook

from shop.payment.vietqr.statements.archive import workbook_measured
from shop.payment.vietqr.statements.errors import StatementError
from shop.payment.vietqr.statements.table import MAX_COLUMNS, Row, Table, rows_kept

MAX_SHEETS = 10
LAST_COLUMN = 2 * MAX_COLUMNS  # beyond it nobody looks: a single cell there makes its row that wide

# Whatever a damaged or forged part makes the reader stumble over.
_STUMBLES = (
    ParseError, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError,
    ArithmeticError, RecursionError, NotImplementedError, EOFError,
)  # fmt: skip


def workbook_table(content: bytes, *, name: str) -> Table:
    """The visible sheet with the most rows that are not blank.

    A cell with a formula has the value that was last computed by whoever saved the file, and is empty without one.
    StatementError as in :mod:`archive` and :func:`table.rows_kept`.
    """
    measured = workbook_measured(content)
    try:
        return _largest(_sheets(measured, name))
    except _STUMBLES as error:
        raise StatementError("broken", type(error).__name__) from error


def _sheets(measured: Any, name: str) -> Iterator[Table]:
    book = load_workbook(measured, read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in visible[:MAX_SHEETS]:
        sheet.reset_dimensions()
        rows = map(_cells, sheet.iter_rows(max_col=LAST_COLUMN, values_only=True))
        try:
            yield Table(rows_kept(rows), name=name, kind="xlsx", sheet=sheet.title)
        except StatementError as error:
            if error.code != "empty":
                raise


def _largest(tables: Iterator[Table]) -> Table:
    largest = max(tables, key=lambda table: sum(map(bool, table.rows)), default=None)
    if largest is None:
        raise StatementError("empty")
    return largest


def _cells(row: tuple[Any, ...]) -> Row:
    return tuple(map(_cell, row)) if row.count(None) < len(row) else ()


def _cell(value: Any) -> Any:
    """The value of a cell as the table keeps it: durations of less than a day are times, what is odd is text."""
    if value is None or isinstance(value, datetime) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        return value.replace("_x000D_", "")  # how a carriage return is written in XML
    if isinstance(value, timedelta):
        return (datetime.min + value).time() if timedelta(0) <= value < timedelta(days=1) else str(value)
    return str(value) if isinstance(value, bool) else value
