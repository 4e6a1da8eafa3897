"""Hostile bodies that every feed must refuse, and small helpers of the feeds' tests."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from shop.payment.vietqr.feeds.base import FeedError

VIETNAM = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 24, 9, 2, 37, tzinfo=VIETNAM)  # 1795485757

# Not one JSON text as we read it, whatever a feed wants to find inside.
NOT_JSON = {
    "empty": b"",
    "blank": b" \r\n\t",
    "cut": b'{"id":1',
    "more after it": b'{"id":1}x',
    "two of them": b'{"id":1}{"id":1}',
    "trailing comma": b'{"id":1,}',
    "single quotes": b"{'id':1}",
    "comment": b'{"id":1/*x*/}',
    "form": b"id=1&transferAmount=345000",
    "XML": b'<?xml version="1.0"?><id>1</id>',
    "byte order mark": b'\xef\xbb\xbf{"id":1}',
    "NaN": b'{"id":NaN}',
    "Infinity": b'{"id":Infinity}',
    "minus Infinity": b'{"id":-Infinity}',
    "leading zero": b'{"id":01}',
    "hexadecimal": b'{"id":0x1}',
    "bare point": b'{"id":1.}',
    "plus": b'{"id":+1}',
    "a digit of another script": '{"id":１}'.encode(),
    "control character": b'{"id":"\x01"}',
    "raw NUL": b'{"id":"a\x00b"}',
    "NUL": b'{"id":"\\u0000"}',
    "NUL in a name": b'{"\\u0000":1}',
    "NUL deep down": b'{"a":[{"b":"\\u0000"}]}',
    "half a pair": b'{"id":"\\ud83d"}',
    "other half": b'{"id":"\\ude00\\ud83d"}',
    "half a pair in a name": b'{"\\udc00":1}',
    "a name twice": b'{"id":1,"id":2}',
    "a name twice, escaped": b'{"id":1,"\\u0069d":2}',
    "a name twice, deep down": b'{"a":{"b":1,"b":1}}',
    "nine levels": b"[" * 9 + b"]" * 9,
    "nine levels of objects": b'{"a":' * 9 + b"1" + b"}" * 9,
    "a thousand levels": b"[" * 1_000 + b"]" * 1_000,
    "a hundred thousand levels": b"[" * 100_000,
    "a hundred thousand objects": b'{"a":' * 40_000,
    "digits without end": b'{"id":' + b"9" * 200_000 + b"}",
    "an exponent beyond all": b'{"id":1e99999999999999999999}',
}

NOT_UTF_8 = {
    "a single byte": b"\xff",
    "Latin 1": '{"content":"Trà"}'.encode("latin-1"),
    "Vietnamese code page": '{"content":"Trà đá"}'.encode("cp1258"),
    "UTF-16": '{"id":1}'.encode("utf-16"),
    "long form of NUL": b'{"content":"\xc0\x80"}',
    "half a pair": b'{"content":"\xed\xa0\x80"}',
    "cut letter": b'{"content":"\xe1\xba"}',
    "above Unicode": b'{"content":"\xf5\x80\x80\x80"}',
}

# JSON, but not an object with fields.
NO_OBJECT = [b"null", b"true", b"0", b"1e3", b'""', b'"id"', b"[]", b"[1]", b"[{}]", b"[[]]", b"{}"]

# What is no amount of dong, as JSON literals.
NO_AMOUNT = [
    "null",
    "true",
    "false",
    '""',
    '"345000"',
    '"345.000"',
    "[345000]",
    '{"vnd":345000}',
    "345000.5",
    "0.1",
    "1e-3",
    "10000000000000",
    "1e13",
    "100000000000000000000",
    "0",
    "0.0",
    "-0",
]

# Python and JavaScript print these differently, so helpers written in Python cannot sign them for payOS and Casso.
PRINTED_DIFFERENTLY = {"0.0", "-0", "1e13"}

NO_MOMENT = [
    "null",
    "1795485757",
    "true",
    '""',
    '"yesterday"',
    '"2026-11-24"',
    '"24/11/2026 09:02:37"',
    '"2026-11-24 9:02:37"',
    '"2026-13-24 09:02:37"',
    '"2026-02-30 09:02:37"',
    '"2026-11-24 24:00:00"',
    '"2026-11-24 09:02:60"',
    '"20261124T090237"',
    '"2026-W48-2T09:02:37"',
    '"0001-01-01 00:00:00"',
    '"1999-12-31 23:59:59"',
    '"9999-12-31 23:59:59"',
    '"2026-11-24 09:02:37+99:00"',
    '"２０２６-11-24 09:02:37"',
    '"2026-11-24 09:02:37; DROP"',
]

NO_ACCOUNT = [
    "null",
    "123499999",
    "true",
    '""',
    '" "',
    '"-"',
    '"0123/499999"',
    '"0123499999\\u0301"',
    '"số"',
    '"１２３"',
    '["0123499999"]',
    '"' + "1" * 31 + '"',
    '"' + "1" * 5_000 + '"',
]

NO_TEXT = ["1", "true", "[]", '["x"]', "{}", '{"x":1}', "1.5"]


def refusal(feed, *, body, headers, credentials, now=NOW) -> tuple[str, int]:
    """Code and status of the error; the test fails when the feed believes the call."""
    with pytest.raises(FeedError) as error:
        feed.read(body=body, headers=headers, credentials=credentials, now=now)
    secrets = [value for value in credentials.values() if value]
    assert not any(secret in str(error.value) for secret in secrets)
    return error.value.code, error.value.status


def with_literal(payload: dict, name: str, literal: str | None) -> bytes:
    """The payload as JSON with one member's value replaced by this text; None leaves the member out."""
    rest = {key: value for key, value in payload.items() if key != name}
    body = json.dumps(rest, ensure_ascii=False)
    return body.encode() if literal is None else f'{body[:-1]},"{name}":{literal}}}'.encode()
