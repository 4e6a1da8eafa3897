import datetime

import pytest

from shop.payment.vietqr.statements.errors import ValueProblem
from shop.payment.vietqr.statements.values import dong_of, moment_of, text_of, time_of


def code_of(call, *arguments):
    with pytest.raises(ValueProblem) as problem:
        call(*arguments)
    return problem.value.code


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.0000", 1_250_000),
        ("1250000", 1_250_000),
        ("1250000.00", 1_250_000),
        ("1250000,0", 1_250_000),
        ("+1.250.000 VND", 1_250_000),
        ("+ 1.250.000", 1_250_000),
        ("VND 1,250,000", 1_250_000),
        ("1.250.000 ₫", 1_250_000),
        ("1.250.000đ", 1_250_000),
        ("1.250.000 đồng", 1_250_000),
        ("1.250.000 VNĐ", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1\u00a0250\u00a0000", 1_250_000),
        ("1\u202f250\u202f000", 1_250_000),
        ("1.250", 1_250),
        ("1,250", 1_250),
        ("(500,000)", -500_000),
        ("(VND 500,000)", -500_000),
        ("500,000-", -500_000),
        ("-500.000", -500_000),
        ("- 500.000", -500_000),
        ("-VND 500,000", -500_000),
        ("VND -500,000", -500_000),
        ("\u2212500.000", -500_000),
        ("0", 0),
        ("0.00", 0),
        ("007", 7),
        ('="1.250.000"', 1_250_000),
        ("'1.250.000", 1_250_000),
        ("9,999,999,999,999", 10**13 - 1),
        (1_250_000, 1_250_000),
        (1250000.0, 1_250_000),
        (-500000.0, -500_000),
        ("", None),
        ("  ", None),
        ("-", None),
        ("–", None),
    ],
)
def test_amounts(cell, amount):
    assert dong_of(cell) == amount


@pytest.mark.parametrize("cell", ["1,250,000.50", "1.250.000,05", "12.5", "0,01", 1250000.5, 0.1])
def test_fractions_are_never_rounded(cell):
    assert code_of(dong_of, cell) == "fraction"


@pytest.mark.parametrize(
    "cell",
    [
        "1.25O.000",
        "12,50,000",
        "1.250,000",
        "1,250.000",
        "1250.000",
        "1.250.00",
        "1.2500",
        "1..250",
        ".250",
        "1.250.",
        "USD 12.50",
        "$5",
        "1e6",
        "-(500)",
        "--500",
        "-500-",
        "+-500",
        "=1+1",
        "5 5",
        "١٢٣",
        "99.999.999.999.999",
        "#N/A",
        "500 000 VND VND VND",
        10**13,
        1e300,
        float("nan"),
        float("inf"),
        True,
        datetime.datetime(2026, 12, 1),
    ],
)
def test_what_is_no_amount(cell):
    assert code_of(dong_of, cell) == "amount"


DAY = datetime.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("cell", "at", "rest"),
    [
        ("01/12/2026", None, ""),
        ("1/12/2026", None, ""),
        ("01-12-2026", None, ""),
        ("01.12.2026", None, ""),
        ("01/12/26", None, ""),
        ("2026-12-01", None, ""),
        ("2026/12/01", None, ""),
        ("2026-12-1", None, ""),
        ("20261201", None, ""),
        (20261201, None, ""),
        (20261201.0, None, ""),
        ("'01/12/2026", None, ""),
        ('="01/12/2026"', None, ""),
        ("01/12/2026 00:00:00", None, ""),
        ("01/12/2026 10:22", "10:22:00", ""),
        ("01/12/2026 10:22:33", "10:22:33", ""),
        ("01/12/2026 9:05", "09:05:00", ""),
        ("01/12/2026, 10:22:33", "10:22:33", ""),
        ("01/12/2026 - 10:22", "10:22:00", ""),
        ("01/12/2026\n10:22:33", "10:22:33", ""),
        ("2026-12-01T10:22:33", "10:22:33", ""),
        ("2026-12-01T10:22:33.123+07:00", "10:22:33", ""),
        ("20261201102233", "10:22:33", ""),
        ("10:22 01/12/2026", "10:22:00", ""),
        ("10:22:33 - 01/12/2026", "10:22:33", ""),
        ("01/12/2026 10:22:33 AM", "10:22:33", ""),
        ("01/12/2026 10:22:33 PM", "22:22:33", ""),
        ("01/12/2026 12:05:00 AM", "00:05:00", ""),
        ("01/12/2026 12:05:00 PM", "12:05:00", ""),
        ("01/12/2026 10:22:33 SA", "10:22:33", ""),
        ("01/12/2026 10:22:33 CH", "22:22:33", ""),
        ("01/12/2026\n5243.65937", None, "5243.65937"),
        ("01/12/2026 5243 - 65937", None, "5243 - 65937"),
        (datetime.datetime(2026, 12, 1), None, ""),
        (datetime.date(2026, 12, 1), None, ""),
        (datetime.datetime(2026, 12, 1, 10, 22, 32, 999_997), "10:22:33", ""),
        (datetime.datetime(2026, 11, 30, 23, 59, 59, 999_000), None, ""),
    ],
)
def test_moments(cell, at, rest):
    moment = moment_of(cell)
    assert (moment.day, moment.rest) == (DAY, rest)
    assert moment.at == (datetime.time.fromisoformat(at) if at else None)


def test_month_first_only_when_told():
    assert moment_of("12/01/2026", "mdy").day == DAY
    assert moment_of("12/01/2026").day == datetime.date(2026, 1, 12)
    assert moment_of("2026-12-01", "mdy").day == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "31/02/2026",
        "29/02/2026",
        "12/25/2026",
        "00/12/2026",
        "2026-13-01",
        "20261301",
        "0000-12-01",
        "01/12/2026 25:00",
        "01/12/2026 10:61",
        "01/12/2026 13:00 PM",
        "01/12/2026 00:10 AM",
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999),
    ],
)
def test_days_that_do_not_exist(cell):
    assert code_of(moment_of, cell) == "date"


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "Tổng cộng",
        "01/12",
        "1.250.000",
        "01/12/2026 - 31/12/2026",
        "Từ 01/12/2026",
        "01/12/2026 đến hết tháng",
        "01/12-2026",
        "001/12/2026",
        "01/12/202",
        "46357",
        46357,
        46357.43,
        datetime.time(10, 22),
        "٠١/١٢/٢٠٢٦",
        "1" * 2000,
    ],
)
def test_what_does_not_look_like_a_day(cell):
    assert moment_of(cell) is None


def test_leap_day():
    assert moment_of("29/02/2028").day == datetime.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("10:22:33", "10:22:33"),
        ("10:22", "10:22:00"),
        ("10:22 PM", "22:22:00"),
        ("01/12/2026 10:22:33", "10:22:33"),
        (datetime.time(10, 22, 33), "10:22:33"),
        (datetime.datetime(1899, 12, 30, 10, 22, 33), "10:22:33"),
        ("00:00:00", None),
        ("25:00", None),
        ("", None),
        ("soon", None),
        ("31/02/2026 10:00", None),
        (0.43, None),
    ],
)
def test_times(cell, at):
    assert time_of(cell) == (datetime.time.fromisoformat(at) if at else None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  a \n\t b  ", "a b"),
        ("=1+1", "=1+1"),
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ('="0071000123"', "0071000123"),
        ("'0071000123", "0071000123"),
        ("'=OCOP", "=OCOP"),
        ("'quoted'", "'quoted'"),
        (123456789012, "123456789012"),
        (123456789012.0, "123456789012"),
        (5243.65937, "5243.65937"),
        (float("inf"), "inf"),
        ("", ""),
    ],
)
def test_texts(cell, text):
    assert text_of(cell) == text
