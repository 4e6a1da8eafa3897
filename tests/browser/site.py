"""A whole shop for browser tests: web server, worker, sample data, all started by the same supervisor as `make run`.

The sample shop is built once per state of the code and kept in .test-cache; each site works on a copy of it.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.databases import SQLiteCopy, remove_sqlite
from tests.postgres import free_port
from tools.common import ROOT, digest, documented_variables, migration_hash, sources
from tools.locks import CACHE, only_one
from tools.run import die_with_parent, with_stripe_demo

KEPT = 2


def demo_hash() -> str:
    """Changes when the sample shop may look different."""
    code = sources("shop", "cms")
    data = [path for path in (ROOT / "shop" / "demo").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return digest({*code, *data}, extra=migration_hash())[:12]


def static_hash() -> str:
    """Changes when the collected static files may be out of date."""
    files = [path for name in ("shop/static", "cms/static") for path in (ROOT / name).rglob("*") if path.is_file()]
    return digest([*files, ROOT / "requirements.txt", ROOT / "shop" / "settings.py"])[:12]


def environment(folder: Path, port: int = 0, **extra: str) -> dict[str, str]:
    """The shop's own settings with everything of ours in ``folder``; a developer's variables do not count."""
    kept = {name: value for name, value in os.environ.items() if name not in documented_variables()}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "SECRET_KEY": "only-for-browser-tests",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(CACHE / f"static-{static_hash()}"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DEMO": "1",
        "ENV_FILE": os.devnull,
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def command(env: dict[str, str], *arguments: str) -> str:
    """``manage.py`` with this environment; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[0]} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def forget_old(pattern: str) -> None:
    """Keep the newest folders of earlier states."""
    for folder in sorted(CACHE.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def static_files() -> None:
    """Collect and compress, once per state."""
    target = CACHE / f"static-{static_hash()}"
    if target.exists():
        return
    half = CACHE / "half-static"
    shutil.rmtree(half, ignore_errors=True)
    command(environment(CACHE, STATIC_ROOT=str(half)), "collectstatic", "--noinput", "--verbosity", "0")
    half.rename(target)
    forget_old("static-*")


def sample_shop() -> Path:
    """The folder with the database and the uploads of a freshly loaded sample shop."""
    target = CACHE / f"demo-{demo_hash()}"
    with only_one("demo"):
        static_files()
        if not target.exists():
            half = CACHE / "half-demo"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            database = SQLiteCopy(f"demo-{os.getpid()}")
            shutil.move(database.file, half / "db.sqlite3")
            command(environment(half, SQLITE_SYNCHRONOUS="OFF"), "load_demo")
            half.rename(target)
            forget_old("demo-*")
    return target


class Site:
    """A running shop. ``url`` has no slash at its end; ``log`` is what the web server and the worker printed."""

    def __init__(self, name: str, **extra: str):
        self.folder = CACHE / f"site-{name}-{os.getpid()}"
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(sample_shop(), self.folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(self.folder, self.port, **extra)
        self.log_file = self.folder / "log.txt"
        self.process = None

    @property
    def log(self) -> str:
        """Everything printed so far: text messages of the console backend, errors, traces."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start and wait for the first answer."""
        with self.log_file.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools.run"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
            )
        deadline = time.monotonic() + 60
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = self.log[-4000:]
                self.stop()
                raise RuntimeError(f"The shop did not start:\n{words}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Does it serve already?"""
        try:
            with urllib.request.urlopen(f"{self.url}/livez", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """Stop both processes and remove the copy."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        remove_sqlite(self.folder / "db.sqlite3")
        shutil.rmtree(self.folder, ignore_errors=True)

    def query(self, sql: str, *parameters) -> list[tuple]:
        """Rows from the shop's database, read only: the ORM cannot be used beside a browser."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'db.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def manage(self, *arguments: str) -> str:
        """Run a management command against this shop; what it printed."""
        return command(with_stripe_demo(self.env), *arguments)

    def wait_for_log(self, text: str, seconds: float = 15) -> str:
        """The log once ``text`` is in it, such as a code sent by the worker."""
        deadline = time.monotonic() + seconds
        while text not in self.log:
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} never appeared in the log:\n{self.log[-3000:]}")
            time.sleep(0.1)
        return self.log
