"""Statements of a bank with as many rows as one wants."""

import csv
import io
import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

HEADER = ("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Số dư", "Nội dung giao dịch")
Row = tuple[datetime, str, int, int, int, str]


def rows_made(number: int, *, start: int = 0) -> list[Row]:
    """Movements ``start`` to ``start + number`` of an endless statement: the same call gives the same rows."""
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - timedelta(days=365)
    return [
        (first + timedelta(minutes=20 * n), f"FT{n:09d}", 0, 10_000 + n, 5_000_000 + n, f"NGUYEN VAN A chuyen tien {n}")
        for n in range(start, start + number)
    ]


def shown(rows: list[Row], shuffled: bool) -> list[Row]:
    """In the order of the file."""
    return random.Random(1).sample(rows, len(rows)) if shuffled else rows


def as_csv(rows: list[Row], *, shuffled: bool = False, encoding: str = "utf-8-sig") -> bytes:
    """As banks export it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for at, reference, debit, credit, balance, memo in shown(rows, shuffled):
        money = [f"{value:,}" if value else "" for value in (debit, credit, balance)]
        writer.writerow([at.strftime("%d/%m/%Y %H:%M:%S"), reference, *money, memo])
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[Row], *, shuffled: bool = False) -> bytes:
    """The same as a workbook with typed cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sao kê")
    sheet.append(HEADER)
    for at, reference, debit, credit, balance, memo in shown(rows, shuffled):
        sheet.append((at, reference, debit or None, credit or None, balance, memo))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def statement_take(cooperative: Any, name: str, content: bytes) -> int:
    """From upload to books, as the pages do it; the number of new lines."""
    from shop.reconciliation.statements import mapping_for, statement_import, statement_keep, statement_table

    account = cooperative.bank_accounts.get().number
    file = statement_keep(cooperative=cooperative, account=account, name=name, content=content, by="kế toán")
    mapping = mapping_for(file, statement_table(file))
    return statement_import(file=file, mapping=mapping, by="kế toán").new_rows
