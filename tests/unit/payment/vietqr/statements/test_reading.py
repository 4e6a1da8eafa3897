"""Kinds, encodings and limits of files; damage of every sort."""

import io
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.payment.vietqr.statements import StatementError, error_text, lines_of, mapping_guess, table_read

from .samples import ENCODINGS, LAYOUTS, NOW, csv_file, encoded, files_of, html_file, movements, xlsx_file
from .test_workbook import edited

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000


def refused(content, name="sao-ke.csv"):
    with pytest.raises(StatementError) as error:
        table_read(content=content, name=name)
    assert error_text(error.value)
    return error.value.code


def zipped(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/"), part)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\0" * 100, "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b",,,\n,,,\n", "empty"),
        (b"a,b\n" * (5 * 1024 * 1024 // 4 + 1), "huge"),
        (COMPOUND, "old_excel"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"x" * 100, "old_excel"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"x" * 100, "old_excel"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>', "old_excel"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Style/>', "old_excel"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "pdf"),
        (b"\n\n%PDF-1.4 ...", "pdf"),
        (b"PK\x05\x06" + b"\0" * 18, "not_a_workbook"),
        (zipped(a="1"), "not_a_workbook"),
        (zipped(**{"[Content_Types].xml": "<x/>", "word__document.xml": "<x/>"}), "not_a_workbook"),
        (zipped(**{"[Content_Types].xml": "<x/>", "xl__workbook.bin": "x"}), "not_a_workbook"),
        (zipped(**{"[Content_Types].xml": "<x/>", "xl__workbook.xml": "<x/>"}), "broken"),
        (b"PK\x03\x04 and nothing more", "broken"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_a_table"),
        (b"\x7fELF\x01\x01\x01\0", "not_a_table"),
        (b"Dear Sir\nplease find attached\n", "not_a_table"),
        (b"a\x01\x02\x03,b", "not_a_table"),
        (b'{"a": 1}', "not_a_table"),
        (b"<?xml version='1.0'?><a/>", "not_a_table"),
        ("a,b".encode("utf-16-le"), "not_a_table"),
        ("\ufeffa,b".encode("utf-32-le"), "not_a_table"),
        ("Ngày,Có".encode() + b"\x81\x8d", "encoding"),
        (b"\xff\xfea", "encoding"),
        (b"<html><body>Het phien lam viec</body></html>", "html"),
        (b"<!DOCTYPE html><html>", "html"),
        (b"<table></table>", "html"),
        (b"<table><tr><td>x</td></tr></table>", "html"),
        (b"<table><tr><td></td><td> </td></tr></table>", "empty"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html"),
    ],
)
def test_refused(content, code):
    assert refused(content) == code


def test_the_name_decides_nothing():
    layout, made = LAYOUTS["acb"], movements(3)
    for content in (csv_file(layout.texts(made)), xlsx_file(layout.rows(made)), html_file(layout.texts(made))):
        tables = [table_read(content=content, name=name) for name in ("a.csv", "a.xls", "a.xlsx", "a.pdf", "")]
        assert [table.name for table in tables] == ["a.csv", "a.xls", "a.xlsx", "a.pdf", ""]
        assert len({table.rows for table in tables}) == 1
    assert refused(COMPOUND, "sao-ke.xlsx") == "old_excel"
    assert refused(b"%PDF-1.7", "sao-ke.xlsx") == "pdf"


def test_exactly_5_mb_is_read():
    content = (b"a," + b"b" * 1000 + b"\n") * 5000
    content += b"\n" * (5 * 1024 * 1024 - len(content))
    assert len(table_read(content=content, name="").rows) == 5000
    assert refused(content + b"\n") == "huge"


# -- Limits of the table ------------------------------------------------------------------------------------------


def in_every_kind(rows):
    return {"csv": csv_file(rows), "xlsx": xlsx_file(rows), "html": html_file(rows)}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_columns(kind):
    widest = [["a"] * 60, ["b", "c"]]
    assert table_read(content=in_every_kind(widest)[kind], name="").rows == (("a",) * 60, ("b", "c"))
    with pytest.raises(StatementError) as error:
        table_read(content=in_every_kind([["b", "c"], ["a"] * 61])[kind], name="")
    assert (error.value.code, error.value.row) == ("too_many_columns", 2)
    # Empty cells at the end do not count.
    assert table_read(content=in_every_kind([["a", "b"] + [""] * 90])[kind], name="").rows == (("a", "b"),)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_cells(kind):
    longest = [["a", "x" * 2000]]
    assert table_read(content=in_every_kind(longest)[kind], name="").rows == (("a", "x" * 2000),)
    with pytest.raises(StatementError) as error:
        table_read(content=in_every_kind([["a", "b"], ["a", "x" * 2001]])[kind], name="")
    assert (error.value.code, error.value.row) == ("long_cell", 2)


def many_rows(kind, count):
    """As many rows of two cells, without the time that a library takes to write them."""
    if kind == "xlsx":
        rows = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * (count - 1) + b"</sheetData>"
        return edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", rows))
    return b"a,b\n" * count if kind == "csv" else b"<table>" + b"<tr><td>a<td>b" * count


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_rows(kind):
    assert len(table_read(content=many_rows(kind, 20_000), name="").rows) == 20_000
    with pytest.raises(StatementError) as error:
        table_read(content=many_rows(kind, 20_001), name="")
    assert (error.value.code, error.value.row) == ("too_many_rows", 20_001)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_blank_rows_keep_the_numbers_of_the_others(kind):
    rows = [["", ""], ["a", "b"], ["", ""], ["c", "d"], ["", " "]]
    assert table_read(content=in_every_kind(rows)[kind], name="").rows == ((), ("a", "b"), (), ("c", "d"))


def test_an_open_quotation_mark_is_found():
    rows = b'a,b\nc,"d\n' + b"e,f\n" * 1000
    with pytest.raises(StatementError) as error:
        table_read(content=rows, name="")
    assert (error.value.code, error.value.row) == ("long_cell", 2)
    assert refused(b'a,"' + b"x" * 200_000) == "long_cell"


# -- Encodings ----------------------------------------------------------------------------------------------------

PANGRAM = "Đặng Thị Ỷ, Nguyễn Quỹ, Phước Vĩnh, mướp đắng, khóm, ẵm, kỵ, rửa, ở, ỗ"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding(encoding):
    for text in (PANGRAM, PANGRAM.upper()):
        table = table_read(content=encoded(f'a;"{text}"\r\n', encoding), name="")
        assert table.rows == (("a", text),)
        assert table.encoding == ("utf-16" if "16" in encoding else encoding.removesuffix("-sig"))


def test_decomposed_letters_are_composed():
    table = table_read(content=b"a;Ng" + "a\u0300y co\u0301".encode(), name="")
    assert table.rows == (("a", "Ngày có"),)


def test_mountains_of_marks_are_taken_away():
    table = table_read(content=("a;b" + "\u0301\u0323" * 900).encode(), name="")
    assert table.rows == (("a", "b"),)


def test_stray_control_characters_are_dropped():
    assert table_read(content=b"a,b\x1a" + b"c" * 200, name="").rows == (("a", "b" + "c" * 200),)


# -- Damage -------------------------------------------------------------------------------------------------------


def one_of_each():
    files = files_of(LAYOUTS["vietinbank"], movements(4))
    return [
        files[kind] for kind in ("csv utf-8 ';'", "csv utf-16-le ','", "csv cp1258 '\\t'", "xlsx typed", "html utf-8")
    ]


def attempt(content):
    """Reads as far as it goes; a StatementError is an answer, anything else a fault."""
    try:
        table = table_read(content=content, name="")
        mapping = mapping_guess(table)
        if mapping:
            lines_of(table, mapping, now=NOW)
    except StatementError as error:
        assert error_text(error)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes(content):
    attempt(content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([b"PK\x03\x04", b"<table>", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n"]), st.binary(max_size=500))
def test_any_bytes_after_a_known_beginning(start, content):
    attempt(start + content)


def test_damaged_files():
    rng = random.Random(20261220)
    for content in one_of_each() * 60:
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 6)):
            place = rng.randrange(len(damaged))
            damaged[place : place + rng.choice([0, 1, 40])] = rng.choice([b"", b"\0", b'"', b"<", b"9" * 50, b"\xff"])
        attempt(bytes(damaged))


def test_damaged_parts_of_workbooks():
    """The archive is whole, but its XML is not what it should be."""
    rng = random.Random(20261221)
    source = zipfile.ZipFile(io.BytesIO(xlsx_file(LAYOUTS["bidv"].rows(movements(3)))))
    parts = {name: source.read(name) for name in source.namelist()}
    marks = [b"", b"<", b">", b'"', b"9" * 400, b"-1", b"e999", b' t="d"', b' t="s"', b' s="99"', b"</row>", b"<row>"]
    for _ in range(400):
        name = rng.choice([*parts, "xl/worksheets/sheet1.xml", "xl/workbook.xml"])
        damaged = bytearray(parts[name])
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(damaged))
            damaged[place : place + rng.choice([0, 1, 20])] = rng.choice(marks)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for other, part in parts.items():
                archive.writestr(other, bytes(damaged) if other == name else part)
        attempt(target.getvalue())


def test_every_truncation():
    for content in one_of_each():
        for length in range(0, len(content), max(1, len(content) // 60)):
            attempt(content[:length])
