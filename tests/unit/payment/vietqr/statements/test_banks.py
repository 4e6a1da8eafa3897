"""Whole statements of every layout, from file to movements."""

import random
from dataclasses import replace

import pytest

from shop.core.dates import TZ
from shop.payment.vietqr.statements import Reading, lines_of, mapping_guess, table_read

from .samples import (
    LAYOUTS,
    NOW,
    WITHOUT_BALANCE,
    WITHOUT_REFERENCE,
    WITHOUT_TIME,
    Layout,
    csv_file,
    files_of,
    movements,
    xlsx_file,
)

each_bank = pytest.mark.parametrize("bank", LAYOUTS)


def read(content: bytes) -> Reading:
    table = table_read(content=content, name="sao-ke")
    return lines_of(table, mapping_guess(table), now=NOW)


def keys(content: bytes) -> set[str]:
    reading = read(content)
    assert reading.problems == ()
    found = {line.key for line in reading.lines}
    assert len(found) == len(reading.lines)
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


@each_bank
def test_every_movement_is_read(bank):
    made = movements()
    reading = read(csv_file(LAYOUTS[bank].texts(made)))
    assert reading.problems == ()
    assert [(line.amount, line.incoming, line.memo) for line in reading.lines] == [
        (abs(m.amount), m.amount > 0, squeezed(m.memo)) for m in made
    ]
    times = [m.at.replace(tzinfo=TZ) for m in made]
    if bank in WITHOUT_TIME:
        times = [at.replace(hour=0, minute=0, second=0) for at in times]
    assert [line.occurred_at for line in reading.lines] == times
    assert {line.has_time for line in reading.lines} == {bank not in WITHOUT_TIME}
    assert [line.balance for line in reading.lines] == [None if bank in WITHOUT_BALANCE else m.balance for m in made]


@each_bank
def test_references(bank):
    made = movements()
    reading = read(csv_file(LAYOUTS[bank].texts(made)))
    wanted = {
        "vietcombank": [f"{m.reference[-9:-5]}.{m.reference[-5:]}" for m in made],
        **dict.fromkeys(WITHOUT_REFERENCE, [""] * len(made)),
    }.get(bank, [m.reference for m in made])
    assert [line.reference for line in reading.lines] == wanted


@pytest.mark.parametrize("bank", ["vietinbank", "techcombank", "acb"])
def test_payers(bank):
    made = movements()
    reading = read(csv_file(LAYOUTS[bank].texts(made)))
    assert [(line.payer_name, line.payer_number) for line in reading.lines] == [
        (m.payer_name, m.payer_number) for m in made
    ]


@each_bank
def test_every_format_and_encoding_tells_the_same(bank):
    made = movements()
    readings = {kind: read(content) for kind, content in files_of(LAYOUTS[bank], made).items()}
    assert len(readings) == 5 * 4 + 2 + 5
    first = readings["csv utf-8 ','"]
    assert len(first.lines) == len(made)
    for kind, reading in readings.items():
        assert reading.lines == first.lines, kind
        assert (reading.problems, reading.skipped) == ((), first.skipped), kind


@each_bank
def test_shuffled_rows_keep_their_keys(bank):
    made = movements(30)
    wanted = keys(csv_file(LAYOUTS[bank].texts(made)))
    for seed in range(5):
        shuffled = random.Random(seed).sample(made, len(made))
        assert keys(csv_file(LAYOUTS[bank].texts(shuffled), delimiter=";")) == wanted
    assert keys(xlsx_file(LAYOUTS[bank].rows(made[::-1]))) == wanted


@each_bank
def test_overlapping_files_give_their_union(bank):
    made = movements(40)
    layout = LAYOUTS[bank]
    wanted = keys(csv_file(layout.texts(made)))
    rng = random.Random(bank)
    for _ in range(10):
        cuts = sorted(rng.sample(range(1, 39), 2))
        first, second = made[: cuts[1]], made[cuts[0] :]
        one, other = keys(csv_file(layout.texts(first))), keys(xlsx_file(layout.rows(second)))
        assert one | other == wanted
        assert len(one & other) == cuts[1] - cuts[0]


def doubled(bank: str) -> tuple[Layout, list]:
    """Movements of which every third comes three times: same day, amount and memo, and no reference."""
    made = [replace(m, reference="") for m in movements(15)]
    equal = [copy for n, m in enumerate(made) for copy in [m] * (3 if n % 3 == 0 else 1)]
    return LAYOUTS[bank], equal


@pytest.mark.parametrize("bank", ["vietcombank_web", "mb", "vietinbank", "kienlongbank", "bidv"])
def test_equal_rows_stay_apart_also_shuffled_and_overlapping(bank):
    layout, equal = doubled(bank)
    wanted = keys(csv_file(layout.texts(equal)))
    assert len(wanted) == len(equal) == 25
    for seed in range(5):
        assert keys(csv_file(layout.texts(random.Random(seed).sample(equal, len(equal))))) == wanted
    # Files by days: each shows a day as a whole.
    days = sorted({m.at.date() for m in equal})
    for middle in days[1:]:
        first = [m for m in equal if m.at.date() <= middle]
        second = [m for m in equal if m.at.date() >= middle]
        assert keys(csv_file(layout.texts(first))) | keys(csv_file(layout.texts(second))) == wanted


def test_a_day_that_is_not_over_keeps_its_keys():
    """An export at noon and one in the evening: the equal payment of the afternoon is new, nothing else is."""
    layout, equal = doubled("mb")
    evening = keys(csv_file(layout.texts(equal)))
    for cut in range(1, len(equal)):
        noon = keys(csv_file(layout.texts(equal[:cut])))
        assert len(noon) == cut
        assert noon <= evening


def test_balances_tell_equal_rows_apart_in_separate_files():
    made = [replace(movements(1)[0], amount=195_000, reference="", balance=20_000_000 + n * 195_000) for n in (1, 2)]
    layout = LAYOUTS["bidv"]
    both = keys(csv_file(layout.texts(made)))
    assert keys(csv_file(layout.texts(made[:1]))) | keys(csv_file(layout.texts(made[1:]))) == both


@each_bank
def test_the_columns_of_one_file_read_the_next(bank):
    layout = LAYOUTS[bank]
    table = table_read(content=csv_file(layout.texts(movements(5))), name="1")
    mapping = mapping_guess(table)
    saved = type(mapping).from_dict(mapping.to_dict())
    assert saved == mapping
    later = layout.texts(movements(9, seed=2))
    longer = table_read(content=xlsx_file([["Trang 1"], [], *later]), name="2")
    assert saved.fits(longer)
    assert len(lines_of(longer, saved, now=NOW).lines) == 9


def test_no_layout_fits_another():
    tables = {
        bank: table_read(content=csv_file(layout.texts(movements(3))), name=bank) for bank, layout in LAYOUTS.items()
    }
    for bank, table in tables.items():
        assert [other for other in tables if mapping_guess(tables[other]).fits(table)] == [bank]
