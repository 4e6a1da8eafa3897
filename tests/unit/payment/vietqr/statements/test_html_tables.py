import pytest

from shop.payment.vietqr.statements import StatementError, table_read


def rows_of(page):
    table = table_read(content=page.encode(), name="sao-ke.xls")
    assert (table.kind, table.encoding) == ("html", "utf-8")
    return table.rows


def cells(*texts):
    return "<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>"


def test_a_plain_table():
    page = f"<html><head><title>Sao kê</title></head><body><table>{cells('Ngày', 'Có')}{cells('a', 'b')}</table></body>"
    assert rows_of(page) == (("Ngày", "Có"), ("a", "b"))


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><th>a<th>b<tr><td>c<td>d</table>",
        "<TABLE BORDER=1><TR><TD>a</TD><TD>b</TD></TR><TR><TD>c</TD><TD>d</TD></TR></TABLE>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table>",
        "<table><tr><td>a</td><td>b</td></tr></table><p>x</p><table><tr><td>c</td><td>d</td></tr></table>",
        "<!DOCTYPE html>\n<html><table>\n<tr>\n<td>\na\n</td>\n<td>\nb</td></tr><tr><td>c</td><td>d",
        "<table><tr><td><b>a</b></td><td><span style='x'>b</span></td></tr><tr><td>c</td><td><font>d</font></td></tr>",
        "<table><!-- <tr><td>no</td></tr> --><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "<table><script>'<td>no</td>'</script><tr><td>a<td>b<style>td {}</style><tr><td>c<td>d</table><!-- open",
        "<meta charset=utf-8><table><tr><td>a<td>b<tr><td>c<td>d<script>",
    ],
)
def test_ways_of_writing(page):
    assert rows_of(page) == (("a", "b"), ("c", "d"))


def test_texts():
    row = cells("a &amp; b", "&lt;td&gt;", "1&nbsp;250&#160;000", "a<br>b<br/>c", "&#x110;&#7891;ng", "=1+1")
    assert rows_of(f"<table>{row}</table>") == (("a & b", "<td>", "1 250 000", "a\nb\nc", "Đồng", "=1+1"),)


def test_no_character_that_a_database_refuses():
    assert rows_of(f"<table>{cells('a&#0;', 'b&#xD800;')}</table>") == (("a\ufffd", "b\ufffd"),)


def test_spans():
    page = (
        "<table><tr><td colspan=4>NGÂN HÀNG MẪU</td></tr>"
        "<tr><td rowspan=2>Ngày</td><td colspan='2'>Số tiền</td><td rowspan=\"2\">Nội dung</td></tr>"
        "<tr><td>Nợ</td><td>Có</td></tr>"
        "<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr></table>"
    )
    assert rows_of(page) == (
        ("NGÂN HÀNG MẪU",),
        ("Ngày", "Số tiền", "", "Nội dung"),
        ("", "Nợ", "Có"),
        ("1", "2", "3", "4"),
    )


def test_absurd_spans_are_cut():
    page = "<table><tr><td colspan=9999 rowspan=9999>a</td></tr><tr><td>b</td></tr></table>"
    with pytest.raises(StatementError) as error:
        table_read(content=page.encode(), name="")
    assert error.value.code == "too_many_columns"


BIG = 5_000_000


@pytest.mark.parametrize(
    ("start", "piece", "code"),
    [
        ("<html><table>", "<", "html"),
        ("<html><table>", "<!--", "html"),
        ("<html><table>", "<![", "html"),
        ("<html><table>", "<script>", "html"),
        ("<html><table><", "a", "html"),
        ("<html><table><td colspan=", " ", "html"),
        ("<html><table>", "<td>", "too_many_columns"),
        ("<html><table>", "<td>x", "too_many_columns"),
        ("<html><table>", "<tr>", "too_many_rows"),
        ("<html><table>", "<tr><td rowspan=99 colspan=60>", "too_many_rows"),
        ("<html><table><td>", "&amp", "long_cell"),
        ("<html><table><td>", "&", "long_cell"),
    ],
)
def test_hostile_markup_takes_linear_time(start, piece, code):
    """Each of these took a parser that goes back and tries again from seconds to hours."""
    with pytest.raises(StatementError) as error:
        table_read(content=(start + piece * (BIG // len(piece))).encode(), name="")
    assert error.value.code == code
