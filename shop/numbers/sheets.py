"""Orders and statements as files for a spreadsheet. Sums are numbers, and no text is ever taken for a formula."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from shop.core.plain import line_plain
from shop.core.tables.export import csv_safe
from shop.fulfilment.models import Consignment
from shop.listings.lookup import line_title
from shop.numbers.orders import OrderRow, order_rows
from shop.numbers.statement import Statement

#: Excel reads a file without it as another alphabet.
BOM = "\ufeff"
#: A cell of Excel holds no more.
CELL = 32_000
WIDTH = 18


def order_heads(with_buyers: bool) -> list[str]:
    """Names of the columns of ``order_cells``."""
    buyer = [_("Buyer"), _("Phone number")] if with_buyers else []
    return [
        _("Order"), _("Ordered on"), _("Delivered on"), _("State"), *buyer, _("Commune"), _("Province"),
        _("What was ordered"), _("Goods before discounts"), _("Discount"), _("Delivery"), _("Total"), _("Received"),
        _("Paid back"), _("To be paid back"), _("Way to pay"),
    ]  # fmt: skip


def order_cells(row: OrderRow, with_buyers: bool) -> list[Any]:
    """One order; moments without a zone, as spreadsheets have them, in Viet Nam's time."""
    buyer = [row.buyer, row.phone] if with_buyers else []
    return [
        row.number, plain_time(row.placed_at), plain_time(row.delivered_at), row.state, *buyer, row.commune,
        row.province, row.goods_text, row.goods, row.discount, row.delivery, row.total, row.received, row.refunded,
        row.owed, row.way,
    ]  # fmt: skip


def csv_lines(orders: QuerySet[Consignment], *, with_buyers: bool) -> Iterator[str]:
    """The orders as CSV, line by line; phone numbers and names only ``with_buyers``."""
    yield BOM + csv_line(order_heads(with_buyers))
    for row in order_rows(orders):
        yield csv_line(order_cells(row, with_buyers))


def csv_line(cells: Iterable[Any]) -> str:
    """One line of CSV, made safe."""
    out = io.StringIO()
    csv.writer(out).writerow([csv_cell(cell) for cell in cells])
    return out.getvalue()


def csv_cell(value: Any) -> Any:
    """Text as a cell that no spreadsheet computes; moments as people sort them."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return csv_safe(value)


def orders_workbook(orders: QuerySet[Consignment], *, with_buyers: bool) -> IO[bytes]:
    """The orders as an Excel file: one sheet of orders, one of their lines. An open file at its start."""
    book = Workbook(write_only=True)
    sheet, lines = sheet_add(book, _("Orders")), sheet_add(book, _("Lines"))
    head_add(sheet, order_heads(with_buyers))
    head_add(lines, [_("Order"), _("What was ordered"), _("Units"), _("Dong")])
    for row in order_rows(orders):
        row_add(sheet, order_cells(row, with_buyers))
        for line in row.lines:
            cells = [row.number, line_plain(line_title(line)), line.quantity, int(line.line_price_incl_tax)]
            row_add(lines, cells)
    return book_file(book)


def statement_workbook(statement: Statement, *, with_buyers: bool) -> IO[bytes]:
    """The month as an Excel file: the sums, every order, refunds of earlier months' orders."""
    book = Workbook(write_only=True)
    summary = sheet_add(book, _("Statement"))
    for name, value in summary_rows(statement):
        row_add(summary, [name, value])
    sheet = sheet_add(book, _("Orders"))
    head_add(sheet, order_heads(with_buyers))
    for row in order_rows(statement.orders):
        row_add(sheet, order_cells(row, with_buyers))
    back = sheet_add(book, _("Earlier orders"))
    head_add(back, [_("Order"), _("Ordered on"), _("Paid back on"), _("Dong"), _("Reference")])
    for refund in statement.earlier_refunds:
        moments = [plain_time(refund.placed_at), plain_time(refund.paid_at)]
        row_add(back, [refund.number, *moments, refund.amount, refund.reference])
    return book_file(book)


def summary_rows(statement: Statement) -> list[tuple[str, Any]]:
    """The statement's sums with their names, in the order of the page."""
    sums, moved, tax = statement.sums, statement.movements, statement.tax
    rows: list[tuple[str, Any]] = [
        (statement.cooperative.legal_name, ""),
        (_("Tax code"), statement.cooperative.tax_code),
        (_("Month"), f"{statement.month:%m/%Y}"),
        ("", ""),
        (_("Orders placed in the month"), sums.orders),
        (_("Goods before discounts"), sums.goods),
        (_("Discounts"), -sums.discount),
        (_("Delivery"), sums.delivery),
        (_("Total of the orders"), sums.total),
        (_("Received for them"), sums.received),
        (_("Paid back of them"), sums.refunded),
        (_("To be paid back of them"), sums.owed),
        ("", ""),
        (_("Received in the month, orders of the month"), moved.received),
        (_("Received in the month, earlier orders"), moved.received_earlier),
        (_("Paid back in the month, orders of the month"), moved.refunded),
        (_("Paid back in the month, earlier orders"), moved.refunded_earlier),
        (_("Paid back in the month, money without an order"), moved.unplaced_back),
        ("", ""),
        (_("Delivered in the month"), tax.revenue),
        (_("Paid back for goods"), -tax.returned),
        (_("Revenue to declare yourself"), tax.base),
    ]
    if tax.rate:
        rows += [(_("VAT at the rate for households"), tax.vat), (_("Personal income tax at that rate"), tax.pit)]
        rows += [(_("Revenue since 1 January"), tax.year), (_("Source"), tax.rate.source)]
    return rows


# -- Parts -------------------------------------------------------------------------------------------------------


def sheet_add(book: Workbook, title: str) -> Any:
    """A sheet whose columns are wide enough to read."""
    sheet = book.create_sheet(title[:31])
    for letter in "ABCDEFGHIJKLMNOPQ":
        sheet.column_dimensions[letter].width = WIDTH
    return sheet


def head_add(sheet: Any, names: Iterable[str]) -> None:
    """The first row, bold."""
    cells = []
    for name in names:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def row_add(sheet: Any, values: Iterable[Any]) -> None:
    """A row: text stays text whatever it begins with, sums have groups, moments are moments."""
    sheet.append([excel_cell(sheet, value) for value in values])


def excel_cell(sheet: Any, value: Any) -> Any:
    """One value as a cell of its own kind."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=csv_safe(line_plain(value)[:CELL]))
        cell.data_type = "s"
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    return cell


def book_file(book: Workbook) -> IO[bytes]:
    """The finished book in a file that goes when it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def plain_time(moment: datetime | None) -> datetime | None:
    """The moment in Viet Nam, to the minute, without its zone: spreadsheets know none."""
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None
