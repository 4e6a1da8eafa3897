import csv
import io

import pytest

from shop.payment.vietqr.statements import csv_safe
from shop.payment.vietqr.statements.values import text_of


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84901", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "\u00a0=1", "＝1+1", "＋1", "－1", "＠x"],
)
def test_formulas_are_disarmed(text):
    assert csv_safe(text) == "'" + text


@pytest.mark.parametrize("value", ["", "HTX Mẫu", "a=b", "1-2", "'x", 5, -5, 1.5, None, True])
def test_everything_else_stays(value):
    assert csv_safe(value) is value


def test_our_own_export_reads_back():
    target = io.StringIO()
    csv.writer(target).writerow([csv_safe("=OCOP7K3M9QZ"), csv_safe("-500.000"), csv_safe("+84901")])
    row = next(csv.reader(io.StringIO(target.getvalue())))
    assert [text_of(cell) for cell in row] == ["=OCOP7K3M9QZ", "-500.000", "+84901"]
