"""A parent that has loaded the shop once, and starts again at once whatever is killed: gunicorn and the workers.

    python -m tests.concurrency.nursery PORT WORKERS

``Nursery`` is the same seen from a test. Each child tells the database who it is: ``web 123`` or ``worker 124``.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from tests.postgres import free_port
from tools.common import ROOT
from tools.run import die_with_parent

PATIENCE = 60  # seconds; a process that takes longer is stuck
WEB_PROCESSES, WEB_THREADS, WORKERS = 2, 4, 2
SMS = "shop.messaging.backends.file"
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15


# -- The parent ---------------------------------------------------------------------------------------------------


def shop_load() -> None:
    """Everything that takes time: the code, the addresses, the translations."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.concurrency.nursery_settings"
    from django.db.backends.signals import connection_created

    from shop.wsgi import application  # noqa: F401  gunicorn finds it loaded
    from tests.concurrency.nursery_broken import GUARDS

    if os.environ.get("NURSERY_BROKEN"):
        GUARDS[os.environ["NURSERY_BROKEN"]]()
    connection_created.connect(introduce)
    from django.test import Client

    Client().get("/livez", headers={"host": "localhost"})


def introduce(connection: Any, **_more: Any) -> None:
    """Tell the database which process this is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [f"{os.environ['ROLE']} {os.getpid()}"])


def web(port: str) -> None:
    """gunicorn, as ``make run`` starts it."""
    from gunicorn.app.wsgiapp import WSGIApplication

    os.environ["ROLE"] = "web"
    sys.argv = ["gunicorn", "--preload", "--no-control-socket", "--worker-class", "gthread", "--log-level", "critical"]
    sys.argv += ["--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS), "--graceful-timeout", "8"]
    sys.argv += ["--bind", f"127.0.0.1:{port}", "shop.wsgi:application"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()


def worker() -> None:
    """The queue's own command."""
    from django.core.management import call_command

    os.environ["ROLE"] = "worker"
    options = ["--queue-name", "*", "--no-reload", "--no-startup-delay", "--interval", "0.05"]
    call_command("db_worker", *options, f"--worker-id={os.getpid()}-{time.monotonic_ns()}")


def child_start(name: str, work: Callable[[], None]) -> int:
    """Fork; the child bears a name in the kernel's list, dies with its parent and ends with its work."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    library = ctypes.CDLL(None)
    library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    library.prctl(PR_SET_NAME, name.encode())
    try:
        # The parent may have died before this child asked to die with it.
        if os.getppid() == parent:
            work()
    finally:
        os._exit(1)


def keep_alive(works: list[tuple[str, Callable[[], None]]]) -> None:
    """Start all, and each again when it has ended, until this process is killed."""
    children = {child_start(*work): work for work in works}
    while True:
        pid, _status = os.wait()
        if work := children.pop(pid, None):
            children[child_start(*work)] = work


def main(port: str, workers: str) -> None:
    """See the module's docstring."""
    shop_load()
    keep_alive([(f"web:{port}", lambda: web(port)), *[(f"job:{port}", worker)] * int(workers)])


# -- Seen from a test ---------------------------------------------------------------------------------------------


class Nursery:
    """``start()``, ``webs()``, ``arbiter()``, ``workers()`` (process ids), ``stop()``. ``log`` is a file.

    ``broken``: a guard that is taken off; ``sms``: the module that writes the messages.
    """

    def __init__(
        self, folder: Path, database: str, *, broken: str = "", sms: str = SMS, workers: int = WORKERS
    ) -> None:
        self.messages, self.log = folder / "messages.jsonl", folder / "nursery.log"
        self.messages.touch()
        self.port, self.number = free_port(), workers
        self.url = f"http://127.0.0.1:{self.port}"
        more = {"NURSERY_MESSAGES": str(self.messages), "NURSERY_BROKEN": broken, "NURSERY_SMS": sms}
        self.env = {**os.environ, "TEST_DATABASE_URL": database, **more}
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the parent and wait until the shop answers."""
        command = [sys.executable, "-m", "tests.concurrency.nursery", str(self.port), str(self.number)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, preexec_fn=die_with_parent
            )
        end = time.monotonic() + PATIENCE
        while not (self.answers() and len(self.workers()) == self.number):
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()[-4000:]
            time.sleep(0.02)

    def answers(self) -> bool:
        """Does it serve?"""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/livez", timeout=5):
            return True
        return False

    def arbiter(self) -> list[int]:
        """gunicorn itself: the one that the parent started."""
        return [row.pid for row in self.named("web") if row.parent == self.process.pid]

    def webs(self) -> list[int]:
        """gunicorn's workers, also those that have lost it."""
        return [row.pid for row in self.named("web") if row.parent != self.process.pid]

    def workers(self) -> list[int]:
        """The queue's workers."""
        return [row.pid for row in self.named("job")]

    def named(self, role: str) -> list["Row"]:
        """Living processes of this nursery."""
        return [row for row in processes() if row.name == f"{role}:{self.port}"]

    def stop(self) -> None:
        """SIGKILL to all at once, as when the power goes."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait(PATIENCE)
        # A child that was being born when its parent died is found in a later round.
        end = time.monotonic() + PATIENCE
        while living := [*self.named("web"), *self.named("job")]:
            assert time.monotonic() < end, living
            for row in living:
                with suppress(ProcessLookupError):
                    os.kill(row.pid, signal.SIGKILL)
            time.sleep(0.02)
        self.process = None


class Row(NamedTuple):
    """A line of the kernel's list."""

    pid: int
    name: str
    parent: int


def processes() -> list[Row]:
    """Every living process of this machine."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                start, _, rest = (folder / "stat").read_text().rpartition(")")
                state, parent = rest.split()[:2]
                if state != "Z":
                    found.append(Row(int(folder.name), start.partition("(")[2], int(parent)))
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
