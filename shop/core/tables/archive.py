"""The parts of an Excel workbook, unpacked within limits that hold whatever the archive claims.

An .xlsx is a ZIP of XML files. 195 KB of it can unpack to 200 MB, and a directory can lie about sizes. So the
directory is judged first, then every part that matters is unpacked under a counter, and its markup is counted before
anybody builds objects from it. What is handed on is a new archive of exactly the bytes that were measured, without
macros, pictures, links and whatever stands beside the cells of a sheet.
"""

import io
import re
import struct
import zipfile
import zlib

from shop.core.tables.errors import TableError

MAX_PARTS = 300
MAX_PART = 40 * 1024 * 1024  # bytes; 20,000 rows of 15 full columns have about 20 MB
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200  # of parts over 1 MB; XML of real statements packs 10 to 60 times
SMALL = 1024 * 1024
CHUNK = 64 * 1024

# Tags, opening and closing, that a part may hold: a tag of four bytes becomes an object of a hundred.
MAX_TAGS = 20_000
MAX_STYLE_TAGS = 100_000
MAX_STRING_TAGS = 1_000_000
MAX_SHEET_TAGS = 2_500_000
MAX_ROW_TAGS = 4_000
MAX_ROW_ELEMENTS = 100_000  # blank ones included

_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LEFT_OUT = re.compile(
    r"(?:^|/)(?:docProps|customXml|media|drawings|charts|chartsheets|dialogsheets|macrosheets|embeddings|externalLinks|"
    r"printerSettings|comments|threadedComments|persons|pivot\w*|queryTables|tables|theme|activeX|ctrlProps|slicer\w*)"
    r"(?:/|\d*\.xml)",
    re.IGNORECASE,
)
_SHEET = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet\b[^<>]*>")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z]\w*)")
_ROW_START = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?row(?=[\s/>])([^<>]*)>")
_ROW_NUMBER = re.compile(rb"\br\s*=\s*[\"']([0-9]{1,15})[\"']")
_ROW_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?row\s*>")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, KeyError)


def workbook_measured(content: bytes) -> io.BytesIO:
    """The workbook as an archive that may be opened. TableError ``bomb``, ``encrypted``, ``unsafe``, ``broken`` or
    ``not_a_workbook``."""
    if content.count(_DIRECTORY_ENTRY) > MAX_PARTS:  # before the directory becomes objects
        raise TableError("bomb", "parts")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive, len(content))
            parts = _unpacked(archive)
    except _BROKEN as error:
        raise TableError("broken", type(error).__name__) from error
    for part in parts.values():
        _check_text(part)
    measured = {name: _rows_only(part) for name, part in parts.items()}
    _check_tags(measured)
    return _repacked(measured)


def _check_directory(archive: zipfile.ZipFile, size: int) -> None:
    """Judge what the directory claims, before a byte is unpacked."""
    entries = archive.infolist()
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise TableError("encrypted")
    names = archive.namelist()
    if "[Content_Types].xml" not in names or not any(re.match("/?xl/", name) for name in names):
        raise TableError("not_a_workbook")
    if "xl/workbook.bin" in names:
        raise TableError("not_a_workbook", "xlsb")
    _check_sizes(entries, size)
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise TableError("broken", "method")


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise TableError("bomb", "size")
    if any(entry.file_size > MAX_PART or _ratio(entry) > MAX_RATIO for entry in entries):
        raise TableError("bomb", "ratio")
    # Parts that share their bytes, so that a small file holds many of them.
    if sum(entry.compress_size for entry in entries) > size:
        raise TableError("bomb", "overlap")


def _ratio(entry: zipfile.ZipInfo) -> float:
    return entry.file_size / max(entry.compress_size, 1) if entry.file_size > SMALL else 1


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts that matter, counted while they unpack."""
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")) and not _LEFT_OUT.search(name) and name not in parts:
            parts[name] = _part(archive, name, min(left, MAX_PART))
            left -= len(parts[name])
    return parts


def _part(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    chunks, count = [], 0
    with archive.open(name) as source:
        while chunk := source.read(CHUNK):
            count += len(chunk)
            if count > limit:
                raise TableError("bomb", "counted")
            chunks.append(chunk)
    return b"".join(chunks)


# -- Markup -------------------------------------------------------------------------------------------------------


def _check_text(part: bytes) -> None:
    """No entities, and no encoding in which markup would hide from the checks below."""
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise TableError("unsafe")
    encoding = _ENCODING.search(part[:200])
    if b"\0" in part or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"iso-8859-1")):
        raise TableError("broken", "encoding")


def _check_tags(parts: dict[str, bytes]) -> None:
    """No more tags than a statement has."""
    cells = 0
    for part in parts.values():
        if _SHEET.search(part[:CHUNK]):
            _check_rows(part)
            cells += part.count(b"<")
        elif part.count(b"<") > _most_tags(part):
            raise TableError("bomb", "tags")
    if cells > MAX_SHEET_TAGS:
        raise TableError("bomb", "cells")


def _most_tags(part: bytes) -> int:
    root = _ROOT.search(part[:CHUNK])
    kind = root[1] if root else b""
    return MAX_STRING_TAGS if kind == b"sst" else MAX_STYLE_TAGS if kind == b"styleSheet" else MAX_TAGS


def _check_rows(sheet: bytes) -> None:
    """No row may be a sheet of its own: the reader holds one row at a time. Nor may a row come too late.

    Comments and the like could hold ends of rows that are none; no program writes them into a sheet.
    """
    if b"<!" in sheet or sheet.find(b"<?", 5) >= 0:
        raise TableError("broken", "markup")
    start = 0
    for number, row in enumerate(_ROW_END.finditer(sheet), 1):
        _check_row(sheet, start, row.end())
        start = row.end()
        if number > MAX_ROW_ELEMENTS:
            raise TableError("too_many_rows", row=number)
    _check_row(sheet, start, len(sheet))
    _check_order(sheet)


def _check_order(sheet: bytes) -> None:
    """The reader passes over rows whose number is not higher than the last one: money would be missing silently."""
    last = 0
    for row in _ROW_START.finditer(sheet):
        number = _ROW_NUMBER.search(row[1])
        last, before = int(number[1]) if number else last + 1, last
        if last <= before:
            raise TableError("broken", "order of rows")


def _check_row(sheet: bytes, start: int, end: int) -> None:
    if sheet.count(b"<", start, end) > MAX_ROW_TAGS:
        raise TableError("bomb", "row")


def _rows_only(part: bytes) -> bytes:
    """A sheet without what stands before and after its rows; any other part as it is.

    A hundred thousand merged cells or rules of formatting cost more than all the rows. The size that a sheet states
    is left out too: it is often wrong, and would make every row as wide as it says.
    """
    root = _SHEET.search(part[:CHUNK])
    if not root:
        return part
    prefix = root[1]
    start = part.find(b"<" + prefix + b"sheetData")
    end = part.find(b"</" + prefix + b"sheetData", start)
    rows = part[start:end] + b"</%ssheetData>" % prefix if 0 <= start < end else b"<%ssheetData/>" % prefix
    return part[: root.end()] + b'<%sdimension ref="A1"/>' % prefix + rows + b"</%sworksheet>" % prefix


def _repacked(parts: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target
