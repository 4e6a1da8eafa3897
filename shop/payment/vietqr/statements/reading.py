"""What kind of file a statement is, by its content and never by its name."""

from shop.core.tables.decoding import text_decoded
from shop.core.tables.kinds import ZIP, kind_check
from shop.core.tables.table import MAX_BYTES, Table
from shop.payment.vietqr.statements.errors import StatementError
from shop.payment.vietqr.statements.html_tables import html_table, is_html
from shop.payment.vietqr.statements.text_files import text_table
from shop.payment.vietqr.statements.workbook import workbook_table

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
    if content.startswith(ZIP):
        return workbook_table(content, name=name)
    kind_check(content)
    text, encoding = text_decoded(content)
    head = text[:4096].lstrip().lower()
    if any(mark in head for mark in _EXCEL_XML):
        raise StatementError("old_excel", "XML")
    if is_html(text):
        return html_table(text, encoding=encoding, name=name)
    if not head or head.startswith("<"):
        raise StatementError("not_a_table" if head else "empty")
    return text_table(text, encoding=encoding, name=name)
