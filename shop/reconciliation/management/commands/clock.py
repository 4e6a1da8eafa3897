"""The periodic duties of the shop, in one small process. Start it beside the web server and the worker.

Several clocks may run at once: every duty in CLOCK_DUTIES is a function without arguments that is safe to run in
parallel with itself.
"""

import logging
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


@dataclass
class Duty:
    """A function and its beat: every ``every`` seconds, the next time when the monotonic clock says ``due``."""

    path: str
    every: int
    function: Callable[[], Any]
    due: float = 0.0

    def run(self) -> bool:
        """Do it, with a healthy database connection; what it raises is logged and does not stop the others."""
        connections_refresh()
        start = time.monotonic()
        try:
            result = self.function()
        except Exception:
            logger.exception("duty failed path=%s", self.path)
            return False
        else:
            level = logging.INFO if result else logging.DEBUG
            logger.log(level, "duty done path=%s result=%s seconds=%.2f", self.path, result, time.monotonic() - start)
            return True
        finally:
            connections_refresh()

    def plan(self, now: float) -> None:
        """The next beat after ``now``. Beats lie on a grid and do not drift; those that were missed are skipped."""
        self.due += self.every * (max(0.0, now - self.due) // self.every + 1)


def connections_refresh() -> None:
    """Close connections that are broken or older than DATABASE_CONN_MAX_AGE; a duty then opens a new one.

    Django's ``close_old_connections`` without what it does to a caller's open transaction: it would drop it.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def duties_read(lines: Iterable[str]) -> list[Duty]:
    """Duties from ``dotted.path=seconds`` texts; CommandError names the line that is wrong."""
    return [duty_read(line) for line in lines]


def duty_read(line: str) -> Duty:
    """One of them."""
    path, _, seconds = line.partition("=")
    if not seconds.isascii() or not seconds.isdigit() or int(seconds) < 1:
        raise CommandError(f"CLOCK_DUTIES: {line!r} must be dotted.path=seconds.")
    try:
        function = import_string(path)
    except ImportError as error:
        raise CommandError(f"CLOCK_DUTIES: {line!r} cannot be imported: {error}") from error
    if not callable(function):
        raise CommandError(f"CLOCK_DUTIES: {line!r} is not a function.")
    return Duty(path, int(seconds), function)


def run_forever(duties: list[Duty]) -> None:
    """Everything once at the start, then each at its beat, until somebody interrupts."""
    if not duties:
        logger.warning("CLOCK_DUTIES is empty: the clock has nothing to do")
        signal.pause()
    start = time.monotonic()
    for duty in duties:
        duty.due = start
    while True:
        duty = min(duties, key=lambda one: one.due)
        time.sleep(max(0.0, duty.due - time.monotonic()))
        duty.run()
        duty.plan(time.monotonic())


class Command(BaseCommand):
    help = "Run the periodic duties named in CLOCK_DUTIES until SIGTERM or SIGINT."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every duty once and exit; 1 when one failed")

    def handle(self, *, once: bool, **options: Any) -> None:
        duties = duties_read(settings.CLOCK_DUTIES)
        if once:
            self.run_once(duties)
            return
        # Both raise KeyboardInterrupt, in a pause and in the middle of a duty, whose transaction is then rolled back.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
        try:
            run_forever(duties)
        except KeyboardInterrupt:
            logger.info("clock stopped")

    def run_once(self, duties: list[Duty]) -> None:
        """All of them, whatever happens to one."""
        failed = [duty.path for duty in duties if not duty.run()]
        self.stdout.write(f"{len(duties) - len(failed)} of {len(duties)} duties done")
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}")
