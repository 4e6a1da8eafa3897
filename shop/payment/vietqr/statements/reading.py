"""What kind of file a statement is, by its content and never by its name."""

from shop.payment.vietqr.statements.errors import StatementError
from shop.payment.vietqr.statements.html_tables import html_table, is_html
from shop.payment.vietqr.statements.table import MAX_BYTES, Table
from shop.payment.vietqr.statements.text_files import text_decoded, text_table
from shop.payment.vietqr.statements.workbook import workbook_table

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of encrypted new ones
_OLD_SHEETS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # Excel before that container; then a small number
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXCEL_XML = ("urn:schemas-microsoft-com:office:spreadsheet", 'progid="excel.sheet"')


def table_read(*, content: bytes, name: str) -> Table:
    """The cells of an uploaded statement: CSV or another delimited text, .xlsx, or a web page with a table.

    ``name`` is only kept: banks give web pages the ending of Excel files. At most 5 MB, 20,000 rows, 60 columns and
    2,000 characters a cell. :class:`StatementError` says why a file is refused, and nothing else is raised, whatever
    the bytes.
    """
    if len(content) > MAX_BYTES:
        raise StatementError("huge")
    if not content.strip(b" \t\r\n\0"):
        raise StatementError("empty")
    if content.startswith(_ZIP):
        return workbook_table(content, name=name)
    _check_kind(content)
    text, encoding = text_decoded(content)
    head = text[:4096].lstrip().lower()
    if any(mark in head for mark in _EXCEL_XML):
        raise StatementError("old_excel", "XML")
    if is_html(text):
        return html_table(text, encoding=encoding, name=name)
    if not head or head.startswith("<"):
        raise StatementError("not_a_table" if head else "empty")
    return text_table(text, encoding=encoding, name=name)


def _check_kind(content: bytes) -> None:
    """Refuse what is recognised by its first bytes, each with its own code."""
    if content.startswith(_COMPOUND):
        raise StatementError("encrypted" if _ENCRYPTED in content else "old_excel")
    if content.startswith(_OLD_SHEETS) and content[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"):
        raise StatementError("old_excel")
    if b"%PDF-" in content[:1024]:
        raise StatementError("pdf")
    if content.startswith(_EMPTY_ZIP):
        raise StatementError("not_a_workbook")
