"""Expected texts come from Node 20's own JSON.stringify and template strings, not from the code under test."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.payment.vietqr.feeds import javascript
from shop.payment.vietqr.feeds.base import FeedError
from shop.payment.vietqr.feeds.reading import parse

NUMBERS = {
    "0": "0",
    "-0": "0",
    "-0.0": "0",
    "0e5": "0",
    "1.0": "1",
    "1e0": "1",
    "10E1": "100",
    "-7": "-7",
    "345000.0": "345000",
    "345000.50": "345000.5",
    "0.1": "0.1",
    "0.30000000000000004": "0.30000000000000004",
    "123.4560": "123.456",
    "9007199254740993": "9007199254740992",
    "12345678901234567890": "12345678901234567000",
    "-12345678901234567890": "-12345678901234567000",
    "100000000000000000000": "100000000000000000000",
    "123456789012345678901": "123456789012345680000",
    "999999999999999900000": "999999999999999900000",
    "1e20": "100000000000000000000",
    "1e21": "1e+21",
    "1000000000000000000000": "1e+21",
    "1.5e300": "1.5e+300",
    "0.000001": "0.000001",
    "1.25e-6": "0.00000125",
    "0.0000001": "1e-7",
    "-1.5e-10": "-1.5e-10",
    "5e-324": "5e-324",
    "1e-400": "0",
    "1.7976931348623157e308": "1.7976931348623157e+308",
}


@pytest.mark.parametrize(("token", "printed"), NUMBERS.items())
def test_numbers(token, printed):
    assert javascript.stringify(parse(token.encode())) == printed


@pytest.mark.parametrize("token", ["1e309", "-1e309", "1e999999", "9" * 400])
def test_what_no_double_holds_is_refused(token):
    with pytest.raises(FeedError) as error:
        javascript.stringify(parse(token.encode()))
    assert error.value.code == "malformed"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_reads_back(real):
    printed = javascript.number(Decimal(repr(real)))
    assert float(printed) == real
    assert javascript.number(Decimal(printed)) == printed


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ('{"b":1,"a":2}', '{"a":2,"b":1}'),
        ('{"b":{"d":1,"c":2},"a":[]}', '{"a":[],"b":{"c":2,"d":1}}'),
        ('{"a":[{"z":1,"b":2},null,true,false,"x"]}', '{"a":[{"z":1,"b":2},null,true,false,"x"]}'),
        ('{"a":{},"b":[[]],"":0}', '{"":0,"a":{},"b":[[]]}'),
        # Names that look like places of an array come first, by value.
        ('{"10":1,"9":2,"a":3,"01":4,"-1":5}', '{"9":2,"10":1,"-1":5,"01":4,"a":3}'),
        ('{"4294967295":1,"4294967294":2}', '{"4294967294":2,"4294967295":1}'),
        # By UTF-16, not by code point: the astral letter is written with two smaller units.
        ('{"\uff5e":1,"\U0001d4b3":2}', '{"\U0001d4b3":2,"\uff5e":1}'),
        ('{"é":1,"z":2,"Z":3}', '{"Z":3,"z":2,"é":1}'),
        ('"\\u0111\\/\\"\\\\\\b\\f\\n\\r\\t\\u001f\\u007f\\u2028"', '"đ/\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7f\u2028"'),
        ('"\\ud83d\\ude00 Bưởi"', '"😀 Bưởi"'),
    ],
)
def test_ordered(source, printed):
    assert javascript.stringify(parse(source.encode()), ordered=True) == printed


def test_unordered_keeps_the_order_but_for_numbers():
    assert javascript.stringify({"b": 1, "2": 1, "a": {"d": 1, "c": 2}}) == '{"2":1,"b":1,"a":{"d":1,"c":2}}'


@pytest.mark.parametrize(("value", "printed"), [("a b", "a b"), (True, "true"), (False, "false"), (10**21, "1e+21")])
def test_plain(value, printed):
    assert javascript.plain(value) == printed
