import dataclasses
import datetime
import hashlib
import itertools

import pytest

from shop.core.dates import TZ
from shop.payment.vietqr.statements.keys import StatementLine, lines_keyed

AT = datetime.datetime(2026, 12, 1, 10, 22, tzinfo=TZ)
LINE = StatementLine(1, AT, True, 195_000, True, "OCOP7K3M9QZ Nguyễn Văn A", "FT1", "A", "0071", 20_000_000)


def line(**changes):
    return dataclasses.replace(LINE, **changes)


def keys(*lines):
    return [made.key for made in lines_keyed(lines)]


def test_keys_do_not_change_with_the_program():
    """They are in the books: another recipe would take every known line for a new one."""
    recipe = '[1, "2026-12-01", true, 195000, "ocop7k3m9qznguyenvana", "ft1", null]0'
    assert keys(LINE) == [hashlib.sha256(recipe.encode()).hexdigest()]
    assert keys(LINE) == ["d7841b54e83af995c7fd92cfc9b95118eb8d3423a2a8ac4a6b0b0e7ecf458b20"]


@pytest.mark.parametrize(
    "changes",
    [
        {"row": 99},
        {"occurred_at": AT.replace(hour=0, minute=0), "has_time": False},
        {"memo": "ocop7k3m9qz  nguyen-van\na"},
        {"memo": "OCOP7K3M9QZ Nguye\u0302\u0303n Va\u0306n A"},
        {"reference": "ft 1"},
        {"payer_name": "", "payer_number": ""},
        {"balance": None},
        {"balance": 5},
    ],
)
def test_the_same_movement_told_otherwise(changes):
    assert keys(line(**changes)) == keys(LINE)


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred_at": AT + datetime.timedelta(days=1)},
        {"amount": 195_001},
        {"incoming": False},
        {"memo": "OCOP7K3M9QY"},
        {"reference": "FT2"},
        {"reference": ""},
    ],
)
def test_other_movements(changes):
    assert keys(line(**changes)) != keys(LINE)


def test_the_day_is_vietnamese():
    late = AT.replace(hour=23)
    assert keys(line(occurred_at=late)) == keys(LINE)


def test_zeros_before_a_reference_do_not_count():
    assert keys(line(reference="000123")) == keys(line(reference="123"))


def test_the_balance_counts_without_a_reference():
    assert keys(line(reference="", balance=1)) != keys(line(reference="", balance=2))
    assert keys(line(reference="-", balance=1)) == keys(line(reference="", balance=1))


def test_texts_do_not_run_into_each_other():
    assert keys(line(memo="ab", reference="c")) != keys(line(memo="a", reference="bc"))


def test_equal_lines_get_different_keys_in_whatever_order():
    equal = [line(row=n, occurred_at=AT + datetime.timedelta(minutes=n)) for n in range(3)]
    wanted = keys(*equal)
    assert len(set(wanted)) == 3
    by_time = {made.occurred_at: made.key for made in lines_keyed(equal)}
    for order in itertools.permutations(equal):
        renumbered = [dataclasses.replace(made, row=n) for n, made in enumerate(order)]
        assert {made.occurred_at: made.key for made in lines_keyed(renumbered)} == by_time
    assert keys(*equal[:2]) == wanted[:2]


def test_lines_stay_in_the_order_of_the_file():
    made = lines_keyed([line(row=3), line(row=1, memo="x"), line(row=2)])
    assert [one.row for one in made] == [1, 2, 3]


def test_nothing():
    assert lines_keyed([]) == ()
