"""Which column of a statement holds what: guessed from its headings, chosen by hand, or remembered."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from shop.core.tables.table import MAX_COLUMNS, MAX_ROWS, Cell, Row, Table
from shop.core.text import fold
from shop.payment.vietqr.statements.errors import StatementError, ValueProblem
from shop.payment.vietqr.statements.headings import heading, roles_in
from shop.payment.vietqr.statements.values import dong_of, moment_of, text_of

LETTERHEAD = 80  # rows in which headings are looked for
SAMPLE = 40  # rows below them that are looked at
DATE_FORMATS = ("dmy", "mdy")
COLUMNS = (
    "date",
    "time",
    "memo",
    "credit",
    "debit",
    "amount",
    "sign",
    "reference",
    "balance",
    "payer_name",
    "payer_number",
)

# How a column says whether money came in, in folded form; "+" and "-" fold to nothing and are checked apart.
WORDS_IN = frozenset({"c", "cr", "co", "ghi co", "credit", "in", "vao", "tien vao", "thu", "nhan", "gui vao"})
WORDS_OUT = frozenset({"d", "dr", "no", "ghi no", "debit", "out", "ra", "tien ra", "chi", "chuyen", "rut ra"})


@dataclass(frozen=True)
class Mapping:
    """The columns of a statement, as indexes from 0; None for those it does not have.

    ``header_row``: index of the row of headings, -1 when there is none. ``header_rows``: 2 when the headings take two
    rows. ``header``: their folded texts, by which the next file is recognised, wherever its headings stand.

    Money is either in ``credit`` and ``debit``, or in ``amount`` with a sign of its own or in ``sign``. ``reference``
    may be the column of ``date``: some banks print the number of the entry below the date. ``date_format``: ``dmy``
    or ``mdy``.
    """

    header_row: int
    date: int
    time: int | None = None
    memo: int | None = None
    credit: int | None = None
    debit: int | None = None
    amount: int | None = None
    sign: int | None = None
    reference: int | None = None
    balance: int | None = None
    payer_name: int | None = None
    payer_number: int | None = None
    date_format: str = "dmy"
    header: tuple[str, ...] = ()
    header_rows: int = 1

    def __post_init__(self) -> None:
        """StatementError ``mapping``, naming the field, for columns that cannot be read together."""
        _check_fields(self)
        if (self.credit is None) == (self.amount is None):
            raise StatementError("mapping", "credit")
        if self.amount is not None and self.debit is not None:
            raise StatementError("mapping", "debit")
        chosen = self.columns()
        if self.reference == self.date:
            del chosen["reference"]
        if len(chosen) != len(set(chosen.values())):
            raise StatementError("mapping", "columns")

    def columns(self) -> dict[str, int]:
        """The columns that are chosen, by role."""
        chosen = {role: getattr(self, role) for role in COLUMNS}
        return {role: column for role, column in chosen.items() if column is not None}

    def fits(self, table: Table) -> bool:
        """Whether the file has the same headings over the same columns, in whatever row."""
        return self.placed(table) is not None

    def placed(self, table: Table) -> Self | None:
        """The mapping with the row in which this file has the headings; None when it does not have them.

        Without headings every file fits that is wide enough.
        """
        if not self.header:
            return self if max(self.columns().values()) < table.width else None
        wanted = [(column, _at(self.header, column)) for column in set(self.columns().values())]
        for index in range(min(len(table.rows), LETTERHEAD)):
            texts = _texts(table, index, self.header_rows)
            if all(_at(texts, column) == text for column, text in wanted):
                return replace(self, header_row=index)
        return None

    def to_dict(self) -> dict[str, Any]:
        """A form that JSON can keep."""
        return {**asdict(self), "header": list(self.header)}

    @classmethod
    def from_dict(cls, data: AnyMapping[str, Any]) -> Self:
        """What :meth:`to_dict` gave; StatementError ``mapping`` for anything else."""
        known = {field.name for field in fields(cls)}
        if not isinstance(data, AnyMapping) or not {"header_row", "date"} <= set(data) <= known:
            raise StatementError("mapping", "fields")
        header = data.get("header", ())
        if not isinstance(header, list | tuple) or not all(isinstance(text, str) for text in header):
            raise StatementError("mapping", "header")
        return cls(**{**data, "header": tuple(header)})


def mapping_by_hand(
    table: Table, *, header_row: int, columns: AnyMapping[str, int | None], date_format: str = "dmy"
) -> Mapping:
    """The mapping that a person chose: ``columns`` by role from :data:`COLUMNS`, all indexes from 0.

    ``header_row`` is -1 for a file without headings. StatementError ``mapping`` when the choice is incomplete or
    outside of the table.
    """
    chosen = {role: column for role, column in columns.items() if column is not None}
    if not set(chosen) <= set(COLUMNS) or "date" not in chosen:
        raise StatementError("mapping", "date")
    mapping = Mapping(header_row=header_row, date_format=date_format, **chosen)
    if header_row >= len(table.rows) or max(chosen.values()) >= table.width:
        raise StatementError("mapping", "columns")
    header = _texts(table, header_row, 1) if header_row >= 0 else ()
    has_texts = any(_at(header, column) for column in chosen.values())
    return replace(mapping, header=header) if has_texts else mapping


def mapping_guess(table: Table) -> Mapping | None:
    """The columns by the names of their headings; None when date, memo and money are not all found.

    Looks through the first 80 rows, below letterheads and summaries, for headings in one row or two. Dates are taken
    as day and month: only a person may say otherwise.
    """
    best: tuple[int, Mapping] | None = None
    for index, height, cells in _candidates(table):
        roles = _proven(table, index + height, roles_in(cells))
        score = len(roles) * 10 + (5 if _has_dates(table, index + height, roles) else 0) - height
        if _is_enough(roles) and (best is None or score > best[0]):
            header = tuple(heading(cell) for cell in cells)
            best = (score, Mapping(header_row=index, header=header, header_rows=height, **roles))
    return best[1] if best else None


def direction_of(cell: Cell) -> bool | None:
    """Whether the word or sign of a direction column means money in; None when it means nothing."""
    text = text_of(cell)
    if text in ("+", "-"):
        return text == "+"
    word = fold(text)
    return True if word in WORDS_IN else False if word in WORDS_OUT else None


def looks_like_data(row: Row) -> bool:
    """Whether any cell is a date or an amount: headings have neither."""
    return any(_is_date(cell) or _is_amount(cell) for cell in row)


# -- Guessing -----------------------------------------------------------------------------------------------------


def _candidates(table: Table) -> Iterator[tuple[int, int, list[Cell]]]:
    """Rows that may be headings: index, height and their cells, alone or joined with the next row."""
    for index, row in enumerate(table.rows[:LETTERHEAD]):
        if len(row) < 2:
            continue
        yield index, 1, list(row)
        below = table.rows[index + 1] if index + 1 < len(table.rows) else ()
        if below and not looks_like_data(below):
            yield index, 2, _joined(row, below)


def _joined(row: Row, below: Row) -> list[Cell]:
    width = max(len(row), len(below))
    both = zip(row + ("",) * (width - len(row)), below + ("",) * (width - len(below)), strict=True)
    return [f"{upper} {lower}".strip() for upper, lower in both]


def _proven(table: Table, start: int, roles: dict[str, int]) -> dict[str, int]:
    """The roles without those that the cells below contradict or that exclude each other."""
    roles = dict(roles)
    if "sign" in roles:
        words = [text_of(cell) for cell in _below(table, start, roles["sign"])]
        if "amount" not in roles and words and all(map(_is_amount, words)):
            roles["amount"] = roles.pop("sign")
        elif not words or any(direction_of(word) is None for word in words):
            del roles["sign"]
    if "credit" in roles:
        roles.pop("amount", None)
        roles.pop("sign", None)
    if "amount" in roles:
        roles.pop("debit", None)
    return roles


def _below(table: Table, start: int, column: int) -> list[Cell]:
    """The cells of a column in the rows that look like data."""
    rows = [row for row in table.rows[start : start + SAMPLE] if any(_is_date(cell) for cell in row)]
    return [row[column] for row in rows if column < len(row) and row[column] != ""]


def _has_dates(table: Table, start: int, roles: dict[str, int]) -> bool:
    return "date" in roles and any(_is_date(cell) for cell in _below(table, start, roles["date"]))


def _is_enough(roles: dict[str, int]) -> bool:
    return {"date", "memo"} <= set(roles) and ("credit" in roles or "amount" in roles)


def _is_date(cell: Cell) -> bool:
    try:
        return not isinstance(cell, int | float) and moment_of(cell) is not None
    except ValueProblem:
        return False


def _is_amount(cell: Cell) -> bool:
    try:
        return dong_of(cell) is not None
    except ValueProblem:
        return False


# -- Headings and checks ------------------------------------------------------------------------------------------


def _texts(table: Table, index: int, height: int) -> tuple[str, ...]:
    row = table.rows[index]
    if height == 2:
        row = tuple(_joined(row, table.rows[index + 1] if index + 1 < len(table.rows) else ()))
    return tuple(heading(cell) for cell in row)


def _at(texts: tuple[str, ...], column: int) -> str:
    return texts[column] if column < len(texts) else ""


def _check_fields(mapping: Mapping) -> None:
    if not _is_index(mapping.header_row, -1, MAX_ROWS) or mapping.header_rows not in (1, 2):
        raise StatementError("mapping", "header_row")
    for role in COLUMNS:
        column = getattr(mapping, role)
        if not (column is None and role != "date") and not _is_index(column, 0, MAX_COLUMNS):
            raise StatementError("mapping", role)
    if mapping.date_format not in DATE_FORMATS:
        raise StatementError("mapping", "date_format")


def _is_index(value: object, lowest: int, end: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value < end
