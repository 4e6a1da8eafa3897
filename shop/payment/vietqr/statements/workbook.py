"""Statements as an Excel workbook: typed cells, and no formula is ever computed."""

from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

from shop.core.tables.archive import workbook_measured
from shop.core.tables.cells import STUMBLES, cell_kept
from shop.core.tables.table import MAX_COLUMNS, Row, Table, rows_kept
from shop.payment.vietqr.statements.errors import StatementError

MAX_SHEETS = 10
LAST_COLUMN = 2 * MAX_COLUMNS  # beyond it nobody looks: a single cell there makes its row that wide


def workbook_table(content: bytes, *, name: str) -> Table:
    """The visible sheet with the most rows that are not blank.

    A cell with a formula has the value that was last computed by whoever saved the file, and is empty without one.
    StatementError as in :mod:`archive` and :func:`table.rows_kept`.
    """
    measured = workbook_measured(content)
    try:
        return _largest(_sheets(measured, name))
    except STUMBLES as error:
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
    return tuple(map(cell_kept, row)) if row.count(None) < len(row) else ()
