"""From the rows of a table to movements on the account."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.core.dates import TZ, add_months
from shop.core.dates import now as now_in_vietnam
from shop.core.tables.table import Cell, Row, Table
from shop.core.text import fold
from shop.payment.vietqr.statements.errors import Problem, StatementError, ValueProblem
from shop.payment.vietqr.statements.headings import heading
from shop.payment.vietqr.statements.keys import StatementLine, lines_keyed
from shop.payment.vietqr.statements.mapping import Mapping, direction_of
from shop.payment.vietqr.statements.values import Moment, dong_of, moment_of, text_of, time_of

AHEAD = timedelta(days=2)  # banks date what they book on a weekend with the next working day
MONTHS_BACK = 60

# How rows begin that sum up instead of telling a movement. "Tổng công ty" is a kind of company.
_SUMMARY = re.compile(
    r"(?:tong(?! cong ty)|cong(?: phat sinh| so| trang| don| doanh so)|so du|du dau|du cuoi|dau ky|cuoi ky|luy ke|"
    r"phat sinh trong ky|doanh so|grand total|sub ?total|total|opening|closing|brought forward|carried forward)\b|cong$"
)
_NUMBERING = re.compile(r"\(?(?:[0-9]{1,2}|[a-z])\)?", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a statement tells. ``skipped`` counts the rows below the headings that are blank or no movements."""

    lines: tuple[StatementLine, ...]
    problems: tuple[Problem, ...]
    skipped: int


@dataclass(frozen=True)
class _Window:
    """The moments that a statement may tell of."""

    oldest: date
    latest: datetime


def lines_of(table: Table, mapping: Mapping, *, now: datetime | None = None) -> Reading:
    """The movements in the table, read by these columns.

    Rows that cannot be read with certainty are left out and named in ``problems``; blank rows, totals, footers and
    repeated headings are only counted. ``now`` is aware, for tests. StatementError ``mapping`` when the columns do
    not fit the table.
    """
    placed = mapping.placed(table)
    if placed is None:
        raise StatementError("mapping", "header")
    now = (now or now_in_vietnam()).astimezone(TZ)
    window = _Window(add_months(now.date(), -MONTHS_BACK), now + AHEAD)
    mixed = _has_mixed_dates(table, placed)
    lines: list[StatementLine] = []
    problems: list[Problem] = []
    skipped = 0
    for index, row in _rows_below(table, placed):
        try:
            line = _line(row, index + 1, placed, window, mixed)
        except ValueProblem as problem:
            problems.append(Problem(index + 1, problem.code, problem.text))
            continue
        if line:
            lines.append(line)
        else:
            skipped += 1
    return Reading(lines_keyed(lines), tuple(problems), skipped)


def _rows_below(table: Table, mapping: Mapping) -> Iterator[tuple[int, Row]]:
    start = mapping.header_row + mapping.header_rows if mapping.header_row >= 0 else 0
    return enumerate(table.rows[start:], start)


def _cell(row: Row, column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else ""


def _line(row: Row, number: int, mapping: Mapping, window: _Window, mixed: bool) -> StatementLine | None:
    """The movement in a row; None when the row tells of none."""
    if not row:
        return None
    moment = _moment(row, mapping)
    if moment is None or _is_summary_of(row, mapping):
        _check_skippable(row, mapping)
        return None
    occurred_at, has_time = _occurred_at(row, moment, mapping)
    _check_date(_cell(row, mapping.date), occurred_at, window, mixed)
    amount = _amount(row, mapping)
    return StatementLine(
        row=number,
        occurred_at=occurred_at,
        has_time=has_time,
        amount=abs(amount),
        incoming=amount > 0,
        memo=text_of(_cell(row, mapping.memo)),
        reference=moment.rest if mapping.reference == mapping.date else text_of(_cell(row, mapping.reference)),
        payer_name=text_of(_cell(row, mapping.payer_name)),
        payer_number=text_of(_cell(row, mapping.payer_number)),
        balance=_balance(_cell(row, mapping.balance)),
    )


# -- Rows that tell of no movement --------------------------------------------------------------------------------


def _is_summary_of(row: Row, mapping: Mapping) -> bool:
    """Whether a dated row only names a balance: no amount, and a memo that says so."""
    return not _has_amount(row, mapping) and bool(_SUMMARY.match(fold(text_of(_cell(row, mapping.memo)))))


def _check_skippable(row: Row, mapping: Mapping) -> None:
    """ValueProblem ``date`` when a row without a date has an amount, unless it is a total, numbers the columns or
    repeats the headings."""
    if not _has_amount(row, mapping) or _is_heading(row, mapping):
        return
    texts = [text_of(cell) for cell in row if cell != ""]
    if len(texts) > 2 and all(_NUMBERING.fullmatch(text) for text in texts):
        return
    # The first cell only: what a payer wrote may begin with any word.
    if not _SUMMARY.match(fold(texts[0])):
        raise ValueProblem("date", text_of(_cell(row, mapping.date)))


def _has_amount(row: Row, mapping: Mapping) -> bool:
    return any(_is_money(_cell(row, column)) for column in (mapping.credit, mapping.debit, mapping.amount))


def _is_money(cell: Cell) -> bool:
    try:
        return bool(dong_of(cell))
    except ValueProblem as problem:
        return problem.code == "fraction"


def _is_heading(row: Row, mapping: Mapping) -> bool:
    columns = set(mapping.columns().values())
    return bool(mapping.header) and all(
        heading(_cell(row, column)) == (mapping.header[column] if column < len(mapping.header) else "")
        for column in columns
    )


# -- Dates --------------------------------------------------------------------------------------------------------


def _moment(row: Row, mapping: Mapping) -> Moment | None:
    moment = moment_of(_cell(row, mapping.date), mapping.date_format)
    if moment and moment.rest and mapping.reference != mapping.date:
        return None
    return moment


def _occurred_at(row: Row, moment: Moment, mapping: Mapping) -> tuple[datetime, bool]:
    at = moment.at or time_of(_cell(row, mapping.time))
    return datetime.combine(moment.day, at or time(), TZ), at is not None


def _check_date(cell: Cell, occurred_at: datetime, window: _Window, mixed: bool) -> None:
    if occurred_at > window.latest:
        raise ValueProblem("future", text_of(cell))
    if occurred_at.date() < window.oldest:
        raise ValueProblem("old", text_of(cell))
    if mixed and not isinstance(cell, str) and occurred_at.day <= 12 and occurred_at.day != occurred_at.month:
        raise ValueProblem("mixed_dates", text_of(cell))


def _has_mixed_dates(table: Table, mapping: Mapping) -> bool:
    """Whether the column holds dates both as text and as a spreadsheet's own.

    Excel with American settings turns "05/12/2026" into 12 May and leaves "25/12/2026" as text. No bank writes both.
    """
    cells = [_cell(row, mapping.date) for _, row in _rows_below(table, mapping)]
    if not any(isinstance(cell, date) for cell in cells):
        return False
    return any(isinstance(cell, str) and cell and _is_moment(cell, mapping) for cell in cells)


def _is_moment(cell: str, mapping: Mapping) -> bool:
    try:
        return moment_of(cell, mapping.date_format) is not None
    except ValueProblem:
        return True


# -- Money --------------------------------------------------------------------------------------------------------


def _amount(row: Row, mapping: Mapping) -> int:
    """Dong that came in, negative when they went out; never 0."""
    amount = _signed(row, mapping) if mapping.amount is not None else _in_or_out(row, mapping)
    if not amount:
        raise ValueProblem("no_amount")
    return amount


def _in_or_out(row: Row, mapping: Mapping) -> int:
    credit, debit = dong_of(_cell(row, mapping.credit)) or 0, dong_of(_cell(row, mapping.debit)) or 0
    if credit and debit:
        raise ValueProblem("both")
    if credit < 0:
        raise ValueProblem("negative", text_of(_cell(row, mapping.credit)))
    return credit or -abs(debit)  # some banks print money out with a minus


def _signed(row: Row, mapping: Mapping) -> int:
    amount = dong_of(_cell(row, mapping.amount)) or 0
    if mapping.sign is None:
        return amount
    incoming = direction_of(_cell(row, mapping.sign))
    if incoming is None:
        raise ValueProblem("direction", text_of(_cell(row, mapping.sign)))
    if incoming and amount < 0:
        raise ValueProblem("negative", text_of(_cell(row, mapping.amount)))
    return amount if incoming else -abs(amount)


def _balance(cell: Cell) -> int | None:
    """A balance is told for comparison only: one that cannot be read is no reason to refuse the row."""
    try:
        return dong_of(cell)
    except ValueProblem:
        return None
