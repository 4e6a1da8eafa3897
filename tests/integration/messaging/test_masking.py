"""Recipients and errors as they may be shown."""

import pytest

from shop.messaging.masking import error_text, recipient_mask


@pytest.mark.parametrize(
    ("to", "shown"),
    [
        ("+84901234567", "0901 *** 567"),
        ("thao.nguyen@example.vn", "t***@example.vn"),
        ("@example.vn", "***@example.vn"),
        ("gibberish", "***"),
        ("", "***"),
    ],
)
def test_recipients(to, shown):
    assert recipient_mask(to) == shown


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("550 5.1.1 user unknown", "550 5.1.1 user unknown"),
        ("HTTP 503 from 10.0.0.7:8080", "HTTP 503 from 10.0.0.7:8080"),
        ("<thao@example.vn> refused", "<…> refused"),
        ("Authorization: Bearer eyJhbGciOi.x.y", "Authorization: Bearer …"),
        ("api_key=abc&x secret: hush", "api_key=… secret:…"),
        ('{"password": "hush"}', '{"password":…'),
        ("key AbCdEfGhIjKlMnOpQrStUvWxYz012345", "key …"),
        ("call 0901 234 567 or 0901.234.567", "call … or …"),
        ("your code is 123456", "your code is …"),
        ("a\0b\nc", "a b c"),
        ("\ud800", "?"),
    ],
)
def test_errors(words, kept):
    assert error_text(OSError(words)) == f"OSError: {kept}"


def test_what_the_caller_names_is_hidden_whole():
    assert error_text(OSError("Chào  bạn, mã\nNEM refused"), "Chào bạn,  mã NEM", "") == "OSError: … refused"


def test_errors_are_short_and_quick():
    assert len(error_text(OSError("lỗi " * 100_000))) == 200
    assert len(error_text(OSError("a-" * 200_000))) <= 200
