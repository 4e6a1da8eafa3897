"""Tax codes by their check digit, personal numbers by their province."""

import pytest

from shop.onboarding.numbers import NumberRefused, masked, personal_number_clean, tax_code_clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("0100109106", "0100109106"),
        (" 0300 588 569 ", "0300588569"),
        ("0101245486-001", "0101245486-001"),
        ("0101245486001", "0101245486-001"),
        ("\u202d0100109106\u202c", "0100109106"),
        ("０１００１０９１０６", "0100109106"),
    ],
)
def test_tax_codes(typed, clean):
    assert tax_code_clean(typed) == clean


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0100109107", "check"), ("010010910", "length"), ("", "length"), ("01001O9106", "digits"), ("1" * 40, "length")],
)
def test_refused_tax_codes(typed, code):
    with pytest.raises(NumberRefused) as caught:
        tax_code_clean(typed)
    assert caught.value.code == code


def test_only_a_household_has_a_personal_number():
    assert tax_code_clean("082 190 000 123", household=True) == "082190000123"
    with pytest.raises(NumberRefused) as caught:
        tax_code_clean("082190000123")
    assert caught.value.code == "length"


@pytest.mark.parametrize(("typed", "code"), [("000190000123", "check"), ("097190000123", "check"), ("08219", "length")])
def test_refused_personal_numbers(typed, code):
    with pytest.raises(NumberRefused) as caught:
        personal_number_clean(typed)
    assert caught.value.code == code


def test_masked():
    assert (masked("082190000123"), masked(""), masked("12")) == ("•••••••••123", "", "12")
