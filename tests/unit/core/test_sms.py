"""What a text message costs."""

import pytest

from shop.core.sms import length, unmarked


@pytest.mark.parametrize(
    ("text", "is_gsm", "units", "parts"),
    [
        ("", True, 0, 1),
        ("a" * 160, True, 160, 1),
        ("a" * 161, True, 161, 2),
        ("a" * 306, True, 306, 2),
        ("a" * 307, True, 307, 3),
        ("€" * 80, True, 160, 1),
        ("ạ" + "a" * 69, False, 70, 1),
        ("ạ" + "a" * 70, False, 71, 2),
        ("ạ" + "a" * 134, False, 135, 3),
        ("🍊" * 35, False, 70, 1),
        ("🍊" * 36, False, 72, 2),
    ],
)
def test_length(text, is_gsm, units, parts):
    found = length(text)
    assert (found.is_gsm, found.units, found.parts) == (is_gsm, units, parts)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đã gửi 390.000\xa0₫", "Da gui 390.000 d"),
        ("HTX Vú sữa – 2 × “Lò Rèn”…", 'HTX Vu sua - 2 x "Lo Ren"...'),
        ("https://a.vn/don-hang/k3m9/?a=1_2", "https://a.vn/don-hang/k3m9/?a=1_2"),
        ("🍊 cam", "? cam"),
    ],
)
def test_unmarked(text, plain):
    assert unmarked(text) == plain
    assert length(plain).is_gsm
