"""The rows of an uploaded sheet: .xlsx, or a text in any encoding. Nothing is computed or opened unmeasured."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from shop.core.tables.archive import workbook_measured
from shop.core.tables.cells import STUMBLES, cell_kept
from shop.core.tables.decoding import text_decoded
from shop.core.tables.errors import TableError
from shop.core.tables.kinds import ZIP, kind_check
from shop.core.tables.table import Cell, composed
from shop.sheets.columns import HEADINGS_WITHIN, columns_in, headings_find

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
#: Rows that may stand empty below the last one; people colour whole columns.
MAX_BLANK = 20_000
MAX_COLUMNS = 60
#: Characters of a cell that are kept: more than any field takes, so the row is told to be too long.
MAX_CELL = 1_500
MAX_TEXT = 12_000_000
DELIMITERS = (",", ";", "\t", "|")
_QUOTED = re.compile(r'="([^"]*)"')


class Formula(str):
    """A cell that is computed. What it came to is not known, and is not taken."""


@dataclass(frozen=True)
class SheetTable:
    """``rows``: (number as Excel counts, cells) of those below the headings that hold something. ``columns``: the place
    of each known column."""

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    columns: dict[str, int]

    def cells(self, row: tuple[Cell, ...]) -> dict[str, Cell]:
        """The row's cells by the names of their columns; absent columns are left out."""
        return {name: row[place] if place < len(row) else "" for name, place in self.columns.items()}


def sheet_read(content: bytes) -> SheetTable:
    """The rows of a file of at most 5 MB and 10,000 rows. TableError says why it is refused; nothing else is raised."""
    if len(content) > MAX_BYTES:
        raise TableError("huge")
    if not content.strip(b" \t\r\n\0"):
        raise TableError("empty")
    if content.startswith(ZIP):
        return _best(_workbook_sheets(content))
    kind_check(content)
    text, _encoding = text_decoded(content)
    head = text[:4096].lstrip().lower()
    if head.startswith("<"):
        raise TableError("html" if "<html" in head or "<table" in head else "not_a_table")
    return _best([list(_kept(enumerate(_records(text), 1)))])


def _best(sheets: Iterable[list[tuple[int, tuple[Cell, ...]]]]) -> SheetTable:
    """The sheet with headings and the most rows."""
    best: SheetTable | None = None
    has_text = False
    for rows in sheets:
        has_text = has_text or bool(rows)
        found = headings_find([cells for _number, cells in rows])
        if found is None:
            continue
        index, columns = found
        table = SheetTable(tuple(rows[index + 1 :]), columns)
        if best is None or len(table.rows) > len(best.rows):
            best = table
    if best is None:
        raise TableError("headings" if has_text else "empty")
    return best


def _kept(rows: Iterable[tuple[int, Iterable[Any]]]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Rows that hold something, within the limits; texts composed (NFC) and cut where no field reaches."""
    count = blank = characters = 0
    for number, row in rows:
        cells = tuple(_clean(value) for value in row)
        if not any(cell != "" for cell in cells):
            blank += 1
            if blank > MAX_BLANK:
                return
            continue
        count += 1
        characters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if count > MAX_ROWS + HEADINGS_WITHIN:
            raise TableError("too_many_rows", row=number)
        if len(cells) > MAX_COLUMNS and any(cell != "" for cell in cells[MAX_COLUMNS:]):
            raise TableError("too_many_columns", row=number)
        if characters > MAX_TEXT:
            raise TableError("bomb", "text")
        yield number, cells[:MAX_COLUMNS]


def _clean(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, Formula):
        return value
    if isinstance(value, str):
        if not value.strip():
            return ""
        kept = composed(value[: MAX_CELL + 1])
        return kept
    return value if isinstance(value, int | float | datetime | date | time) else str(value)


# -- Workbooks ---------------------------------------------------------------------------------------------------


def _workbook_sheets(content: bytes) -> Iterator[list[tuple[int, tuple[Cell, ...]]]]:
    measured = workbook_measured(content)
    try:
        book = load_workbook(measured, read_only=True, data_only=False, keep_links=False)
        for sheet in [one for one in book.worksheets if one.sheet_state == "visible"][:10]:
            sheet.reset_dimensions()
            yield list(_kept(_workbook_rows(sheet)))
    except STUMBLES as error:
        raise TableError("broken", type(error).__name__) from error


def _workbook_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, row in enumerate(sheet.iter_rows(max_col=2 * MAX_COLUMNS), 1):
        cells = [_workbook_cell(cell) for cell in row]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        yield number, tuple(cells)


def _workbook_cell(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(str(cell.value)[:80])
    if cell.data_type == "e":
        return Formula(str(cell.value)[:80])
    return cell_kept(cell.value)


# -- Texts -------------------------------------------------------------------------------------------------------


def _records(text: str) -> Iterator[tuple[Any, ...]]:
    named = re.match(r"sep=([,;\t|])\r?\n?", text, re.IGNORECASE)
    delimiter = named[1] if named else max(DELIMITERS, key=lambda one: _score(text, one))
    number = 1
    try:
        for number, row in enumerate(_lines(text, delimiter), 1):  # noqa: B007  the last one is told on an error
            yield tuple(map(_text_cell, row))
    except csv.Error as error:  # a quotation mark that is never closed
        raise TableError("long_cell", row=number) from error


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _score(text: str, delimiter: str) -> int:
    """How many columns are known by their headings when the text is cut there."""
    rows = []
    try:
        for row in _lines(text[:20_000], delimiter):
            rows.append(row[:MAX_COLUMNS])
            if len(rows) == HEADINGS_WITHIN:
                break
    except csv.Error:
        pass
    return max((len(columns_in(row)) for row in rows), default=0)


def _text_cell(value: str) -> Any:
    stripped = value.strip()
    quoted = _QUOTED.fullmatch(stripped)
    if quoted:  # how some programs keep leading zeros
        return quoted[1]
    if stripped[:1] == "=" and len(stripped) > 1:
        return Formula(stripped[:80])
    return unicodedata.normalize("NFC", value) if len(value) <= MAX_CELL else value
