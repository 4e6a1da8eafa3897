"""Statements that are a web page under the name of an Excel file, as several banks give them.

Read with one pass over the tags and no more understanding of HTML than a plain table needs. The standard library's
parser takes quadratic time on crafted markup in the Python versions we run on; this takes linear time on any.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from shop.core.tables.table import MAX_COLUMNS, MAX_ROWS, Table, rows_kept
from shop.payment.vietqr.statements.errors import StatementError

HEAD = 4096  # characters in which a page shows that it is one

# Possessive quantifiers: no text makes these go back and try again.
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:]*+)([^<>]*+)>")
_SPAN = re.compile(r"\b(col|row)span\s*+=\s*+[\"']?\s*+([0-9]{1,4})", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|table|body|head|style|meta)\b", re.IGNORECASE)
# Elements whose content is no text.
_SILENT = frozenset({"script", "style", "xml", "title"})
_BREAKS = frozenset({"br", "p", "div"})


def is_html(text: str) -> bool:
    """Whether the text is a web page, or one packed as an e-mail message (MHTML)."""
    head = text[:HEAD].lstrip()
    return head.lower().startswith("mime-version:") or (head.startswith("<") and bool(_PAGE.search(head)))


def html_table(text: str, *, encoding: str, name: str) -> Table:
    """The rows of all tables of a page, one after the other. StatementError ``html`` when it has none."""
    read = _Rows().read(_without_comments(text))
    if (first := next(read, None)) is None:
        raise StatementError("html", "no table")
    rows = rows_kept(chain([first], read), last_row=2 * MAX_ROWS)
    if max(map(len, rows)) < 2:
        raise StatementError("html", "one column")
    return Table(rows, name=name, kind="html", encoding=encoding)


def _without_comments(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0:
        kept.append(text[place:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        place = end + 3
    return "".join((*kept, text[place:]))


@dataclass
class _Rows:
    """The state of one pass: the row and the cell that are open, and what row spans reserve in the rows below."""

    row: list[str] | None = None
    cell: list[str] | None = None
    span: int = 1
    silent: str = ""
    reserved: dict[int, int] = field(default_factory=dict)

    def read(self, text: str) -> Iterator[list[str]]:
        place = 0
        for tag in _TAG.finditer(text):
            self._text(text[place : tag.start()])
            place = tag.end()
            yield from self._tag(bool(tag[1]), tag[2].lower(), tag[3])
        self._text(text[place:])
        yield from self._end_row()

    def _text(self, text: str) -> None:
        if self.cell is not None and not self.silent:
            self.cell.append(text)

    def _tag(self, closing: bool, tag: str, attributes: str) -> Iterator[list[str]]:
        if self.silent:
            self.silent = "" if closing and tag == self.silent else self.silent
        elif tag in _SILENT and not closing and not attributes.endswith("/"):
            self.silent = tag
        elif tag in ("tr", "table"):
            yield from self._end_row()
            self.row = [] if tag == "tr" and not closing else None
        elif tag in ("td", "th"):
            self._end_cell()
            if not closing:
                self._start_cell(attributes)
        elif tag in _BREAKS and self.cell is not None:
            self.cell.append("\n")

    def _start_cell(self, attributes: str) -> None:
        spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(attributes)}
        self.row = self.row if self.row is not None else []
        if len(self.row) > 10 * MAX_COLUMNS:
            raise StatementError("too_many_columns")
        self._skip_reserved()
        self.cell, self.span = [], min(spans.get("col", 1), MAX_COLUMNS) or 1
        below = min(spans.get("row", 1), 100) - 1
        if below > 0 and len(self.row) <= MAX_COLUMNS:
            self.reserved.update(dict.fromkeys(range(len(self.row), len(self.row) + self.span), below + 1))

    def _skip_reserved(self) -> None:
        while self.row is not None and len(self.row) in self.reserved:
            self.row.append("")

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        lines = html.unescape("".join(self.cell)).replace("\xa0", " ").split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        self.row.extend([text, *[""] * (self.span - 1)])
        self.cell = None

    def _end_row(self) -> Iterator[list[str]]:
        self._end_cell()
        if self.row is not None:
            yield self.row
            self.reserved = {column: rows - 1 for column, rows in self.reserved.items() if rows > 1}
        self.row = None
