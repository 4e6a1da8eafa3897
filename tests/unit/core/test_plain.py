"""Text of strangers."""

import pytest

from shop.core.plain import line_plain, plain_text, text_plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a \t b \r\n\r\n\r\n\r\n c ", "a b\n\nc"),
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


def test_one_line_and_several():
    assert line_plain("a\u202eb\u0000 c\n\nd") == "ab c d"
    assert text_plain(" a \r\n\n\n\n b ") == "a\n\nb"
    assert line_plain("Hoa\u0300 \ud800") == "Hoà"
    assert text_plain("a\u2029b\u2028c") == "a b c"


def test_marks_that_pile_up_and_emoji_of_several_parts():
    assert line_plain("Z" + "\u0336" * 50) == "Z" + "\u0336" * 3
    assert line_plain("e\u0323\u0302") == "ệ"
    assert line_plain("👩\u200d🌾") == "👩\u200d🌾"
