"""Text of strangers."""

import pytest

from shop.core.typed import plain_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b \r\n\r\n\r\n\r\n c ", "a b \n\n c"),
        ("x\u202egnp.exe", "xgnp.exe"),
        ("a\x00b\x1bc", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("e\u0302", "ê"),
        ("", ""),
        (None, ""),
    ],
)
def test_plain_text(typed, kept):
    assert plain_text(typed, 100) == kept


def test_limit_and_one_line():
    assert plain_text("abc def", 4) == "abc"
    assert plain_text("a\nb", 10, lines=False) == "a b"
