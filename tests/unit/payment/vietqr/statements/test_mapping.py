import dataclasses
import json

import pytest

from shop.payment.vietqr.statements import Mapping, StatementError, Table, mapping_by_hand, mapping_guess
from shop.payment.vietqr.statements.headings import role_of, roles_in
from shop.payment.vietqr.statements.mapping import direction_of


def table(*rows):
    return Table(tuple(tuple(row) for row in rows))


def refused(call, *arguments, **named):
    with pytest.raises(StatementError) as error:
        call(*arguments, **named)
    assert error.value.code == "mapping"
    return error.value.detail


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Ngày giao dịch", "date"),
        ("Ngày GD", "date"),
        ("NGAY GIAO DICH", "date"),
        ("Transaction date", "date"),
        ("Ngày hiệu lực", "date"),
        ("Ngày", "date"),
        ("Thời gian", "date"),
        ("Giờ GD", "time"),
        ("Nội dung", "memo"),
        ("Diễn giải", "memo"),
        ("Mô tả", "memo"),
        ("Description", "memo"),
        ("Remarks", "memo"),
        ("Ghi có", "credit"),
        ("Phát sinh có", "credit"),
        ("Có", "credit"),
        ("Credit", "credit"),
        ("Số tiền ghi có (VND)", "credit"),
        ("Tiền vào", "credit"),
        ("Ghi nợ", "debit"),
        ("Phát sinh nợ", "debit"),
        ("Nợ", "debit"),
        ("NỢ", "debit"),
        ("No\u031b\u0323", "debit"),
        ("Debit", "debit"),
        ("No.", None),
        ("STT No", "other"),
        ("Số tiền", "amount"),
        ("Amount", "amount"),
        ("Số tiền (VND)", "amount"),
        ("+/-", "sign"),
        ("D/C", "sign"),
        ("Nợ/Có", "sign"),
        ("Số tham chiếu", "reference"),
        ("Số bút toán", "reference"),
        ("Mã giao dịch", "reference"),
        ("Reference", "reference"),
        ("Số CT", "reference"),
        ("Số dư", "balance"),
        ("Running balance", "balance"),
        ("Số dư đầu kỳ", "other"),
        ("Tên tài khoản đối ứng", "payer_name"),
        ("Số tài khoản đối ứng", "payer_number"),
        ("Số tài khoản", "other"),
        ("Ngân hàng đối tác / Remitter's bank", "other"),
        ("Phí/Lãi Fee/Interest", None),
        ("Thuế/Transaction VAT", "other"),
        ("Số tiền phí", "other"),
        ("NGÂN HÀNG TMCP MẪU", "other"),
        ("CÔNG TY CÓ TÊN", None),
        ("x" * 121 + " Ngày giao dịch", None),
        ("", None),
        (5, None),
    ],
)
def test_names_of_columns(text, role):
    found = role_of(text)
    assert (found[0] if found else None) == role


def test_the_day_of_the_transaction_is_preferred():
    for first, second in (("Ngày hiệu lực", "Ngày giao dịch"), ("Requesting date", "Transaction date")):
        assert roles_in([first, second])["date"] == 1
        assert roles_in([second, first])["date"] == 0


def test_no_beside_co_without_marks():
    assert roles_in(["Ngay GD", "Dien giai", "No", "Co"]) == {"date": 0, "memo": 1, "debit": 2, "credit": 3}
    assert "debit" not in roles_in(["No", "Date", "Description", "Credit"])


def test_time_beside_a_date():
    assert roles_in(["Ngày", "Thời gian"]) == {"date": 0, "time": 1}
    assert roles_in(["Thời gian"]) == {"date": 0}


HEADINGS = ("Ngày giao dịch", "Diễn giải", "Ghi nợ", "Ghi có", "Số dư")
ROW = ("01/12/2026", "OCOP7K3M9QZ", "", "195.000", "1.000.000")


def test_letterhead_and_summary_above_are_passed_over():
    guess = mapping_guess(table(("NGÂN HÀNG",), (), ("Số dư đầu kỳ", "Tổng ghi có"), ("1.000", "5.000"), HEADINGS, ROW))
    assert (guess.header_row, guess.header_rows) == (4, 1)
    assert guess.columns() == {"date": 0, "memo": 1, "debit": 2, "credit": 3, "balance": 4}
    assert guess.date_format == "dmy"


def test_a_statement_without_movements_has_headings():
    assert mapping_guess(table(HEADINGS)).columns()["credit"] == 3


@pytest.mark.parametrize("missing", [0, 1, 3])
def test_no_guess_without_date_memo_and_money(missing):
    headings = tuple("" if n == missing else text for n, text in enumerate(HEADINGS))
    assert mapping_guess(table(headings, ROW)) is None


def test_no_guess_from_data_alone():
    assert mapping_guess(table(ROW, ROW)) is None
    assert mapping_guess(table(("Dear", "Sir"))) is None


def test_headings_far_below_are_not_looked_for():
    assert mapping_guess(table(*[("x", "y")] * 79, HEADINGS, ROW)) is not None
    assert mapping_guess(table(*[("x", "y")] * 81, HEADINGS, ROW)) is None


def test_headings_in_two_rows():
    upper = ("Ngày giao dịch", "Diễn giải", "Số tiền", "", "Số dư")
    guess = mapping_guess(table(upper, ("", "", "Nợ", "Có"), ROW))
    assert guess.header_rows == 2
    assert guess.columns() == {"date": 0, "memo": 1, "debit": 2, "credit": 3, "balance": 4}


def test_second_row_in_english_changes_nothing():
    guess = mapping_guess(table(HEADINGS, ("Date", "Description", "Debit", "Credit", "Balance"), ROW))
    assert (guess.header_row, guess.header_rows) == (0, 1)


@pytest.mark.parametrize("words", [("C", "D"), ("+", "-"), ("CR", "DR"), ("Có", "Nợ"), ("Tiền vào", "Tiền ra")])
def test_direction_column(words):
    rows = [("01/12/2026", "x", "5.000", word) for word in words]
    guess = mapping_guess(table(("Ngày", "Nội dung", "Số tiền", "Loại"), *rows))
    assert (guess.amount, guess.sign) == (2, 3)
    assert [direction_of(word) for word in words] == [True, False]


def test_a_column_of_kinds_is_no_direction():
    rows = [("01/12/2026", "x", "5.000", "Chuyển khoản nhanh")]
    assert mapping_guess(table(("Ngày", "Nội dung", "Số tiền", "Loại giao dịch"), *rows)).sign is None


def test_amounts_under_both_words():
    guess = mapping_guess(table(("Ngày", "Nội dung", "Nợ/Có"), ("01/12/2026", "x", "-5.000")))
    assert (guess.amount, guess.sign) == (2, None)


def test_credit_and_debit_beat_an_amount():
    guess = mapping_guess(table(("Ngày", "Nội dung", "Số tiền", "Ghi có", "Ghi nợ"), ROW))
    assert (guess.amount, guess.credit, guess.debit) == (None, 3, 4)


def test_json_round_trip():
    guess = mapping_guess(table(HEADINGS, ROW))
    assert Mapping.from_dict(json.loads(json.dumps(guess.to_dict()))) == guess


def test_fits_wherever_the_headings_stand_and_whatever_is_beside_them():
    guess = mapping_guess(table(HEADINGS, ROW))
    assert guess.fits(table(HEADINGS))
    assert guess.placed(table(("x",), (), (*HEADINGS, "Phí"), ROW)).header_row == 2
    assert guess.fits(table([text.upper() for text in HEADINGS]))
    swapped = (*HEADINGS[:2], HEADINGS[3], HEADINGS[2], HEADINGS[4])
    assert not guess.fits(table(swapped, ROW))
    assert not guess.fits(table(ROW))
    assert not guess.fits(table(*[("x",)] * 80, HEADINGS))


def test_by_hand():
    made = mapping_by_hand(
        table(("x",), HEADINGS, ROW), header_row=1, columns={"date": 0, "credit": 3, "memo": None}, date_format="mdy"
    )
    assert (made.header_row, made.columns(), made.date_format) == (1, {"date": 0, "credit": 3}, "mdy")
    assert made.fits(table(HEADINGS))
    assert not made.fits(table(ROW))


def test_by_hand_without_headings():
    made = mapping_by_hand(table(ROW), header_row=-1, columns={"date": 0, "amount": 3})
    assert made.header == ()
    assert made.fits(table(ROW))
    assert not made.fits(table(ROW[:3]))
    blank = mapping_by_hand(table(("", "", "", "", "x"), ROW), header_row=0, columns={"date": 0, "amount": 3})
    assert blank.header == ()


@pytest.mark.parametrize(
    ("columns", "detail"),
    [
        ({}, "date"),
        ({"credit": 3}, "date"),
        ({"date": 0}, "credit"),
        ({"date": 0, "debit": 2}, "credit"),
        ({"date": 0, "credit": 3, "amount": 2}, "credit"),
        ({"date": 0, "amount": 2, "debit": 3}, "debit"),
        ({"date": 0, "credit": 0}, "columns"),
        ({"date": 0, "credit": 3, "memo": 3}, "columns"),
        ({"date": 0, "reference": 0, "memo": 0, "credit": 3}, "columns"),
        ({"date": 0, "credit": 5}, "columns"),
        ({"date": 0, "credit": -1}, "credit"),
        ({"date": 0, "credit": 60}, "credit"),
        ({"date": "0", "credit": 3}, "date"),
        ({"date": True, "credit": 3}, "date"),
        ({"date": 0, "credit": 3, "owner": 1}, "date"),
    ],
)
def test_by_hand_refuses(columns, detail):
    assert refused(mapping_by_hand, table(HEADINGS, ROW), header_row=0, columns=columns) == detail


@pytest.mark.parametrize(
    ("row", "detail"), [(-2, "header_row"), (2, "columns"), (10**9, "header_row"), ("0", "header_row")]
)
def test_by_hand_refuses_rows(row, detail):
    assert refused(mapping_by_hand, table(HEADINGS, ROW), header_row=row, columns={"date": 0, "credit": 3}) == detail


def test_reference_below_the_date_is_allowed():
    made = mapping_by_hand(table(HEADINGS, ROW), header_row=0, columns={"date": 0, "reference": 0, "credit": 3})
    assert made.reference == made.date == 0


GOOD = mapping_guess(table(HEADINGS, ROW)).to_dict()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {"date": 0},
        GOOD | {"extra": 1},
        GOOD | {"header": "x"},
        GOOD | {"header": [1]},
        GOOD | {"header": None},
        GOOD | {"header_rows": 3},
        GOOD | {"header_row": None},
        GOOD | {"date": None},
        GOOD | {"date": 1.0},
        GOOD | {"credit": [3]},
        GOOD | {"date_format": "ymd"},
        GOOD | {"date_format": None},
    ],
)
def test_spoilt_json_is_refused(data):
    refused(Mapping.from_dict, data)


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        mapping_guess(table(HEADINGS, ROW)).date = 3
