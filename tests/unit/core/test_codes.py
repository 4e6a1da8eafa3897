import math
import re

import pytest

from shop.core import codes


def test_alphabet_has_no_look_alikes():
    assert not set("ILOU01") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 30


def test_token():
    assert len(codes.token(50)) == 50
    assert set(codes.token(2000)) == set(codes.ALPHABET)
    assert set(codes.token(200, "ab")) == {"a", "b"}


def test_memo_fits_every_bank():
    memo = codes.memo_new()
    assert re.fullmatch(r"OCOP[2-9A-HJKMNP-TV-Z]{7}", memo)
    assert len(memo) <= 13


def test_order_number():
    assert re.fullmatch(r"DT[2-9A-HJKMNP-TV-Z]{8}", codes.order_number_new())


def test_group_code_cannot_be_guessed():
    code = codes.group_code_new()
    assert re.fullmatch(r"[2-9a-hjkmnp-tv-z]{20}", code)
    assert len(code) * math.log2(len(codes.ALPHABET)) >= 95


def test_no_repeats():
    assert len({codes.memo_new() for _ in range(2000)}) == 2000


def test_display():
    assert codes.display_number("DT7K3M9QZA") == "DT-7K3M-9QZA"
    assert codes.display_number("100042") == "100042"
    assert codes.display_number("") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "DT7K3M9QZA",
        "DT-7K3M-9QZA",
        " dt 7k3m 9qza ",
        "ĐT7K3M9QZA",
        "đt-7k3m-9qza",
        "7K3M9QZA",
        "DT–7K3M–9QZA",
        "#DT7K3M9QZA.",
        "DT7K3M90ZA",
        "DT7K3M9OZA",
        "DTIK3M9QZA",
        "ＤＴ７Ｋ３Ｍ９ＱＺＡ",
    ],
)
def test_clean(typed):
    assert codes.clean_number(typed) == "DT7K3M9QZA"


@pytest.mark.parametrize(("typed", "cleaned"), [("", ""), (None, ""), ("ocop 7k3m9qz", "OCOP7K3M9QZ"), ("?!", "")])
def test_clean_leaves_other_text_alone(typed, cleaned):
    assert codes.clean_number(typed) == cleaned


def test_clean_is_bounded():
    assert len(codes.clean_number("A" * 10_000)) <= 60


def test_every_number_survives_being_shown_and_typed():
    for _ in range(500):
        number = codes.order_number_new()
        assert codes.clean_number(codes.display_number(number).lower()) == number
