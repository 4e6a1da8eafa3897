"""A file as a table of cells, with the limits that every format must keep."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from shop.core.tables.errors import TableError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 2_000  # characters
MAX_TEXT = 12_000_000  # characters in all cells; a workbook can name one long text in a million of them
MAX_MARKS = 8  # combining marks on one letter; Vietnamese has two
LAST_EXCEL_ROW = 1_048_576

# An empty cell is "". A date without a time of day is a datetime at midnight, as in Excel.
Cell = str | int | float | datetime | date | time
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """The cells of a file. Row ``i`` of ``rows`` is row ``i + 1`` of the file, blank rows are ``()``, and no row ends
    in an empty cell.

    ``kind``: ``text``, ``xlsx`` or ``html``. ``encoding`` and ``delimiter`` of a text, ``sheet`` of a workbook: to show
    what was understood.
    """

    rows: tuple[Row, ...]
    name: str = ""
    kind: str = "text"
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def cell(self, row: int, column: int | None) -> Cell:
        """The cell at these indexes from 0; empty outside of the table and for no column."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if column is not None and 0 <= column < len(cells) else ""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(map(len, self.rows), default=0)


def rows_kept(rows: Iterable[Sequence[Cell | None]], last_row: int = LAST_EXCEL_ROW) -> tuple[Row, ...]:
    """The rows within the limits, without empty cells and blank rows at the end; text in NFC, as all of ours.

    Reads no further than the first row that breaks a limit, nor beyond ``last_row``, blank or not.
    :class:`TableError` ``too_many_rows``, ``too_many_columns``, ``long_cell``, ``bomb`` for too much text in all,
    or ``empty`` when no cell holds anything.
    """
    kept: list[Row] = []
    blank = characters = 0
    for number, row in enumerate(rows, 1):
        cells = _trimmed(row)
        if number > (MAX_ROWS if cells else last_row):
            raise TableError("too_many_rows", row=number)
        if not cells:
            blank += 1
            continue
        characters += _characters(cells, number)
        if characters > MAX_TEXT:
            raise TableError("bomb", "text")
        kept.extend([()] * blank)
        kept.append(tuple(composed(cell) if isinstance(cell, str) else cell for cell in cells))
        blank = 0
    if not kept:
        raise TableError("empty")
    return tuple(kept)


def _trimmed(row: Sequence[Cell | None]) -> Row:
    if row.count(None) == len(row):  # a million blank rows may stand below a statement
        return ()
    end = len(row)
    while end and _is_empty(row[end - 1]):
        end -= 1
    return tuple("" if _is_empty(cell) else cell for cell in row[:end])


def _is_empty(cell: Cell | None) -> bool:
    # A longer one breaks the limit anyway, and looking for its ends could take long.
    return cell is None or (isinstance(cell, str) and len(cell) <= MAX_CELL and not cell.strip())


def _characters(cells: Row, number: int) -> int:
    """The length of the row's texts, which are within their limits."""
    if len(cells) > MAX_COLUMNS:
        raise TableError("too_many_columns", row=number)
    lengths = [len(cell) for cell in cells if isinstance(cell, str)]
    if max(lengths, default=0) > MAX_CELL:
        raise TableError("long_cell", row=number)
    return sum(lengths)


def composed(text: str) -> str:
    """The text in NFC. Thousands of marks on one letter would take minutes to sort, so such text loses its marks."""
    if text.isascii():
        return text
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_MARKS:
            return "".join(c for c in text if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", text)
