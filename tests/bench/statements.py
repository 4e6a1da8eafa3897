"""Statements of a bank with as many rows as one wants; the same call gives the same rows."""

import csv
import io
import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

HEADER = ("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung giao dịch")
EVERY = 10  # one row in so many is money that went out


@dataclass(frozen=True)
class Row:
    """A movement; ``amount`` in dong, negative for money out."""

    at: datetime
    reference: str
    amount: int
    memo: str
    balance: int = 5_000_000

    @property
    def sums(self) -> tuple[int, int, int]:
        """Debit, credit and balance, 0 for none."""
        return max(0, -self.amount), max(0, self.amount), self.balance


def rows_made(number: int, *, start: int = 0, transfers: Mapping[int, tuple[str, int]] | None = None) -> list[Row]:
    """Movements ``start`` to ``start + number`` of an endless statement; ``transfers`` are memo and sum by index."""
    return [row_made(n, *(transfers or {}).get(n, ())) for n in range(start, start + number)]


def row_made(n: int, memo: str = "", amount: int = 0) -> Row:
    """One of them; a year ago it began."""
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=365)
    sign = -1 if n % EVERY == EVERY - 1 and not amount else 1
    memo = memo or f"Nguyễn Thị Mẫu chuyển tiền lần {n}"
    return Row(first + timedelta(minutes=20 * n), f"FT{n:09d}", sign * (amount or 10_000 + n), memo, 5_000_000 + n)


def shown(rows: Sequence[Row], shuffled: bool) -> Sequence[Row]:
    """In the order of the file."""
    return random.Random(1).sample(rows, len(rows)) if shuffled else rows


def as_csv(rows: Sequence[Row], *, shuffled: bool = False, encoding: str = "utf-8-sig") -> bytes:
    """As banks export it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in shown(rows, shuffled):
        money = [f"{value:,}" if value else "" for value in row.sums]
        writer.writerow([row.at.strftime("%d/%m/%Y %H:%M:%S"), row.reference, *money, row.memo])
    return encoded(text.getvalue(), encoding)


def encoded(text: str, encoding: str) -> bytes:
    """Windows' Vietnamese writes most tones as marks after their letter."""
    if encoding != "cp1258":
        return text.encode(encoding)
    return "".join(tone_apart(letter) for letter in text).encode(encoding)


def tone_apart(letter: str) -> str:
    """The letter as cp1258 has it."""
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        *base, tone = unicodedata.normalize("NFD", letter)
        marks = [mark for mark in (*base[1:], tone) if mark in "\u0300\u0301\u0303\u0309\u0323"]
        others = [mark for mark in (*base[1:], tone) if mark not in marks]
        return unicodedata.normalize("NFC", "".join([base[0], *others])) + "".join(marks)
    return letter


def as_xlsx(rows: Sequence[Row], *, shuffled: bool = False) -> bytes:
    """The same as a workbook with typed cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sao kê")
    sheet.append(HEADER)
    for row in shown(rows, shuffled):
        sheet.append((row.at, row.reference, *(value or None for value in row.sums), row.memo))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def statement_take(cooperative: Any, name: str, content: bytes) -> Any:
    """From upload to books, as the pages do it; the file as it is kept."""
    from shop.reconciliation.statements import mapping_for, statement_import, statement_keep, statement_table

    account = cooperative.bank_accounts.get().number
    file = statement_keep(cooperative=cooperative, account=account, name=name, content=content, by="kế toán")
    return statement_import(file=file, mapping=mapping_for(file, statement_table(file)), by="kế toán")
