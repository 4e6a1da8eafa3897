"""What an entry holds: exact, bounded, without secrets."""

import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy

from shop.audit.services import changes
from shop.audit.values import TEXT_LIMIT, values_text
from shop.core.dates import TZ
from shop.messaging.models import Message


def test_nothing_is_null():
    assert values_text(None) == "null"


def test_keys_are_sorted_and_letters_stay():
    assert values_text({"b": 1, "a": "Đồng Tháp"}) == '{"a":"Đồng Tháp","b":1}'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-350_000, "-350000"),
        (Decimal("12.50"), '"12.50"'),
        (datetime.date(2026, 11, 24), '"2026-11-24"'),
        (datetime.datetime(2026, 11, 24, 9, 2, 37, tzinfo=TZ), '"2026-11-24T02:02:37+00:00"'),
        (datetime.time(7, 30), '"07:30:00"'),
        (UUID(int=7), '"00000000-0000-0000-0000-000000000007"'),
        (Message.State.SENT, '"sent"'),
        (gettext_lazy("OCOP"), '"OCOP"'),
        (["a", {"b": (1, 2)}], '["a",{"b":[1,2]}]'),
        ("a\0b\ud800", '"a\ufffdb?"'),
    ],
)
def test_written_form(value, text):
    assert values_text({"x": value}) == f'{{"x":{text}}}'


def test_long_text_is_cut():
    assert values_text({"x": "đ" * 501}) == '{"x":"' + "đ" * (TEXT_LIMIT - 1) + '…"}'
    assert values_text({"x": "đ" * 500}) == '{"x":"' + "đ" * TEXT_LIMIT + '"}'


@pytest.mark.parametrize("name", ["password", "checksum_key", "SePay_API_Key", "webhook_secret", "accessToken"])
def test_secrets_are_masked_at_any_depth(name):
    assert values_text({"feed": {name: "s3cr3t", "bank": "VCB"}}) in (
        f'{{"feed":{{"{name}":"······","bank":"VCB"}}}}',
        f'{{"feed":{{"bank":"VCB","{name}":"······"}}}}',
    )
    assert values_text({name: ""}) == f'{{"{name}":""}}'


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", {1, 2}])
def test_values_without_an_exact_form_are_refused(value):
    with pytest.raises(TypeError):
        values_text({"x": value})


@pytest.mark.parametrize(
    "values",
    [
        {f"k{n}": n for n in range(61)},
        {"x": list(range(61))},
        {"x": [[[[1]]]]},
        {f"k{n}": ["x" * 500] * 60 for n in range(4)},
    ],
)
def test_too_much_is_refused(values):
    with pytest.raises(ValueError, match="An audit entry|A list in an audit entry"):
        values_text(values)


def test_changes_keep_what_differs():
    before, after = {"price": 1, "name": "Nem", "gone": 0}, {"price": 2, "name": "Nem", "new": None}
    assert changes(before, after) == ({"price": 1, "gone": 0}, {"price": 2, "new": None})
    assert changes(before, before) == ({}, {})
