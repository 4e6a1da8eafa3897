"""Statements as text: which encoding, which delimiter, which cells."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from shop.core.tables.table import MAX_CELL, MAX_COLUMNS, Row, Table, rows_kept
from shop.payment.vietqr.statements.errors import StatementError
from shop.payment.vietqr.statements.headings import roles_in

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 100_000
SAMPLE_ROWS = 120

# Excel's own way of naming the delimiter in the first line.
_NAMED = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)


def text_table(text: str, *, encoding: str, name: str) -> Table:
    """The cells of a delimited text. StatementError ``not_a_table`` when no row has two."""
    delimiter = delimiter_of(text)
    rows = rows_kept(_records(text, delimiter))
    if max(map(len, rows)) < 2:
        raise StatementError("not_a_table", "one column")
    return Table(rows, name=name, kind="text", encoding=encoding, delimiter=delimiter)


def delimiter_of(text: str) -> str:
    """The delimiter under which the rows look most like a statement.

    Recognised headings decide; then how few cells have half a pair of quotation marks, how many rows have the usual
    number of cells, and that number. Numbers such as ``1,250,000`` split into different numbers of cells, columns do
    not.
    """
    named = _NAMED.match(text)
    return named[1] if named else max(DELIMITERS, key=lambda delimiter: _score(text, delimiter))


def _score(text: str, delimiter: str) -> tuple[int, int, int, int]:
    reader = csv.reader(io.StringIO(text[:SAMPLE_CHARACTERS], newline=""), delimiter=delimiter)
    try:
        rows = [row for row in islice(reader, SAMPLE_ROWS) if any(row)]
    except csv.Error:
        rows = []
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0, 0, 0
    width, usual = max(widths.items(), key=lambda item: (item[1], item[0]))
    halves = sum(cell.count('"') % 2 for row in rows for cell in row)
    return max(len(roles_in(row[:MAX_COLUMNS])) for row in rows), -halves, usual, width


def _records(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 1
    try:
        for row in reader:
            yield tuple(row)
            number += 1
    except csv.Error as error:
        # The module's own limit, far above ours: a quotation mark that is never closed.
        raise StatementError("long_cell", f"over {MAX_CELL}", row=number) from error
