"""Whoever drops the triggers and edits the trail is named by position."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.audit import triggers, verification
from shop.audit.models import AuditChain, AuditEntry
from tests.integration.audit.tampering import change, entries, forged, insert, sql, triggers_off

pytestmark = pytest.mark.django_db

CHANGED = "changed: its fields do not give its hash"
REPLACED = "replaced, perhaps with entries before it:"


def check(*arguments: str) -> tuple[bool, list[str]]:
    """Whether all is well, and the printed lines but the last one (it tells the time)."""
    output = io.StringIO()
    try:
        call_command("audit_check", *arguments, stdout=output, no_color=True)
    except CommandError as error:
        assert error.returncode == 1
        return False, output.getvalue().splitlines()[:-1]
    return True, output.getvalue().splitlines()[:-1]


def findings(*arguments: str) -> list[str]:
    """The lines that name entries; the command must fail exactly when there are some."""
    good, lines = check(*arguments)
    found = [line for line in lines if " #" in line]
    assert good is not bool(found)
    return found


def test_sound_chains():
    market, shop = entries(3), entries(2, "cooperative:12")
    assert check() == (
        True,
        [f"cooperative:12: 2 entries, head {shop[-1].hash}", f"market: 3 entries, head {market[-1].hash}"],
    )


def test_last_line_counts():
    entries(3)
    output = io.StringIO()
    call_command("audit_check", stdout=output)
    assert output.getvalue().splitlines()[-1].startswith("3 entries in 1 chains, ")


def test_empty_trail_is_sound():
    assert check() == (True, [])


def test_batches_join_without_a_seam(monkeypatch):
    monkeypatch.setattr(verification, "BATCH", 2)
    entries(7)
    assert findings() == []
    with triggers_off():
        change("market", 5, by="x")
    assert findings() == [f"market #5: {CHANGED}"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01 00:00:00+00:00"),
        ("by", "somebody else"),
        ("action", "price.keep"),
        ("subject", "listing:9"),
        ("before", '{"price":1}'),
        ("after", '{"price":1}'),
        ("hash", "f" * 64),
        ("previous_hash", "f" * 64),
    ],
)
@pytest.mark.parametrize("position", [1, 3, 5])
def test_a_changed_field_is_named_at_its_entry(column, value, position):
    entries(5)
    entries(5, "cooperative:12")
    with triggers_off():
        change("market", position, **{column: value})
    named = findings()
    assert {line.split(":")[0] for line in named} == {f"market #{position}"}
    assert f"market #{position}: {CHANGED}" in named


def test_a_replaced_entry_with_a_new_hash():
    """The forger recomputed the entry's own hash but not the rest of the chain."""
    rows = entries(5)
    fake = forged("market", 3, rows[1].hash)
    with triggers_off():
        change("market", 3, after=fake.after, before="null", subject=fake.subject, at=rows[2].at, hash=fake.hash)
        row = AuditEntry.objects.get(position=3)
        change("market", 3, hash=row.compute_hash())
    assert findings() == [f"market #3: {REPLACED} entry 4 remembers another hash"]


def rewrite(scope: str, start: int) -> str:
    """Forge the entry at ``start`` and recompute everything after it; the last hash."""
    previous = AuditEntry.objects.get(scope=scope, position=start - 1).hash
    for row in AuditEntry.objects.filter(scope=scope, position__gte=start).order_by("position"):
        row.previous_hash, row.by = previous, "somebody else"
        previous = row.compute_hash()
        change(scope, row.position, by=row.by, previous_hash=row.previous_hash, hash=previous)
    return previous


def test_a_rewritten_end_without_its_head():
    entries(5)
    with triggers_off():
        rewrite("market", 3)
    assert findings() == [f"market #5: {REPLACED} the head remembers another hash"]


def test_a_rewritten_end_with_its_head_is_found_by_a_noted_head():
    noted = entries(5)[3].hash
    entries(2, "cooperative:12")
    assert check("--expect", noted)[0]
    with triggers_off():
        last = rewrite("market", 3)
        sql("UPDATE audit_auditchain SET last_hash = %s WHERE scope = 'market'", last)
    assert findings() == []
    good, lines = check("--expect", noted)
    assert not good
    assert lines[-1] == f"expected {noted}: nowhere: the chain was rewritten or cut"


def test_a_noted_head_is_found_where_it_was():
    noted = entries(5)[3].hash
    assert check("--expect", noted, "--expect", noted)[1][-1] == f"expected {noted}: market #4"
    assert check("--scope", "cooperative:12", "--expect", noted)[0] is False


@pytest.mark.parametrize(
    ("removed", "named"),
    [([1], "#1: missing"), ([3], "#3: missing"), ([2, 3, 4], "#2: missing, to #4"), ([5], "#5: missing")],
)
def test_removed_entries_are_named(removed, named):
    entries(5)
    with triggers_off():
        for position in removed:
            assert sql("DELETE FROM audit_auditentry WHERE position = %s", position) == 1
    assert findings() == [f"market {named}"]


def test_a_whole_chain_removed_is_named_by_its_head():
    entries(5)
    with triggers_off():
        sql("DELETE FROM audit_auditentry")
    assert findings() == ["market #1: missing, to #5"]


def test_a_removed_head_is_named():
    entries(5)
    with triggers_off():
        sql("DELETE FROM audit_auditchain")
    assert findings() == ["market #5: added: the head counts 0 entries"]


def test_a_cut_tail_with_its_head_is_found_by_a_noted_head():
    rows = entries(5)
    with triggers_off():
        sql("DELETE FROM audit_auditentry WHERE position > 3")
        sql("UPDATE audit_auditchain SET length = 3, last_hash = %s", rows[2].hash)
    assert findings() == []
    assert check("--expect", rows[4].hash)[0] is False


def test_swapped_entries_are_named_with_their_places():
    entries(5)
    with triggers_off():
        change("market", 2, position=1_000)
        change("market", 4, position=2)
        change("market", 1_000, position=4)
    assert findings() == ["market #2: moved: it was entry 4", "market #4: moved: it was entry 2"]


def test_entries_moved_up_over_a_removed_one():
    entries(5)
    with triggers_off():
        sql("DELETE FROM audit_auditentry WHERE position = 3")
        change("market", 4, position=3)
        change("market", 5, position=4)
    assert findings() == [
        "market #3: moved: it was entry 4",
        "market #4: moved: it was entry 5",
        "market #5: missing",
    ]


def test_an_added_entry_beyond_the_head():
    rows = entries(3)
    with triggers_off():
        insert(forged("market", 4, rows[2].hash))
    assert findings() == ["market #4: added: the head counts 3 entries"]


def test_an_added_entry_of_an_unknown_scope():
    entries(3)
    fake = forged("market", 1, "0" * 64)
    fake.scope = "cooperative:99"
    fake.hash = fake.compute_hash()
    with triggers_off():
        insert(fake)
    assert findings() == ["cooperative:99 #1: added: the head counts 0 entries"]


def test_an_entry_squeezed_in_between():
    rows = entries(4)
    with triggers_off():
        change("market", 4, position=5)
        change("market", 3, position=4)
        insert(forged("market", 3, rows[1].hash))
    assert findings() == [
        "market #4: moved: it was entry 3",
        "market #5: moved: it was entry 4",
        "market #5: added: the head counts 4 entries",
    ]


def test_a_false_head_is_named():
    entries(3)
    with triggers_off():
        sql("UPDATE audit_auditchain SET last_hash = %s", "f" * 64)
    assert findings() == [f"market #3: {REPLACED} the head remembers another hash"]


def test_one_scope_only():
    entries(3)
    entries(3, "cooperative:12")
    with triggers_off():
        change("market", 2, by="x")
    assert findings("--scope", "cooperative:12") == []
    assert findings("--scope", "market") == [f"market #2: {CHANGED}"]


def test_an_unreadable_entry_is_named_and_the_rest_is_read():
    """SQLite keeps anything in any column."""
    entries(5)
    entries(2, "cooperative:12")
    if connection.vendor == "sqlite":
        with triggers_off():
            change("market", 2, at="not a moment")
            change("market", 4, by=b"\xff\xfe")
        assert findings() == [f"market #2: {CHANGED}", f"market #4: {CHANGED}"]
    else:
        with triggers_off():
            change("market", 2, after="")
        assert findings() == [f"market #2: {CHANGED}"]


def test_missing_triggers_are_trouble():
    entries(1)
    name = sorted(triggers.of_vendor(connection.vendor))[0]
    with triggers_off():
        good, lines = check()
        assert not good
        assert f"trigger {name}: missing, the database no longer refuses changes" in lines
    assert check()[0]


def test_entries_that_come_while_it_reads_are_no_trouble(monkeypatch):
    """A new entry lands between the head that was read and the rows."""
    entries(3)
    original = verification.rows_after
    late = []

    def rows_after(scope, position):
        if not late:
            late.extend(entries(2))
        return original(scope, position)

    monkeypatch.setattr(verification, "rows_after", rows_after)
    assert findings() == []
    assert AuditChain.objects.get().length == 5


@pytest.mark.parametrize("length", [700])
def test_hundreds_of_entries_use_few_queries(length, django_assert_max_num_queries):
    entries(length)
    with django_assert_max_num_queries(8):
        assert findings() == []
