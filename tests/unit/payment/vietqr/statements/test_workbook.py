import datetime
import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from shop.payment.vietqr.statements import StatementError, lines_of, mapping_guess, table_read

from .samples import LAYOUTS, NOW, movements, xlsx_file


def saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def edited(content, **changes):
    """The workbook with functions applied to parts, named by the end of their path."""
    target = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            change = changes.get(name.rsplit("/")[-1].partition(".")[0], lambda part: part)
            archive.writestr(name, change(source.read(name)))
    return target.getvalue()


def rows_in(rows):
    return b"<sheetData>" + rows + b"</sheetData>"


def rows_of(content):
    return table_read(content=content, name="").rows


def test_typed_cells():
    book = Workbook()
    book.active.append(
        [
            datetime.datetime(2026, 12, 1, 10, 22, 33),
            datetime.date(2026, 12, 1),
            datetime.time(10, 22),
            5,
            5.0,
            5.5,
            "x",
        ]
    )
    book.active.append([True, datetime.timedelta(hours=1), datetime.timedelta(days=2), None, " "])
    assert rows_of(saved(book)) == (
        (
            datetime.datetime(2026, 12, 1, 10, 22, 33),
            datetime.datetime(2026, 12, 1),
            datetime.time(10, 22),
            5,
            5,
            5.5,
            "x",
        ),
        ("True", datetime.time(1), "2 days, 0:00:00"),
    )


def test_formulas_are_not_computed():
    book = Workbook()
    book.active.append(["a", "=1+1", '=HYPERLINK("http://mau.vn")', "b"])
    assert rows_of(saved(book)) == (("a", "", "", "b"),)


def test_formulas_have_the_value_that_was_saved():
    book = Workbook()
    book.active.append(["a", "=1+1"])
    content = edited(saved(book), sheet1=lambda part: re.sub(rb"</f><v\s*/?>(?:</v>)?", b"</f><v>2</v>", part))
    assert rows_of(content) == (("a", 2),)


def test_the_visible_sheet_with_most_rows():
    book = Workbook()
    book.active.append(["Bìa", "x"])
    for name, rows, state in (("Sao kê", 3, "visible"), ("Ẩn", 9, "hidden"), ("Rất ẩn", 9, "veryHidden")):
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for _ in range(rows):
            sheet.append([name, "y"])
    table = table_read(content=saved(book), name="")
    assert (table.sheet, table.kind, len(table.rows)) == ("Sao kê", "xlsx", 3)


def test_an_empty_workbook():
    with pytest.raises(StatementError) as error:
        rows_of(saved(Workbook()))
    assert error.value.code == "empty"


def test_rows_have_the_numbers_that_excel_shows():
    book = Workbook()
    book.active["B3"] = "x"
    book.active["A5"] = "y"
    assert rows_of(saved(book)) == ((), (), ("", "x"), (), ("y",))


def test_blank_rows_down_to_the_last_one():
    """LibreOffice ends its sheets with a formatted row 1,048,576."""
    last = b'<row r="1048576" ht="12.8"></row></sheetData>'
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", last))
    assert rows_of(content) == (("a", "b"),)


def test_carriage_returns_in_xml():
    assert rows_of(xlsx_file([["a_x000D_\nb", "c"]])) == (("a\nb", "c"),)


@pytest.mark.parametrize("stated", [b"A1", b"A1:XFD1048576", b"Z99"])
def test_the_stated_size_is_not_believed(stated):
    content = edited(
        xlsx_file([["a", "b"], ["c", "d"]]),
        sheet1=lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % stated, part),
    )
    assert stated in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert rows_of(content) == (("a", "b"), ("c", "d"))


def test_cells_far_to_the_right_make_no_wide_rows():
    """6 KB that made a reader build twenty thousand rows of eighteen thousand cells."""
    rows = b'<row><c r="ZZZ1" s="1"/></row>' * 19_000 + b"</sheetData>"
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", rows))
    assert rows_of(content) == (("a", "b"),)


@pytest.mark.parametrize("order", [(2, 1), (1, 1), (5, 5, 6), (1, 3, 2)])
def test_rows_out_of_order_are_not_lost_silently(order):
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in order)
    content = edited(xlsx_file([]), sheet1=lambda part: re.sub(rb"<sheetData.*/(sheetData)?>", rows_in(rows), part))
    with pytest.raises(StatementError) as error:
        rows_of(content)
    assert error.value.code == "broken"


def test_cells_out_of_order_are_not_lost():
    row = b'<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>'
    content = edited(xlsx_file([]), sheet1=lambda part: re.sub(rb"<sheetData.*/(sheetData)?>", rows_in(row), part))
    assert rows_of(content) == ((1, "", 3),)


def test_prefixed_names():
    """Some programs write <x:row> for <row>."""

    def prefixed(part):
        part = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", part)
        return part.replace(b"xmlns=", b"xmlns:x=", 1)

    content = edited(xlsx_file(LAYOUTS["bidv"].rows(movements(3))), sheet1=prefixed)
    assert b"<x:row" in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    table = table_read(content=content, name="")
    assert len(lines_of(table, mapping_guess(table), now=NOW).lines) == 3


def test_what_stands_beside_the_rows_is_left_out():
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:not a range"/></mergeCells><extLst><ext/></extLst>'
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", merged))
    assert rows_of(content) == (("a", "b"),)


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A1" t="s"><v>5</v></c>',
        b'<c r="A1"><v>abc</v></c>',
        b'<c r="A1"><v>' + b"9" * 5000 + b"</v></c>",
        b'<c r="1A"><v>1</v></c>',
        b'<c r="A1" s="x"><v>1</v></c>',
        b'<c r="A1" t="d"><v>yesterday</v></c>',
        b'<c r="A1"><v>1</v>',
        b"<c><![CDATA[x]]></c>",
        b"<!-- x --><c/>",
        b"<?x?><c/>",
    ],
)
def test_cells_that_make_no_sense(cell):
    row = b'<sheetData><row r="1">' + cell + b"</row>"
    content = edited(xlsx_file([[], ["a", "b"]]), sheet1=lambda part: part.replace(b"<sheetData>", row))
    with pytest.raises(StatementError) as error:
        rows_of(content)
    assert error.value.code == "broken"
