"""Whose turn it is to write, where the database has one writer at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def turn() -> Iterator[None]:
    """Queue for SQLite's one writer, between threads and processes; nothing at all on other databases.

    SQLite itself lets a writer ask again and again, ever more seldom, so that a bank's service would wait a quarter of
    a second behind a batch that is being matched. The kernel's file lock wakes the next one at once. It orders only
    those who ask for it: whoever writes without it is still kept apart by SQLite.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or connection.in_atomic_block or "memory" in name:
        yield
        return
    with open(f"{name}.turn", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
