"""SIGKILL of web and worker in the middle of checkout and of matching: nothing is lost, nothing happens twice.

Real processes on a real PostgreSQL: gunicorn and the queue's workers, killed 8 times (STRESS=1: 50 times) at the worst
moments while guests order and SePay tells about their transfers; then everything is started again, the clock does its
duties once, and the books are compared with what the outside world was told.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from shop.fulfilment.services import orders_expire_unpaid
from shop.messaging import services as messaging
from shop.messaging.rescue import tasks_rescue
from shop.reconciliation import tasks as reconciliation
from tests.concurrency import nursery_books as books
from tests.concurrency.nursery import PATIENCE, Nursery
from tests.concurrency.nursery_kills import AIMS, Killer
from tests.concurrency.nursery_load import STUCK, Ledger, Load
from tests.factories import cooperative_make, listing_make
from tests.factories.bank import feed_make

pytestmark = pytest.mark.django_db(transaction=True)

SEED = 20261124
GUESTS, SENDERS = 4, 2


def rescue_all() -> int:
    """Nothing runs now: whatever is marked as running has lost its worker."""
    return tasks_rescue(older_than_s=0)


DUTIES = (rescue_all, reconciliation.lines_match_due, orders_expire_unpaid, messaging.messages_redeliver)


def database_url() -> str:
    """The copy that this test uses, for other processes."""
    facts = connection.settings_dict
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@pytest.fixture
def feeds():
    """Three cooperatives with goods and with SePay: where it tells about each."""
    made = {}
    for _ in range(3):
        cooperative = cooperative_make()
        for price in (70_000, 100_000):
            listing_make(cooperative, price=price, stock=100_000)
        made[cooperative.pk] = f"/webhooks/sepay/{feed_make(cooperative).token}/"
    return made


@pytest.fixture
def nursery_of(tmp_path, feeds):
    """Call it for a running nursery; it is killed before the database is renewed."""
    made = []

    def make(broken: str = "", **options: str) -> Nursery:
        nursery = Nursery(tmp_path, database_url(), broken=broken, **options)
        made.append(nursery)
        nursery.start()
        return nursery

    yield make
    for nursery in made:
        nursery.stop()


@pytest.fixture
def short_limits(monkeypatch):
    """The clock takes for lost at once what it usually gives a minute."""
    monkeypatch.setattr(messaging, "LOST", timedelta(0))
    monkeypatch.setattr(reconciliation, "LOST", timedelta(0))


def kill_under_load(
    nursery: Nursery, feeds: dict[int, str], aims: list[str], patience: float = PATIENCE
) -> tuple[Ledger, Killer]:
    """Guests and SePay at work while one process after the other dies; then everything dies."""
    load = Load(nursery.url, feeds, guests=GUESTS, senders=SENDERS, seed=SEED, patience=patience)
    killer = Killer(nursery, database_url(), random.Random(SEED))
    load.start()
    for aim in aims:
        # On any machine there is somebody who came through between two strikes.
        assert load.done.acquire(timeout=STUCK), "nobody gets anything done"
        killer.kill(aim)
    killer.close()
    ledger = load.finish()
    nursery.stop()
    return ledger, killer


def recover(nursery: Nursery) -> list[str]:
    """One round of the clock, then workers until nothing is left to do; what failed of the clock's duties."""
    failed = [fault for duty in DUTIES if (fault := fault_of(duty))]
    nursery.start()
    end = time.monotonic() + PATIENCE
    while work_left():
        assert time.monotonic() < end, f"{work_left()} tasks are not done"
        time.sleep(0.05)
    nursery.stop()
    return failed


def fault_of(duty: Callable[[], Any]) -> str:
    """Do it as the clock does: what it raises does not stop the others."""
    try:
        duty()
    except Exception as error:  # noqa: BLE001
        return f"{duty.__name__}: {error}"
    return ""


def work_left() -> int:
    """Tasks that are due or under way; the ends of holds are not due yet."""
    return DBTaskResult.objects.ready().count() + DBTaskResult.objects.running().count()


def test_nothing_is_lost_or_doubled_when_processes_are_killed(nursery_of, feeds, short_limits, stress, figures):
    nursery = nursery_of()
    aims = list(islice(cycle(AIMS), 50 if stress else 8))

    ledger, killer = kill_under_load(nursery, feeds, aims)
    found = recover(nursery) + books.faults(ledger, nursery.messages)

    figures(f"{len(aims)} times, {killer.dead} killed, {killer.inside} in a transaction: {dict(killer.counts)}")
    figures(", ".join(f"{name} {value}" for name, value in books.figures(ledger, nursery.messages).items()))
    assert found == []
    assert len(ledger.purchases) >= len(aims)


def test_without_transactions_it_is_noticed(nursery_of, feeds, short_limits, figures):
    nursery = nursery_of("transactions")

    ledger, killer = kill_under_load(nursery, feeds, ["placing", "matching"] * 2, patience=5)
    found = recover(nursery) + books.faults(ledger, nursery.messages)

    books_wrong = [fault for fault in found if fault.startswith(("order ", "line ", "purchase "))]
    figures(f"no transactions, {killer.dead} killed: {len(found)} faults, {len(books_wrong)} of them in the books")
    assert books_wrong


@transaction.atomic
def messages_queue(turn: int) -> None:
    """A dozen messages that workers may begin to send at the same moment."""
    for n in range(12):
        messaging.message_send(kind="test", to="+84901234567", body=f"{n}", key=f"test-{turn}-{n}")


@pytest.mark.parametrize("broken", ["", "claims"])
def test_message_leaves_once_only_because_it_is_claimed(nursery_of, short_limits, figures, broken):
    nursery = nursery_of(broken, sms="tests.concurrency.nursery_slow")
    killer = Killer(nursery, database_url(), random.Random(SEED))
    for turn in range(6):
        messages_queue(turn)
        killer.kill("sending")
    killer.close()
    nursery.stop()
    recover(nursery)

    left, stuck = books.sent(nursery.messages), books.stuck_keys()
    twice = sum(times > 1 for times in left.values())
    figures(f"72 messages, {broken or 'nothing'} broken, {killer.dead} killed: {twice} left twice, {len(stuck)} stuck")
    assert (twice > 0) == bool(broken)
    assert len(left.keys() | stuck) == 72
