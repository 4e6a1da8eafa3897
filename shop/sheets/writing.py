"""Sheets that go out: the empty template, all goods of a cooperative, the faults of an import. Same columns in each."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shop.cooperatives.models import Cooperative
from shop.core import ocop, places
from shop.listings.models import Listing
from shop.sheets.cells import STATES, season_text, set_text, ward_text
from shop.sheets.columns import BY_NAME, COLUMNS, letters
from shop.sheets.escaping import text_out
from shop.sheets.goods import Goods, Size, goods_of
from shop.sheets.models import SheetJob
from shop.sheets.texts import NOTES, fault_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of the template that have drop-downs.
PREPARED = 1_000
#: Goods that are held in memory at a time.
AT_ONCE = 500
HEAD_FILL = PatternFill("solid", fgColor="1E5B3C")
HEAD_FONT = Font(bold=True, color="FFFFFF")
Row = list[Any]


# -- Rows ----------------------------------------------------------------------------------------------------------


def goods_rows(cooperative: Cooperative) -> Iterator[Row]:
    """All goods but the archive: one row each, or one for each size."""
    home = places.commune(cooperative.ward_code)
    province_code = home.province_code if home else ""
    listings = Listing.objects.filter(cooperative=cooperative).exclude(state=Listing.State.ARCHIVED)
    pks = list(listings.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), AT_ONCE):
        for goods in goods_of(listings.filter(pk__in=pks[start : start + AT_ONCE])):
            for size in goods.sizes or [None]:
                yield goods_row(goods, size, province_code)


def goods_row(goods: Goods, size: Size | None, province_code: str) -> Row:
    """What the cooperative says by now, in the order of the columns."""
    said = goods.fields
    values = {name: getattr(said, name) for name in BY_NAME if hasattr(said, name)}
    values |= {
        "sku": goods.sku,
        "ocop_set": set_text(said.ocop_set),
        "ward_code": ward_text(said.ward_code, province_code),
        "season": season_text(said.season),
        "photos": "; ".join(goods.photos),
        "state": STATES[Listing.State(goods.listing.state)],
    }
    if size:
        values |= {"size": size.variant.label_vi, "price": size.price, "stock": size.stock}
        values |= {"net_weight_g": size.variant.net_weight_g, "ship_weight_g": size.variant.ship_weight_g}
    return [values.get(column.name) for column in COLUMNS]


# -- Files ---------------------------------------------------------------------------------------------------------


def csv_file(rows: Iterable[Row]) -> bytes:
    """UTF-8 with its mark, so that Excel reads the letters; formulas are escaped."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.heading for column in COLUMNS])
    for row in rows:
        writer.writerow([text_out(cell, is_csv=True) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[Row], cooperative: Cooperative) -> bytes:
    """A workbook with headings, drop-downs and a sheet of notes."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hàng")
    columns_prepare(sheet, [column.width for column in COLUMNS])
    drop_downs(sheet, cooperative)
    sheet.append(heading_cells(sheet, [column.heading for column in COLUMNS]))
    for row in rows:
        sheet.append([cell_out(sheet, cell) for cell in row])
    notes_sheet(book)
    lists_sheet(book, cooperative)
    return saved(book)


def template_rows() -> Iterator[Row]:
    """Empty rows that take text as it is typed: no size becomes a date, no code loses its zeros."""
    for _number in range(PREPARED):
        yield ["" if column.is_text else None for column in COLUMNS]


def faults_file(job: SheetJob) -> bytes:
    """The rows with faults as they stood, with the reason behind each; mended, it can be uploaded as it is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Dòng có lỗi")
    names = [name for name in job.columns if name in BY_NAME]
    columns_prepare(sheet, [60, 8, *(BY_NAME[name].width for name in names)])
    headings = ["Cần sửa gì", "Dòng số", *(BY_NAME[name].heading for name in names)]
    sheet.append(heading_cells(sheet, headings))
    for line in job.lines.exclude(problems=[]).order_by("number").iterator(chunk_size=500):
        reasons = "\n".join(fault_text(problem) for problem in line.problems)
        cells = [cell_out(sheet, cell) for cell in line.cells]
        sheet.append([cell_out(sheet, reasons), line.number, *cells])
    return saved(book)


# -- Parts ---------------------------------------------------------------------------------------------------------


def cell_out(sheet: Any, value: Any) -> Any:
    """A cell; text is typed as text, whatever it looks like."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet)
    cell.number_format = "@"
    if value:
        cell.value = text_out(value, is_csv=False)
        cell.data_type = "s"
    return cell


def heading_cells(sheet: Any, headings: Sequence[str]) -> Row:
    cells = [WriteOnlyCell(sheet, heading) for heading in headings]
    for cell in cells:
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cells


def columns_prepare(sheet: Any, widths: Sequence[int]) -> None:
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def drop_downs(sheet: Any, cooperative: Cooperative) -> None:
    """Lists to choose from; something else may be typed, and is looked at when the sheet comes in."""
    lengths = {"ocop_set": len(ocop.SETS), "ward_code": len(communes_of(cooperative)), "state": len(STATES)}
    for place, (name, length) in enumerate(lengths.items(), 1):
        source = get_column_letter(place)
        rule = DataValidation(type="list", formula1=f"'Danh mục'!${source}$2:${source}${length + 1}", allow_blank=True)
        rule.showErrorMessage = False
        column = letters(COLUMNS.index(BY_NAME[name]))
        rule.add(f"{column}2:{column}{PREPARED + 1}")
        sheet.data_validations.append(rule)


def communes_of(cooperative: Cooperative) -> list[str]:
    home = places.commune(cooperative.ward_code)
    return [commune.name for commune in places.communes_of(home.province_code if home else "")]


def lists_sheet(book: Workbook, cooperative: Cooperative) -> None:
    """What the drop-downs offer."""
    sheet = book.create_sheet("Danh mục")
    lists = [
        ["Các nhóm", *(set_text(one.number) for one in ocop.SETS)],
        ["Các xã, phường", *communes_of(cooperative)],
        ["Các trạng thái", *STATES.values()],
    ]
    columns_prepare(sheet, [60, 30, 20])
    for number in range(max(map(len, lists))):
        sheet.append([entries[number] if number < len(entries) else None for entries in lists])


def notes_sheet(book: Workbook) -> None:
    """How to fill in each column."""
    sheet = book.create_sheet("Hướng dẫn")
    columns_prepare(sheet, [26, 100])
    sheet.append(heading_cells(sheet, ["Về cột", "Cách điền"]))
    for name, note in NOTES.items():
        heading = BY_NAME[name].heading if name in BY_NAME else name
        sheet.append([cell_out(sheet, heading), cell_out(sheet, note)])


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
