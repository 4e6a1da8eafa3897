"""One process at a time, across test workers and parallel runs in the same working copy."""

import contextlib
import fcntl

from tools.common import ROOT

CACHE = ROOT / ".test-cache"


@contextlib.contextmanager
def only_one(name: str):
    """Hold the lock of this name; others wait."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
