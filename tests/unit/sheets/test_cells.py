"""Single cells, and their way out and back."""

import string
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop.core.dates import ALL_YEAR, months_mask
from shop.sheets.cells import CellProblem, cell_value, season_text, set_text, ward_text, ward_value
from shop.sheets.columns import columns_in, headings_find
from shop.sheets.escaping import text_in, text_out
from shop.sheets.reading import Formula

TEXTS = st.text(st.sampled_from(string.printable + "ăâđêôơưạặ=+-@'\"\u00a0＝"), max_size=40)


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.booleans())
@example("=1+1", True)
@example("'=1+1", False)
@example("''", True)
@example("007", True)
@example("1-3", True)
@example("\t=x", True)
def test_text_comes_back_as_it_went(text, is_csv):
    kept = "".join(c for c in text if c >= " " or c in "\t\n\r")
    assert text_in(text_out(kept, is_csv=is_csv)) == kept


@given(TEXTS)
def test_nothing_in_a_csv_starts_a_formula(text):
    assert not text_out(text, is_csv=True).lstrip().startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("price", "120.000", 120_000),
        ("price", "120,000 đ", 120_000),
        ("price", "120 000 ₫", 120_000),
        ("price", 120000.0, 120_000),
        ("price", "'120000", 120_000),
        ("stock", "7 hộp", 7),
        ("net_weight_g", "500 g", 500),
        ("max_transit_days", "2 ngày", 2),
        ("season", "1-3, 7", months_mask([1, 2, 3, 7])),
        ("season", "11-2", months_mask([11, 12, 1, 2])),
        ("season", "tháng 5", months_mask([5])),
        ("season", "Quanh Năm", ALL_YEAR),
        ("season", 7.0, months_mask([7])),
        ("ocop_set", "7. Chế biến", 7),
        ("ocop_set", 26, 26),
        ("state", "chờ DUYỆT", "review"),
        ("photos", "a.jpg; b.jpg,a.jpg", ["a.jpg", "b.jpg"]),
        ("sku", 123.0, "123"),
        ("title", "  Xoài\u202e cát ", "Xoài cát"),
        ("title", "   ", None),
    ],
)
def test_what_people_type(name, cell, value):
    assert cell_value(name, cell) == value


@pytest.mark.parametrize(
    ("name", "cell", "code"),
    [
        ("price", "1,5", "price"),
        ("price", 1.5, "price"),
        ("price", -5, "price"),
        ("price", "0", "price"),
        ("price", float("nan"), "price"),
        ("stock", True, "stock"),
        ("stock", "ba", "stock"),
        ("season", "13", "season"),
        ("season", datetime(2026, 3, 1), "date"),
        ("ocop_set", "27", "set"),
        ("state", "bay", "state_word"),
        ("photos", "../a.jpg", "photo_name"),
        ("title", Formula("=A1"), "formula"),
        ("title", "x" * 1_000, "too_long"),
    ],
)
def test_what_cannot_be_taken(name, cell, code):
    with pytest.raises(CellProblem) as refused:
        cell_value(name, cell)
    assert refused.value.code == code


@given(st.integers(1, ALL_YEAR))
def test_a_season_comes_back(mask):
    assert cell_value("season", season_text(mask)) == mask


@given(st.integers(1, 26))
def test_a_set_comes_back(number):
    assert cell_value("ocop_set", set_text(number)) == number


def test_every_commune_of_a_province_comes_back():
    from shop.core import places

    for commune in places.communes_of("82"):
        assert ward_value(ward_text(commune.code, "82"), "82") == commune.code
    with pytest.raises(CellProblem):
        ward_value("Xã Không Có", "82")


def test_headings_in_any_order_and_spelling():
    assert columns_in(["GIA", "ten hang", "khác"]) == {"price": 0, "title": 1}
    assert headings_find([["Bảng giá 2026"], ["Giá bán", "Tên"], ["5", "Giá"]]) == (1, {"price": 0, "title": 1})
    assert headings_find([["a", "b"]]) is None
