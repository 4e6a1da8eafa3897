from decimal import Decimal

import pytest

from shop.core import money


@pytest.mark.parametrize(
    "value",
    [
        195000,
        Decimal(195000),
        Decimal("195000.00"),
        "195000",
        "195000.00",
        "195.000",
        "195,000",
        "195 000",
        " 195.000\u00a0₫ ",
        "195.000đ",
        "195000 VND",
        "195.000 đồng",
    ],
)
def test_dong(value):
    assert money.dong(value) == 195000
    assert type(money.dong(value)) is int


@pytest.mark.parametrize(("text", "value"), [("1.250.000", 1250000), ("-22.000", -22000), ("0", 0)])
def test_dong_from_text(text, value):
    assert money.dong(text) == value


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.5"),
        Decimal("NaN"),
        Decimal("Infinity"),
        195000.0,
        True,
        None,
        "",
        "abc",
        "1,5",
        "195000.50",
        "1.250,000",
        "1.25",
        "12.34.567",
        "195k",
        "²",
        "1e5",
    ],
)
def test_not_whole_dong(value):
    with pytest.raises(money.MoneyError):
        money.dong(value)


@pytest.mark.parametrize(("exact", "rounded"), [("10.5", 11), ("10.49", 10), ("11.5", 12), ("-10.5", -11), ("0", 0)])
def test_round_half_up(exact, rounded):
    assert money.round_dong(Decimal(exact)) == rounded


@pytest.mark.parametrize(
    ("amount", "language", "shown"),
    [
        (1250000, "vi", "1.250.000\u00a0₫"),
        (1250000, "en", "1,250,000\u00a0₫"),
        (1250000, "en-gb", "1,250,000\u00a0₫"),
        (0, "vi", "0\u00a0₫"),
        (999, "vi", "999\u00a0₫"),
        (-22000, "vi", "-22.000\u00a0₫"),
        (Decimal("85000.00"), "vi", "85.000\u00a0₫"),
    ],
)
def test_format_dong(amount, language, shown):
    assert money.format_dong(amount, language) == shown


def test_format_is_vietnamese_by_default_and_read_back():
    assert money.dong(money.format_dong(1250000)) == 1250000


@pytest.mark.parametrize(
    ("price", "grams", "kilo"),
    [
        (195000, 3000, 65000),
        (85000, 2000, 42500),
        (139000, 5000, 27800),
        (32000, 500, 64000),
        (100, 2000, 100),
        (10000, 3000, 3300),
        (Decimal("128000.00"), 200, 640000),
        (70000, None, None),
        (70000, 0, None),
    ],
)
def test_per_kilo(price, grams, kilo):
    assert money.per_kilo(price, grams) == kilo


@pytest.mark.parametrize(
    ("grams", "language", "shown"),
    [
        (500, "vi", "500\u00a0g"),
        (1000, "vi", "1\u00a0kg"),
        (1500, "vi", "1,5\u00a0kg"),
        (1500, "en", "1.5\u00a0kg"),
        (2050, "vi", "2,05\u00a0kg"),
        (1250000, "vi", "1.250\u00a0kg"),
    ],
)
def test_format_weight(grams, language, shown):
    assert money.format_weight(grams, language) == shown
