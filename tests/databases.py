"""Migrated template databases and their copies, for SQLite and PostgreSQL."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools.common import ROOT, digest, migration_hash
from tools.locks import CACHE, only_one

KEPT = 2  # templates of earlier states: switching between two branches stays quick


def template_hash() -> str:
    """Changes when a template may be out of date."""
    return digest([ROOT / "tests" / "settings.py"], extra=migration_hash())[:12]


def migrate(url: str) -> None:
    """Fill an empty database, in a process of its own."""
    print("Migrating a template database (a minute, once) ...", file=sys.stderr, flush=True)
    env = {**os.environ, "TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"migrate failed:\n{done.stdout}{done.stderr}")


def remove_sqlite(file: Path) -> None:
    """The file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def remove_forgotten() -> None:
    """Copies of runs that were killed, once they are some hours old."""
    for file in CACHE.glob("copy-*.sqlite3"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > 4 * 3600:
                remove_sqlite(file)


class SQLiteCopy:
    """A copied file. A real file, not memory: threads must meet the locks that they meet in the shop."""

    def __init__(self, name: str):
        remove_forgotten()
        self.template = CACHE / f"template-{template_hash()}.sqlite3"
        self.file = CACHE / f"copy-{name}.sqlite3"
        with only_one("template-sqlite"):
            if not self.template.exists():
                self.make_template()
        self.renew()

    def make_template(self) -> None:
        """Migrate into another name first: an interrupted run leaves no half template."""
        half = CACHE / "half.sqlite3"
        remove_sqlite(half)
        migrate(f"sqlite:///{half}")
        half.rename(self.template)
        others = sorted(CACHE.glob("template-*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
        for file in others[KEPT:]:
            remove_sqlite(file)

    def renew(self) -> None:
        """Back to the template's state. All connections must be closed."""
        remove_sqlite(self.file)
        shutil.copyfile(self.template, self.file)

    def point(self, settings_dict: dict) -> None:
        """Let Django's connection use the copy."""
        settings_dict["NAME"] = str(self.file)

    def remove(self) -> None:
        """At the end."""
        remove_sqlite(self.file)


class PostgreSQLCopy:
    """A database made from a template database on the same server."""

    def __init__(self, name: str):
        self.server = urlsplit(os.environ["TEST_DATABASE_URL"])
        self.template = f"ocop_template_{template_hash()}"
        self.name = f"test_ocop_{name}"
        with only_one("template-postgres"):
            if not self.exists(self.template):
                self.make_template()
        self.renew()

    def execute(self, *statements: str) -> list:
        """Run statements outside transactions on the server's own database; rows of the last one."""
        import psycopg

        with psycopg.connect(urlunsplit(self.server), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def exists(self, name: str) -> bool:
        """Is there a database of this name?"""
        return bool(self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def make_template(self) -> None:
        """Migrate under another name first; templates of other states on this server go."""
        half = f"ocop_half_{os.getpid()}"
        self.execute(f"DROP DATABASE IF EXISTS {half}", f"CREATE DATABASE {half}")
        migrate(urlunsplit(self.server._replace(path=f"/{half}")))
        self.execute(f"ALTER DATABASE {half} RENAME TO {self.template}")
        names = self.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'ocop\\_template\\_%' ORDER BY oid DESC"
        )
        for (name,) in names[KEPT:]:
            self.execute(f"DROP DATABASE IF EXISTS {name}")

    def renew(self) -> None:
        """Back to the template's state; connections that a test forgot are cut."""
        self.execute(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.template}",
        )

    def point(self, settings_dict: dict) -> None:
        """Let Django's connection use the copy."""
        settings_dict["NAME"] = self.name

    def remove(self) -> None:
        """At the end."""
        self.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def make_copy(name: str):
    """A copy for this process; Django's connections use it from now on."""
    from django.db import connections

    connections.close_all()
    copy = (PostgreSQLCopy if connections["default"].vendor == "postgresql" else SQLiteCopy)(name)
    copy.point(connections["default"].settings_dict)
    return copy


@contextlib.contextmanager
def fresh_copy_instead_of_flush(copy):
    """Tests that commit leave the database as they found it: a new copy takes well under a second."""
    from django.contrib.contenttypes.models import ContentType
    from django.contrib.sites.models import Site
    from django.db import connections
    from django.test import TransactionTestCase

    def teardown(self):
        connections.close_all()
        copy.renew()
        ContentType.objects.clear_cache()
        Site.objects.clear_cache()

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = teardown
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = original
        connections.close_all()


def run_queued_tasks() -> int:
    """Run all tasks that are due, in this process and this transaction. A failed task fails the test."""
    from django.utils import timezone
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    options = {"interval": 0, "batch": True, "startup_delay": False, "max_tasks": None}
    worker = Worker(queue_names=["*"], excluded_queue_names=[], backend_name="default", worker_id="test", **options)
    ran = 0
    while (result := DBTaskResult.objects.ready().filter(backend_name="default").first()) is not None:
        result.claim("test")
        worker.run_task(result)
        result.refresh_from_db()
        assert result.status == "SUCCESSFUL", f"{result.task_path} failed at {timezone.now()}:\n{result.traceback}"
        ran += 1
    return ran
