"""What sellers type about weights and names."""

import pytest
from django.core.exceptions import ValidationError

from shop.core.plain import line_plain
from shop.promotions.codes import ALPHABET, LENGTH, code_fold, code_is_valid, code_new
from shop.seller.typed import KilosField, kilos_text


@pytest.mark.parametrize(("typed", "grams"), [("5", 5000), ("0,5", 500), ("1.25 kg", 1250), ("12KG", 12000)])
def test_kilograms(typed, grams):
    assert KilosField().clean(typed) == grams
    assert KilosField().clean(kilos_text(grams)) == grams


@pytest.mark.parametrize("typed", ["0", "-1", "năm", "1,2345", "501", "1e3", "٥"])
def test_no_kilograms(typed):
    with pytest.raises(ValidationError):
        KilosField().clean(typed)


def test_names_are_one_line_of_visible_characters():
    assert line_plain(" Xe\u202e lạnh\n\x00 miền\u200b  Nam ") == "Xe lạnh miền Nam"


@pytest.mark.parametrize(
    ("typed", "code"), [(" tết - 2027 ", "TET2027"), ("vu.sua.10", "VUSUA10"), ("đặc sản", "DACSAN"), ("🎁", "")]
)
def test_codes_are_read_however_they_are_typed(typed, code):
    assert code_fold(typed) == code


def test_new_codes_have_no_letters_that_look_alike():
    made = {code_new() for _ in range(200)}

    assert len(made) == 200
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) and code_is_valid(code) for code in made)
    assert not set(ALPHABET) & set("0O1IL2Z5S8B")
    assert not code_is_valid("ABC")
    assert not code_is_valid("A" * 21)
