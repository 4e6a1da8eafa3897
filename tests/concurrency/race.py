"""Many threads with a database connection each, started together; every outcome is kept."""

import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, connections

#: Seconds after which a thread that waits for others is stuck: the test fails instead of hanging.
STUCK = 120


@dataclass
class Outcome:
    """What one job came to: its value, or the exception that reached its caller."""

    value: Any = None
    error: Exception | None = None

    @property
    def word(self) -> str:
        """The exception's class and code, or ``ok``."""
        if self.error is None:
            return "ok"
        return f"{type(self.error).__name__}:{getattr(self.error, 'code', self.error)}"


class Troubles:
    """Counts what the database refused on the way, also when a retry hid it from the caller."""

    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            with self.lock:
                self.count += 1
            raise


def race(jobs: Sequence[Callable[[], Any]], *, workers: int = 16, troubles: Troubles | None = None) -> list[Outcome]:
    """Run the jobs in the given order on ``workers`` threads that start at the same moment; outcomes in that order.

    Jobs are taken first in, first out, so two neighbours may wait for each other at a barrier of two.
    """
    outcomes: list[Outcome | None] = [None] * len(jobs)
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    for index, job in enumerate(jobs):
        waiting.put((index, job))
    start = threading.Barrier(workers)

    def work() -> None:
        try:
            start.wait(STUCK)
            with connection.execute_wrapper(troubles or Troubles()):
                while True:
                    index, job = waiting.get_nowait()
                    outcomes[index] = attempt(job)
        except queue.Empty:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STUCK)
    assert all(outcomes), "a thread is stuck or broke"
    return outcomes


def attempt(job: Callable[[], Any]) -> Outcome:
    """Any exception is an outcome to be counted, not the end of the thread."""
    try:
        return Outcome(value=job())
    except Exception as error:  # noqa: BLE001
        return Outcome(error=error)


def tally(outcomes: list[Outcome]) -> Counter:
    """How often each outcome happened."""
    return Counter(outcome.word for outcome in outcomes)


def together(*jobs: Callable[[], Any]) -> list[Callable[[], Any]]:
    """The jobs, each waiting for the others before it starts."""
    barrier = threading.Barrier(len(jobs))

    def waiting(job: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            barrier.wait(STUCK)
            return job()

        return run

    return [waiting(job) for job in jobs]
