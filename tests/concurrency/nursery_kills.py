"""Killing at the worst moment: watches what each process asks of the database, and strikes inside it."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import psycopg

from tests.concurrency.nursery import PATIENCE as STUCK
from tests.concurrency.nursery import Nursery

#: Seconds to wait for the wished moment; then any moment will do.
PATIENCE = 4.0
#: What a process has just written when it is in the middle of ...
MOMENTS = {
    "placing": ("web", r'"(order_|checkout_|payment_|fulfilment_|partner_stockrecord|vietqr_transfer)'),
    "telling": ("web", r'"(vietqr_bankline|vietqr_bankfeed)"'),
    "matching": ("worker", r'"(payment_|order_|fulfilment_|vietqr_|audit_|messaging_)'),
}
AIMS = ("placing", "matching", "sending", "telling", "everything", "placing", "matching", "arbiter", "web", "worker")
WRITING = """
    SELECT application_name, xact_start IS NOT NULL FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE %s AND query ~ %s
    AND (state <> 'idle' OR clock_timestamp() - state_change < interval '20 ms')
    ORDER BY random() LIMIT 1
"""


class Killer:
    """``kill(aim)`` one of AIMS; ``counts`` says what was hit, ``inside`` how many had a transaction open."""

    def __init__(self, nursery: Nursery, database: str, dice: random.Random) -> None:
        self.nursery, self.dice = nursery, dice
        self.connection = psycopg.connect(database, autocommit=True, application_name="killer")
        self.counts, self.inside, self.dead = Counter(), 0, 0

    def kill(self, aim: str) -> None:
        """Strike once."""
        self.counts[aim] += 1
        if aim in MOMENTS:
            self.strike([self.writer(*MOMENTS[aim])])
        elif aim == "sending":
            workers = some(self.nursery.workers)
            self.wait_for_message()
            self.strike(workers)
        else:
            time.sleep(self.dice.uniform(0, 0.3))  # any moment
            self.strike(self.victims(aim))

    def victims(self, aim: str) -> list[int]:
        """Process ids for the aims without a moment of their own."""
        shop = self.nursery
        if aim == "everything":
            return [*shop.webs(), *shop.workers()]
        if aim == "arbiter":
            return some(shop.arbiter) + (shop.webs() if self.dice.random() < 0.5 else [])
        return [self.dice.choice(some(shop.webs if aim == "web" else shop.workers))]

    def writer(self, role: str, table: str) -> int:
        """A process of this role that has just written to such a table, at best with its transaction open."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            pattern = rf"^(INSERT INTO|UPDATE) {table}"
            row = self.connection.execute(WRITING, [f"{role} %", pattern]).fetchone()
            if row:
                self.inside += row[1]
                return int(row[0].split()[1])
        return self.dice.choice(some(self.nursery.webs if role == "web" else self.nursery.workers))

    def wait_for_message(self) -> None:
        """Until the next message leaves."""
        before, end = self.nursery.messages.stat().st_size, time.monotonic() + PATIENCE
        while self.nursery.messages.stat().st_size == before and time.monotonic() < end:
            pass

    def strike(self, pids: list[int]) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.dead += 1

    def close(self) -> None:
        self.connection.close()


def some(processes: Callable[[], list[int]]) -> list[int]:
    """At least one; there is none for the moment in which gunicorn itself starts again."""
    end = time.monotonic() + STUCK
    while not (pids := processes()):
        assert time.monotonic() < end, "nothing starts again"
    return pids
