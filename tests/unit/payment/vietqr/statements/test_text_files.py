import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.payment.vietqr.statements import table_read
from shop.payment.vietqr.statements.text_files import delimiter_of

from .samples import ENCODINGS, encoded


def rows_of(text):
    return table_read(content=text.encode(), name="").rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\nc,d\n", ","),
        ("a;b\nc;d\n", ";"),
        ("a\tb\nc\td\n", "\t"),
        ("a|b\nc|d\n", "|"),
        ("sep=;\na,b;c,d\n", ";"),
        ("SEP=|\r\na,b|c\r\n", "|"),
        # Amounts with commas under semicolons, and the other way round.
        ("01/12/2026;1,250,000;x\n02/12/2026;5,000;y\n03/12/2026;12,345,678;z\n", ";"),
        ('01/12/2026,"1;2",x\n02/12/2026,"1;2;3",y\n', ","),
        ("Từ ngày, đến ngày, chi nhánh, kênh\nNgày GD;Nội dung;Ghi có\n01/12/2026;a,b,c,d;5,000\n", ";"),
        ("Ngày GD,Nợ | Debit,Có | Credit,Diễn giải\n01/12/2026,1,,a|b\n", ","),
        ('a;"b, c, d"\ne;"f, g, h"\n', ";"),
        ("one column\nonly\n", ","),
        ("", ","),
    ],
)
def test_delimiters(text, delimiter):
    assert delimiter_of(text) == delimiter


def test_quoted_cells():
    assert rows_of('a;"b;c"\r\n"d ""e""";"f\r\ng"\r\n') == (("a", "b;c"), ('d "e"', "f\r\ng"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end):
    assert rows_of(f"a;b{end}c;d{end}") == (("a", "b"), ("c", "d"))
    assert rows_of(f"a;b{end}c;d") == (("a", "b"), ("c", "d"))


def test_other_separators_of_lines_stay_in_their_cell():
    assert rows_of("a;b\u2028c\u0085d\n") == (("a", "b\u2028c\u0085d"),)


def test_formulas_are_text():
    assert rows_of("=1+1;@SUM(A1);+5;-5\n") == (("=1+1", "@SUM(A1)", "+5", "-5"),)


def test_what_was_understood_is_told():
    table = table_read(content="Ngày;Có\n".encode("cp1258", "ignore"), name="sao-ke.csv")
    assert (table.name, table.kind, table.encoding, table.delimiter) == ("sao-ke.csv", "text", "cp1258", ";")


HEADINGS = ["Ngày giao dịch", "Nội dung", "Ghi nợ", "Ghi có", "Số dư"]
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂĐƠáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ0123456789"
CELLS = st.text(alphabet=LETTERS + " ,;|\t\"'=+-@()./\n", max_size=25).map(lambda text: text if text.strip() else "")
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=15)


@settings(max_examples=250, deadline=None)
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(ENCODINGS),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_was_written_is_read(rows, delimiter, encoding, end, quoting):
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([HEADINGS, *rows])
    table = table_read(content=encoded(target.getvalue(), encoding), name="")
    wanted = [trimmed(row) for row in [HEADINGS, *rows]]
    while not wanted[-1]:
        wanted.pop()
    assert list(table.rows) == wanted
    assert table.delimiter == delimiter


def trimmed(row):
    while row and not row[-1]:
        row = row[:-1]
    return tuple(row)
