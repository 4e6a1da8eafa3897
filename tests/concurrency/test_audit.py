"""Parallel writers make one unbroken chain per scope."""

import threading

import pytest
from django.db import transaction

from shop.audit import services
from shop.audit.models import GENESIS, AuditChain, AuditEntry
from shop.audit.services import entry_add
from shop.audit.verification import Walk, scopes_all
from tests.concurrency.race import STUCK, race, tally, together

pytestmark = pytest.mark.django_db(transaction=True)


def writer(number: int, scope: str = "market", refuse: bool = False):
    """One transaction with one entry; with ``refuse`` it is rolled back."""

    def write() -> int:
        with transaction.atomic():
            entry = entry_add(action="price.set", subject=f"listing:{number}", by="kế toán", scope=scope)
            if refuse:
                raise RuntimeError("rolled back")
        return entry.position

    return write


def findings() -> list[str]:
    return [str(finding) for scope in scopes_all() for finding in Walk(scope).findings()]


def test_200_writers_of_a_new_scope_make_one_chain(figures):
    outcomes = race([writer(n) for n in range(200)], workers=20)

    figures(f"200 entries by 20 threads into a scope that was new: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 200}
    assert sorted(outcome.value for outcome in outcomes) == list(range(1, 201))
    assert AuditChain.objects.get().length == 200
    assert findings() == []


def test_many_new_scopes_begin_at_once():
    jobs = [writer(n, f"cooperative:{n % 10}") for n in range(100)]

    outcomes = race(jobs, workers=20)

    assert tally(outcomes) == {"ok": 100}
    assert dict(AuditChain.objects.values_list("scope", "length")) == {f"cooperative:{n}": 10 for n in range(10)}
    assert AuditEntry.objects.filter(previous_hash=GENESIS).count() == 10
    assert findings() == []


def test_rolled_back_writers_leave_no_hole(figures):
    outcomes = race([writer(n, refuse=n % 3 == 0) for n in range(120)], workers=16)

    figures(f"120 entries, a third rolled back: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 80, "RuntimeError:rolled back": 40}
    assert list(AuditEntry.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 81))
    assert findings() == []


def test_writers_of_two_scopes_do_not_wait_for_each_other():
    """The second scope's writer commits while the first one's transaction is still open."""
    written, committed = threading.Event(), threading.Event()

    def slow() -> bool:
        with transaction.atomic():
            entry_add(action="price.set", subject="listing:1", by="x", scope="cooperative:1")
            written.set()
            return committed.wait(STUCK)

    def quick() -> bool:
        assert written.wait(STUCK)
        with transaction.atomic():
            entry_add(action="price.set", subject="listing:2", by="x", scope="cooperative:2")
        committed.set()
        return True

    assert [outcome.value for outcome in race(together(slow, quick), workers=2)] == [True, True]
    assert AuditEntry.objects.count() == 2


def test_the_check_stays_quiet_while_entries_are_added(figures):
    def look() -> list[str]:
        return findings()

    jobs = [look if n % 10 == 0 else writer(n) for n in range(200)]
    outcomes = race(jobs, workers=16)

    looks = [outcome.value for outcome in outcomes[::10]]
    figures(f"180 entries added while 20 checks ran: {sum(map(len, looks))} findings")
    assert tally(outcomes) == {"ok": 200}
    assert looks == [[]] * 20


def test_without_the_lock_writers_collide(monkeypatch, figures):
    """All read the head before any of them writes: the constraint refuses, and their transactions are lost."""
    race([writer(0)], workers=1)
    barrier = threading.Barrier(8)

    def chain_read(scope):
        chain = AuditChain.objects.get(scope=scope)
        barrier.wait(STUCK)
        return chain

    monkeypatch.setattr(services, "chain_lock", chain_read)
    outcomes = race([writer(n) for n in range(8)], workers=8)

    errors = [type(outcome.error).__name__ for outcome in outcomes if outcome.error]
    figures(f"guard off, 8 writers: {len(errors)} refused by the constraint")
    assert errors == ["IntegrityError"] * 7
    assert findings() == []
