"""Values that cooperatives type, without a database."""

import pytest

from shop.listings.fields import ship_weight_of
from shop.listings.guessing import WORDS, set_guess
from shop.seller.products.forms import grams_of


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Xoài cát Hòa Lộc", 1),
        ("xoai cat chu", 1),
        ("Xoài sấy dẻo", 7),
        ("Nước mắm Gò Công", 9),
        ("Rượu trắng Gò Đen", 14),
        ("Gạo ST25 túi 5 kg", 3),
        ("Trà tim sen", 12),
        ("Khô cá lóc Tháp Mười", 8),
        ("Chiếu lác Định Yên", 21),
        ("Mật ong hoa nhãn", 4),
        ("Tour tham quan vườn", 26),
        ("Zzz", None),
    ],
)
def test_set_guess(title, number):
    assert set_guess(title) == number


def test_every_set_but_none_is_guessed_twice():
    words = [word for row in WORDS.values() for word in row]
    assert sorted(WORDS) == list(range(1, 27))
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("typed", "grams"),
    [("500 g", 500), ("3 kg", 3_000), ("1,5kg", 1_500), ("0.25 kg", 250), ("3", 3_000), ("500", 500), ("1 lít", 1_000),
     ("750ml", 750), ("12 kí", 12_000), ("nặng", None), ("-3 kg", None), ("1.5.0", None), ("", None)],
)  # fmt: skip
def test_grams_of(typed, grams):
    assert grams_of(typed) == grams


@pytest.mark.parametrize(
    ("net", "told", "grams"),
    [(500, None, 600), (3_000, None, 3_300), (3_000, 4_000, 4_000), (None, None, 0), (90, None, 200)],
)  # fmt: skip
def test_ship_weight_of(net, told, grams):
    assert ship_weight_of(net, told) == grams
