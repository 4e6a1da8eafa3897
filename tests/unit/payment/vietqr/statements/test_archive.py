"""Workbooks that were made to exhaust the machine. Every one is really built."""

import io
import random
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from shop.core.tables import archive as limits
from shop.payment.vietqr.statements import StatementError, table_read

from .samples import LAYOUTS, movements, xlsx_file
from .test_workbook import edited

SHEET = "xl/worksheets/sheet1.xml"
MB = 1024 * 1024


def refused(content, detail=None):
    with pytest.raises(StatementError) as error:
        table_read(content=content, name="sao-ke.xlsx")
    assert detail in (None, error.value.detail)
    return error.value.code


def refused_unopened(content, monkeypatch, detail=None):
    """The code of the refusal, after which no part had been opened."""

    def opened(*_, **__):
        raise AssertionError("a part was opened")

    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipFile, "open", opened)
        return refused(content, detail)


def zeros(size):
    """A workbook whose sheet is that many zero bytes."""
    return edited(xlsx_file([["a", "b"]]), sheet1=lambda _: b"\0" * size)


def claiming(content, size, crc=None):
    """The archive with another size (and checksum) for its sheet, in the directory and before the part."""
    data = bytearray(content)
    archive = zipfile.ZipFile(io.BytesIO(content))
    entry = archive.getinfo(SHEET)
    directory = data.index(b"PK\x01\x02", archive.start_dir)
    while data[directory + 46 : directory + 46 + len(SHEET)] != SHEET.encode():
        directory = data.index(b"PK\x01\x02", directory + 4)
    for place in (entry.header_offset + 14, directory + 16):
        packed = struct.unpack_from("<L", data, place + 4)[0]
        struct.pack_into("<LLL", data, place, entry.CRC if crc is None else crc, packed, size)
    return bytes(data)


def test_200_mb_in_200_kb(monkeypatch):
    content = zeros_200_mb()
    assert len(content) < 250 * 1024
    tracemalloc.start()
    assert refused_unopened(content, monkeypatch) == "bomb"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MB


def zeros_200_mb():
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    pieces = [packer.compress(b"\0" * MB) for _ in range(200)] + [packer.flush()]
    return with_packed_part(target, b"".join(pieces), 200 * MB)


def with_packed_part(target, packed, size):
    """The archive with one more part whose packed bytes are given."""
    name = "xl/worksheets/sheet2.xml"
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), packed)
    data = bytearray(target.getvalue())
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = data.rindex(signature)
        struct.pack_into("<H", data, start + place, zipfile.ZIP_DEFLATED)
        struct.pack_into("<L", data, start + place + 14, size)
    return bytes(data)


def test_1_gb_claimed(monkeypatch):
    assert refused_unopened(claiming(xlsx_file([["a", "b"]]), 2**30), monkeypatch) == "bomb"


def test_4_gb_claimed(monkeypatch):
    assert refused_unopened(claiming(xlsx_file([["a", "b"]]), 2**32 - 2), monkeypatch) == "bomb"


@pytest.mark.parametrize("size", [0, 1, 1000, MB])
def test_sizes_that_are_too_small(size):
    """100 MB that the directory calls a few bytes: no more than those are ever unpacked."""
    content = claiming(zeros(100 * MB), size)
    tracemalloc.start()
    assert refused(content) == "broken"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MB


def test_a_size_that_is_too_small_with_its_checksum():
    content = claiming(zeros(100 * MB), 1000, crc=zlib.crc32(b"\0" * 1000))
    assert refused(content) == "broken"


def test_real_bytes_are_counted_whatever_is_claimed(monkeypatch):
    """Today's zipfile stops at the size that is claimed; should it ever not, the count does."""
    monkeypatch.setattr(limits, "MAX_PART", 5_000)
    monkeypatch.setattr(limits, "_check_sizes", lambda *_: None)
    assert refused(xlsx_file(LAYOUTS["bidv"].rows(movements(30))), "counted") == "bomb"


def test_the_sum_of_the_parts_is_counted(monkeypatch):
    content = xlsx_file(LAYOUTS["bidv"].rows(movements(30)))
    sheet = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET).file_size
    monkeypatch.setattr(limits, "MAX_UNPACKED", sheet + 100)
    monkeypatch.setattr(limits, "_check_sizes", lambda *_: None)
    assert refused(content, "counted") == "bomb"


def test_ten_thousand_parts(monkeypatch):
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    with zipfile.ZipFile(target, "a") as archive:
        for n in range(10_000):
            archive.writestr(f"xl/media/{n}.png", b"")
    assert refused_unopened(target.getvalue(), monkeypatch, "parts") == "bomb"


def test_parts_that_share_their_bytes(monkeypatch):
    """Many entries of the directory that point to one packed part."""
    noise = random.Random(1).randbytes(200_000)
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/noise.xml", noise)
        first = archive.getinfo("xl/noise.xml")
        for n in range(100):
            twin = zipfile.ZipInfo(f"xl/noise{n}.xml")
            twin.header_offset, twin.compress_size, twin.file_size = first.header_offset, first.compress_size, 200_000
            twin.CRC, twin.compress_type = first.CRC, first.compress_type
            archive.filelist.append(twin)
    assert refused_unopened(target.getvalue(), monkeypatch, "overlap") == "bomb"


def test_other_methods_of_packing(monkeypatch):
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/sharedStrings.xml", b"x" * 1000)
    assert refused_unopened(target.getvalue(), monkeypatch) == "broken"


def test_passwords(monkeypatch):
    content = bytearray(xlsx_file([["a", "b"]]))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert refused_unopened(bytes(content), monkeypatch) == "encrypted"


LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="str"><v>&c;</v></c>
</row></sheetData></worksheet>"""


@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles", "[Content_Types]"])
@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE x [<!ENTITY a "ha">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x SYSTEM "http://mau.vn/x.dtd">',
    ],
)
def test_entities(part, prologue):
    content = edited(xlsx_file([["a", "b"]]), **{part: lambda xml: prologue + xml.partition(b"?>")[2]})
    assert refused(content) == "unsafe"


def test_a_billion_laughs():
    assert refused(edited(xlsx_file([["a", "b"]]), sheet1=lambda _: LAUGHS)) == "unsafe"


@pytest.mark.parametrize("encoding", ["utf-16", "cp037"])
def test_encodings_in_which_entities_could_hide(encoding):
    text = LAUGHS.decode().replace('"1.0"', f'"1.0" encoding="{encoding}"')
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda _: text.encode(encoding))
    assert refused(content) == "broken"


def noisy(pieces, count, seed=1):
    """Pieces in an order that packs badly, so that no ratio gives them away."""
    return b"".join(random.Random(seed).choices(pieces, k=count))


DIGITS = [b"<v>%d</v>" % n for n in range(1000)]


@pytest.mark.parametrize(
    ("inside", "code", "detail"),
    [
        (b"<row>" + noisy([b"<c>%s</c>" % digits for digits in DIGITS], 300_000) + b"</row>", "bomb", "row"),
        (noisy([b"<row><c>%s</c></row>" % digits for digits in DIGITS], 150_000), "too_many_rows", ""),
        (noisy([b"<row>%s" % digits for digits in DIGITS], 100_000), "bomb", "row"),
        (b"<row>" + noisy([b"<c><is><t>%d" % n for n in range(1000)], 100_000), "bomb", "row"),
        (b'<row r="999999999999"><c><v>1</v></c></row>', "too_many_rows", ""),
    ],
    ids=["cells", "rows", "nested", "deep", "far"],
)
def test_sheets_of_tiny_elements(inside, code, detail):
    end = inside + b"</sheetData>"
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", end))
    assert len(content) < 5 * MB
    assert refused(content, detail) == code


@pytest.mark.parametrize(
    ("part", "closing", "piece"),
    [
        ("workbook", b"</workbook>", b'<definedName name="a%d">A1</definedName>'),
        ("styles", b"</cellXfs>", b'<xf numFmtId="%d"/>'),
        ("[Content_Types]", b"</Types>", b'<Override PartName="/a%d" ContentType="a"/>'),
    ],
)
def test_other_parts_of_tiny_elements(part, closing, piece):
    many = b"".join(piece % n for n in random.Random(3).sample(range(10**7), 120_000))
    content = edited(xlsx_file([["a", "b"]]), **{part: lambda xml: xml.replace(closing, many + closing)})
    assert refused(content, "tags") == "bomb"


def test_strings_of_tiny_elements():
    many = b"<sst>" + noisy([b"<si><t>%d</t></si>" % n for n in range(1000)], 300_000) + b"</sst>"
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", many)
    assert refused(target.getvalue(), "tags") == "bomb"


def with_strings(strings, rows):
    """A workbook whose cells name shared strings."""
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    content = edited(
        xlsx_file([["a", "b"]]),
        sheet1=lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"),
        **{"[Content_Types]": lambda part: part.replace(b"</Types>", override)},
    )
    target = io.BytesIO(content)
    table = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % text for text in strings)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (namespace, table))
    return target.getvalue()


def test_shared_strings():
    content = with_strings([b"first", b"second"], b'<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>')
    assert table_read(content=content, name="").rows == (("a", "b"), ("second", "first"))


def test_one_long_text_in_a_million_cells():
    """Half a megabyte that stands for more than a billion characters."""
    cells = [b'<c t="s"><v>0</v></c>', b'<c  t="s"><v>0</v></c>', b'<c t="s" ><v>0</v></c>', b'<c   t="s"><v>0</v></c>']
    rows = b"".join(b"<row>" + noisy(cells, 30, seed) + b"</row>" for seed in range(19_000))
    content = with_strings(["ế".encode() * 2000], rows)
    assert len(content) < MB
    assert refused(content, "text") == "bomb"


def test_a_blank_of_many_megabytes():
    """Looking for the ends of such a text once for every cell would take hours."""
    content = with_strings([noisy([b" ", b"\n", b"\t"], 2 * MB)], b'<row><c t="s"><v>0</v></c></row>')
    assert refused(content) == "long_cell"


def test_a_million_merged_cells_cost_nothing():
    rng = random.Random(4)
    merged = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in rng.choices(range(10**6), k=500_000))
    end = b"</sheetData><mergeCells>" + merged + b"</mergeCells>"
    content = edited(xlsx_file([["a", "b"]]), sheet1=lambda part: part.replace(b"</sheetData>", end))
    assert table_read(content=content, name="").rows == (("a", "b"),)


def test_macros_pictures_and_links_are_not_handed_on():
    target = io.BytesIO(xlsx_file([["a", "b"]]))
    extra = ("xl/vbaProject.bin", "xl/media/image1.xml", "xl/externalLinks/externalLink1.xml", "xl/comments1.xml")
    with zipfile.ZipFile(target, "a") as archive:
        for name in extra:
            archive.writestr(name, b"x")
    measured = zipfile.ZipFile(limits.workbook_measured(target.getvalue()))
    assert sorted(measured.namelist()) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    ]


@pytest.mark.parametrize("bank", LAYOUTS)
def test_real_statements_are_far_from_the_limits(bank):
    content = xlsx_file(LAYOUTS[bank].rows([movements(1)[0]] * 1_000))
    sheet = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET)
    assert sheet.file_size / sheet.compress_size < limits.MAX_RATIO / 4
    assert sheet.file_size * 20 < limits.MAX_PART
    tags = zipfile.ZipFile(io.BytesIO(content)).read(SHEET).count(b"<")
    assert tags * 20 < limits.MAX_SHEET_TAGS
