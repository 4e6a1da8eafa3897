import datetime

import pytest

from shop.core.dates import TZ
from shop.payment.vietqr.statements import Problem, StatementError, Table, lines_of, mapping_by_hand, mapping_guess

from .samples import NOW

HEADINGS = ("Ngày giao dịch", "Số tham chiếu", "Diễn giải", "Ghi nợ", "Ghi có", "Số dư")
GOOD = ("01/12/2026 10:22:33", "FT1", "OCOP7K3M9QZ", "", "195.000", "1.195.000")


def table(*rows):
    return Table((HEADINGS, *(tuple(row) for row in rows)))


def read(*rows, now=NOW):
    made = table(*rows)
    return lines_of(made, mapping_guess(made), now=now)


def signed(*rows, sign=None, now=NOW):
    made = Table(tuple(tuple(row) for row in rows))
    columns = {"date": 0, "memo": 1, "amount": 2, "sign": sign}
    return lines_of(made, mapping_by_hand(made, header_row=-1, columns=columns), now=now)


def changed(**cells):
    names = ("date", "reference", "memo", "debit", "credit", "balance")
    return tuple(cells.get(name, cell) for name, cell in zip(names, GOOD, strict=True))


def test_a_line():
    line = read((), GOOD).lines[0]
    assert line.occurred_at == datetime.datetime(2026, 12, 1, 10, 22, 33, tzinfo=TZ)
    assert line.occurred_at.utcoffset() == datetime.timedelta(hours=7)
    assert (line.row, line.has_time, line.amount, line.incoming) == (3, True, 195_000, True)
    assert (line.memo, line.reference, line.payer_name, line.payer_number) == ("OCOP7K3M9QZ", "FT1", "", "")
    assert line.balance == 1_195_000
    assert len(line.key) == 64


def test_money_out():
    for debit in ("500.000", "-500.000", "(500.000)"):
        line = read(changed(debit=debit, credit="")).lines[0]
        assert (line.amount, line.incoming) == (500_000, False)
    assert read(changed(debit="0", credit="195.000")).lines[0].incoming


@pytest.mark.parametrize(
    ("cells", "code", "text"),
    [
        ({"date": "31/02/2026"}, "date", "31/02/2026"),
        ({"date": "12/25/2026"}, "date", "12/25/2026"),
        ({"date": "hôm qua"}, "date", "hôm qua"),
        ({"date": ""}, "date", ""),
        ({"date": "46357"}, "date", "46357"),
        ({"date": "01/12/2026 - 05/12/2026"}, "date", "01/12/2026 - 05/12/2026"),
        ({"date": "23/12/2026"}, "future", "23/12/2026"),
        ({"date": "22/12/2026 09:00:01"}, "future", "22/12/2026 09:00:01"),
        ({"date": "19/12/2021"}, "old", "19/12/2021"),
        ({"date": "01/12/0026"}, "old", "01/12/0026"),
        ({"credit": "195.000,50"}, "fraction", "195.000,50"),
        ({"credit": 195000.5}, "fraction", "195000.5"),
        ({"credit": "195k"}, "amount", "195k"),
        ({"credit": "=SUM(A1:A9)"}, "amount", "=SUM(A1:A9)"),
        ({"credit": "USD 12.50"}, "amount", "USD 12.50"),
        ({"credit": ""}, "no_amount", ""),
        ({"credit": "0", "debit": "0.00"}, "no_amount", ""),
        ({"debit": "5.000"}, "both", ""),
        ({"credit": "-195.000"}, "negative", "-195.000"),
        ({"credit": "x" * 500}, "amount", "x" * 80),
    ],
)
def test_problems(cells, code, text):
    reading = read(changed(**cells), GOOD)
    assert reading.problems == (Problem(2, code, text),)
    assert [line.row for line in reading.lines] == [3]


def test_limits_of_dates():
    for day in ("22/12/2026", "22/12/2026 09:00:00", "20/12/2021"):
        assert len(read(changed(date=day)).lines) == 1


def test_now_is_vietnamese_wherever_the_caller_is():
    utc = datetime.datetime(2026, 12, 19, 23, 0, tzinfo=datetime.UTC)  # six in the morning of the 20th
    assert len(read(changed(date="22/12/2026 06:00"), now=utc).lines) == 1
    assert len(read(changed(date="20/12/2021"), now=utc).lines) == 1


@pytest.mark.parametrize(
    "row",
    [
        (),
        ("", "", "Tổng cộng", "500.000", "195.000"),
        ("Tổng số", "", "", "500.000", "195.000"),
        ("Cộng phát sinh", "", "", "500.000", "195.000"),
        ("Cộng", "", "", "500.000", "195.000"),
        ("Total", "", "", "500,000", "195,000"),
        ("Số dư cuối kỳ", "", "", "", "195.000", "1.000"),
        ("Closing balance", "", "", "", "195.000"),
        ("", "", "Số dư đầu kỳ", "", "", "1.000.000"),
        ("01/12/2026", "", "Số dư đầu kỳ", "", "", "1.000.000"),
        ("01/12/2026", "", "Opening balance", "0", "0", "1.000.000"),
        ("Trang 1/2",),
        ("Ngày in: 01/12/2026",),
        ("", "", "", "", "Ngày 01 tháng 12 năm 2026"),
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)"),
        ("1", "2", "3", "4", "5", "6"),
        ("A", "B", "C", "1", "2", "3"),
        HEADINGS,
        ("", "", "tiếp theo của nội dung dòng trên"),
        ("Kế toán", "", "", "", "Giám đốc"),
    ],
)
def test_skipped_rows(row):
    reading = read(GOOD, row, changed(reference="FT2"))
    assert reading.problems == ()
    assert [line.row for line in reading.lines] == [2, 4]
    assert reading.skipped == 1


@pytest.mark.parametrize("memo", ["TONG CONG TY MAU chuyen tien", "Total OCOP7K3M9QZ", "cong tien no", "So du OCOP"])
def test_what_a_payer_writes_makes_no_total(memo):
    assert [line.memo for line in read(changed(memo=memo)).lines] == [memo]
    assert read(changed(memo=memo, date="")).problems == (Problem(2, "date", ""),)


def test_a_company_is_no_total():
    made = Table((("TONG CONG TY MAU", "x", "5.000"),))
    reading = lines_of(made, mapping_by_hand(made, header_row=-1, columns={"date": 1, "memo": 0, "amount": 2}), now=NOW)
    assert reading.problems == (Problem(1, "date", "x"),)


def test_formulas_are_text():
    line = read(changed(memo='=HYPERLINK("http://mau.vn")', reference="@SUM(A1)")).lines[0]
    assert (line.memo, line.reference) == ('=HYPERLINK("http://mau.vn")', "@SUM(A1)")


def test_an_unreadable_balance_is_no_problem():
    reading = read(changed(balance="1.195.000,55"), changed(balance="n/a", reference="FT2"))
    assert [line.balance for line in reading.lines] == [None, None]


def test_a_negative_balance():
    assert read(changed(balance="-5.000")).lines[0].balance == -5_000


def test_signed_amounts():
    reading = signed(("01/12/2026", "a", "+195.000"), ("02/12/2026", "b", "-5.000"), ("03/12/2026", "c", "7.000"))
    assert [(line.amount, line.incoming) for line in reading.lines] == [(195_000, True), (5_000, False), (7_000, True)]


def test_direction_column():
    rows = [("01/12/2026", "a", "5.000", word) for word in ("C", "D", "+", "-", "Có", "Nợ", "?", "")]
    reading = signed(*rows, ("01/12/2026", "a", "-5.000", "D"), ("01/12/2026", "a", "-5.000", "C"), sign=3)
    assert [line.incoming for line in reading.lines] == [True, False] * 3 + [False]
    assert reading.problems == (
        Problem(7, "direction", "?"),
        Problem(8, "direction", ""),
        Problem(10, "negative", "-5.000"),
    )


def test_time_in_its_own_column():
    made = Table((("01/12/2026", "10:22:33", "a", "5.000"), ("01/12/2026", "", "b", "5.000")))
    columns = {"date": 0, "time": 1, "memo": 2, "amount": 3}
    reading = lines_of(made, mapping_by_hand(made, header_row=-1, columns=columns), now=NOW)
    assert [(f"{line.occurred_at:%H:%M:%S}", line.has_time) for line in reading.lines] == [
        ("10:22:33", True),
        ("00:00:00", False),
    ]


def test_month_first_by_mapping():
    made = Table((("12/01/2026", "a", "5.000"),))
    columns = {"date": 0, "memo": 1, "amount": 2}
    mapping = mapping_by_hand(made, header_row=-1, columns=columns, date_format="mdy")
    assert lines_of(made, mapping, now=NOW).lines[0].occurred_at.date() == datetime.date(2026, 12, 1)


def test_dates_that_a_spreadsheet_may_have_swapped():
    """Opened and saved with American settings: 05/12 became 12 May, 25/11 stayed text."""
    rows = [
        changed(date=datetime.datetime(2026, 5, 12)),
        changed(date="25/11/2026"),
        changed(date=datetime.datetime(2026, 11, 11)),
        changed(date=datetime.datetime(2026, 11, 13)),
    ]
    reading = read(*rows)
    assert reading.problems == (Problem(2, "mixed_dates", "2026-05-12 00:00:00"),)
    assert [line.row for line in reading.lines] == [3, 4, 5]
    assert len(read(rows[0], rows[2]).lines) == 2
    assert len(read(rows[1], rows[1]).lines) == 2


def test_a_mapping_for_another_file():
    with pytest.raises(StatementError) as error:
        lines_of(Table((("a", "b"),)), mapping_guess(table(GOOD)), now=NOW)
    assert error.value.code == "mapping"


def test_the_real_clock():
    today = f"{datetime.datetime.now(TZ):%d/%m/%Y}"
    made = table(changed(date=today))
    assert len(lines_of(made, mapping_guess(made)).lines) == 1


def test_short_rows():
    reading = read(("01/12/2026",), ("01/12/2026", "FT1", "x", "5.000"))
    assert reading.problems == (Problem(2, "no_amount", ""),)
    assert [(line.amount, line.balance) for line in reading.lines] == [(5_000, None)]
