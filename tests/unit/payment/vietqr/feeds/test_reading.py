import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.payment.vietqr.feeds import reading
from shop.payment.vietqr.feeds.base import FeedError
from tests.unit.payment.vietqr.feeds.shapes import NO_ACCOUNT, NO_AMOUNT, NO_MOMENT, NO_TEXT, NOT_JSON, NOT_UTF_8


def code_of(call, *args, **kwargs):
    with pytest.raises(FeedError) as error:
        call(*args, **kwargs)
    return error.value.code


def test_size():
    reading.check_size(b"x" * 256 * 1024)
    assert code_of(reading.check_size, b"x" * (256 * 1024 + 1)) == "huge"


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_not_json(body):
    assert code_of(reading.parse, body) == "malformed"


@pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_not_utf_8(body):
    assert code_of(reading.parse, body) == "encoding"


def test_eight_levels_are_read():
    assert reading.parse(b'{"a":' * 8 + b"1" + b"}" * 8)["a"]["a"] != {}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(st.characters(exclude_characters="\0")),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_characters="\0")), inner),
        max_leaves=8,
    )
)
def test_reads_what_json_writes(value):
    assert reading.parse(json.dumps([value], ensure_ascii=False).encode())[0] == value


def row(literal):
    return reading.parse(f'{{"x":{literal}}}'.encode())


@pytest.mark.parametrize(
    ("literal", "amount"),
    [("1", 1), ("345000", 345000), ("345000.0", 345000), ("3.45e5", 345000), ("9999999999999", 9999999999999)],
)
def test_amounts(literal, amount):
    read = reading.dong(row(literal), "x")
    assert (read, type(read)) == (amount, int)


@pytest.mark.parametrize("literal", [*NO_AMOUNT, "-1", "-345000", "1e999999999", "1e-999999999"])
def test_no_amounts(literal):
    assert code_of(reading.dong, row(literal), "x") == "malformed"
    assert code_of(reading.dong, {}, "x") == "malformed"


@pytest.mark.parametrize(
    ("literal", "utc"),
    [
        ('"2026-11-24 09:02:37"', datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)),
        ('"2026-11-24T09:02:37"', datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)),
        ('" 2026-11-24 09:02:37 "', datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)),
        ('"2026-11-24T09:02:37Z"', datetime(2026, 11, 24, 9, 2, 37, tzinfo=UTC)),
        ('"2026-11-24T09:02:37.5Z"', datetime(2026, 11, 24, 9, 2, 37, 500_000, tzinfo=UTC)),
        ('"2026-11-24T09:02:37+07:00"', datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)),
        ('"2026-11-24 09:02:37+0700"', datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)),
        ('"2026-11-24 00:30:00"', datetime(2026, 11, 23, 17, 30, tzinfo=UTC)),
    ],
)
def test_moments(literal, utc):
    at = reading.moment(row(literal), "x")
    assert (at, at.utcoffset() is None) == (utc, False)


def test_a_moment_without_offset_is_vietnamese():
    assert reading.moment(row('"2026-11-24 09:02:37"'), "x").utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize("literal", NO_MOMENT)
def test_no_moments(literal):
    assert code_of(reading.moment, row(literal), "x") == "malformed"


@pytest.mark.parametrize(
    ("literal", "number"),
    [('"0123499999"', "0123499999"), ('" 0123 499-99.9 "', "0123499999"), ('"CAS0041"', "CAS0041")],
)
def test_accounts(literal, number):
    assert reading.account(row(literal), "x", required=True) == number


@pytest.mark.parametrize("literal", NO_ACCOUNT)
def test_no_accounts(literal):
    assert code_of(reading.account, row(literal), "x", required=True) == "malformed"


def test_an_account_that_may_be_missing():
    assert [reading.account(found, "x") for found in ({}, {"x": None}, {"x": ""}, {"x": " - "})] == [""] * 4


@pytest.mark.parametrize("literal", NO_TEXT)
def test_no_texts(literal):
    assert code_of(reading.text, row(literal), "x", 10) == "malformed"


def test_texts():
    assert reading.text({"x": "  a b  "}, "x", 10) == "a b"
    assert reading.text({"x": "a" * 11}, "x", 10) == "a" * 10
    assert [reading.text(found, "x", 10) for found in ({}, {"x": None}, {"x": ""})] == [""] * 3
    assert [code_of(reading.text, found, "x", 10, required=True) for found in ({}, {"x": None}, {"x": " "})] == [
        "malformed"
    ] * 3
