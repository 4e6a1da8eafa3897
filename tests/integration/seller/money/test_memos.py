"""A memo as people read it: its code marked, and words found in it."""

import time

import pytest

from shop.seller.money.memos import Words, lonely_code, pieces

CODE = "OCOP7K3M9QZ"


def marked(memo, *codes):
    return [piece.text for piece in pieces(memo, codes or [CODE]) if piece.is_code]


@pytest.mark.parametrize(
    ("memo", "expected"),
    [
        (CODE, [CODE]),
        ("MBVCB.327.OCOP7K3M9QZ.CT tu 0123", [CODE]),
        ("tra OCOP 7K3M 9QZ nhe", ["OCOP 7K3M 9QZ"]),
        ("ocop7k3m9qz", ["ocop7k3m9qz"]),
        ("O.C.O.P-7K3M9QZ", ["O.C.O.P-7K3M9QZ"]),
        ("0C0PIK3M9OZ", ["0C0PIK3M9OZ"]),
        ("COP7K3M9QZ", ["COP7K3M9QZ"]),
        ("tra OCOP7K3M", ["OCOP7K3M"]),
        ("tra OCOP7K3", []),
        ("tra OCOP8888888", []),
        ("", []),
    ],
)
def test_the_code_is_marked_as_it_was_written(memo, expected):
    assert marked(memo) == expected


def test_pieces_are_the_whole_memo():
    memo = "a OCOP7K3M9QZ b OCOPABCDEFG c"
    found = pieces(memo, [CODE, "OCOPABCDEFG"])
    assert "".join(piece.text for piece in found) == memo
    assert [piece.text for piece in found if piece.is_code] == [CODE, "OCOPABCDEFG"]


def test_a_code_of_no_order_is_marked_too():
    assert [piece for piece in pieces("tra OCOP7K3M9QZ", []) if piece.is_code] == [(CODE, True)]


@pytest.mark.parametrize("memo", ["mua hang ocop dong thap", "OCOPABCDEFG", "OCOP7K3M9QZA", "CO PHAN 2026"])
def test_words_are_no_codes(memo):
    assert lonely_code(memo) == ""


def test_hostile_memos_are_quick():
    started = time.perf_counter()
    for memo in ("O " * 500, "OCOP7" + " " * 990, "OC" * 500, "._" * 500, "OCOP7K3M9Q" * 100):
        found = pieces(memo, [CODE, "OCOPABCDEFG"])
        assert "".join(piece.text for piece in found) == memo
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("vu sua", "Chuyển tiền vú sữa", True),
        ("sữa chuyen", "CHUYEN TIEN VU SUA", True),
        ("OCOP7K3M9QZ", "tra OCOP 7K3M 9QZ", True),
        ("đặng", "DANG VAN HAI", True),
        ("7K3M.9QZ", "tra_ocop-7k3m 9qz", True),
        ("van-hai", "TRẦN VĂN HẢI", True),
        ("xoai", "vu sua", False),
        ("...", "vu sua", False),
        ("", "vu sua", False),
    ],
)
def test_words_are_found_whatever_their_marks(query, text, expected):
    assert Words(query).are_in(text) is expected
