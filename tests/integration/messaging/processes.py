"""Start the worker of ``worker.py`` on the database of this test."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

from tools.common import ROOT

PATIENCE = 120  # seconds; a process that takes longer is stuck


def database_url() -> str:
    """The copy that this test uses, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def worker_start(file: Path | str, point: str = "-", backend: str = "file", *options: str) -> subprocess.Popen:
    """The worker in the background."""
    connection.close()
    env = {**os.environ, "TEST_DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-m", "tests.integration.messaging.worker", str(file), point, backend, *options]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def worker_run(file: Path | str, point: str = "-", backend: str = "file") -> int:
    """The worker until the queue is empty or it dies; its exit code."""
    process = worker_start(file, point, backend, "--batch")
    words, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, -9), words
    return process.returncode


def sessions_end() -> None:
    """PostgreSQL may still be at the last statement of a process that was killed: end that, and wait for the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
