"""Files that are no statements, and statements with cells that are no movements: refused, and nothing stays."""

import io
import zipfile

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from shop.payment.books import balance_of
from shop.payment.vietqr.models import BankLine, StatementFile, StatementLayout
from shop.payment.vietqr.statements import StatementError
from shop.reconciliation.statements import statement_keep
from tests.bench.statements import HEADER, Row, as_csv, as_xlsx, rows_made, statement_take
from tests.factories.bank import transfer_of

pytestmark = pytest.mark.django_db


def keep(cooperative, content, name):
    account = cooperative.bank_accounts.get().number
    return statement_keep(cooperative=cooperative, account=account, name=name, content=content, by="kế toán")


def workbook_of(**parts):
    """An archive with these parts, in the place of a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


TYPES = "[Content_Types]_xml"
HOSTILE = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\t ", "empty"),
    "zeros": (b"\0" * 5000, "empty"),
    "program": (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "not_a_table"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
    "pdf": (b"%PDF-1.7\n1 0 obj", "pdf"),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
    "huge": (b"a,b\r\n" * 1_100_000, "huge"),
    "long": (b"a,b\r\n1,2\r\n" * 10_001, "too_many_rows"),
    "wide": (b",".join([b"x"] * 61), "too_many_columns"),
    "open quotation": (b'a,b\r\n"' + b"x" * 3000, "long_cell"),
    "archive": (workbook_of(readme_xml="x"), "not_a_workbook"),
    "bomb": (workbook_of(**{TYPES: "<x/>", "xl__workbook_xml": "0" * 41_000_000}), "bomb"),
    "entities": (workbook_of(**{TYPES: "<x/>", "xl__workbook_xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), "unsafe"),
    "half": (as_xlsx(rows_made(50))[:2000], "broken"),
    "page": (b"<html><body>no table</body></html>", "html"),
}


def nothing_in_the_books():
    tasks = DBTaskResult.objects.filter(task_path__contains="lines_match").exists()
    return not (BankLine.objects.exists() or StatementLayout.objects.exists() or tasks)


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_file_is_refused_and_leaves_nothing(cooperative, content, code):
    waiting = keep(cooperative, as_csv(rows_made(1)), "sao-ke.csv")

    with pytest.raises(StatementError) as error:
        keep(cooperative, content, "sao-ke.xlsx")

    assert error.value.code == code
    assert [file.pk for file in StatementFile.objects.all()] == [waiting.pk]
    assert nothing_in_the_books()


def test_rows_that_cannot_be_read_for_sure_are_left_out(cooperative, order, run_tasks):
    day = timezone.localtime().strftime("%d/%m/%Y")
    memo = transfer_of(order).memo
    cells = [
        (day, "R1", "", "120,000", "", f"{memo} tốt"),
        (day, "R2", "", "=1+1", "", memo),
        (day, "R3", "", "99,999,999,999,999", "", memo),
        (day, "R4", "", "0.5", "", memo),
        (day, "R5", "120,000", "120,000", "", memo),
        (day, "R6", "", "-120,000", "", memo),
        ("31/02/2026", "R7", "", "120,000", "", memo),
        ("01/01/2199", "R8", "", "120,000", "", memo),
        ("01/01/1999", "R9", "", "120,000", "", memo),
        (day, "R10", "", "", "", memo),
        ("", "", "", "120,000", "", "Tổng cộng"),
    ]
    text = "\r\n".join("\t".join(row) for row in (HEADER, *cells))

    assert statement_take(cooperative, "sao-ke.txt", text.encode()).new_rows == 1
    run_tasks()

    assert BankLine.objects.get().reference == "R1"
    assert balance_of(order).received == 120_000


def test_hostile_cells_are_kept_as_text(cooperative, run_tasks):
    memo = '=HYPERLINK("http://x")<script>alert(1)</script> ' + "ằ" * 1_500

    content = as_csv([Row(timezone.localtime().replace(tzinfo=None), "@ref" * 60, 5_000, memo, 0)])
    assert statement_take(cooperative, "sao-ke.csv", content).new_rows == 1
    run_tasks()

    line = BankLine.objects.get()
    assert (line.memo, line.reference, line.state) == (memo[:1000], ("@ref" * 60)[:100], "open")
