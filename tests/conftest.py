"""What every test gets: a migrated database in a second, no network, no left-overs.

Migrating from nothing takes a minute, so it is done once per state of the migrations and kept in .test-cache: a file
for SQLite, a template database for PostgreSQL. Each test process works on a copy, and a test that really commits
(``transactional_db``) gets a fresh copy afterwards instead of Django's flush, which would also drop the rows that
migrations made, such as Wagtail's root page.
"""

import os
import socket

import pytest

from tests import databases
from tools.compile_messages import compile_all
from tools.locks import only_one

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NetworkError(RuntimeError):
    """A test tried to reach another machine."""


def guarded(connect):
    """``connect`` that refuses every address but this machine's own."""

    def checked(self, address, *arguments):
        if isinstance(address, tuple) and address[0] not in LOOPBACK and not str(address[0]).startswith("127."):
            raise NetworkError(f"Tests may not reach {address[0]}: use a fake.")
        return connect(self, address, *arguments)

    return checked


def pytest_configure(config):
    """Before anything is collected: no network, and the translations of today."""
    socket.socket.connect = guarded(socket.socket.connect)
    socket.socket.connect_ex = guarded(socket.socket.connect_ex)
    with only_one("messages"):
        compile_all()


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """Names of databases are given by ``django_db_setup``."""


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A copy of the migrated template for this test process; removed at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        copy = databases.make_copy(f"{os.getpid()}_{worker}")
        with databases.fresh_copy_instead_of_flush(copy):
            yield
        copy.remove()


@pytest.fixture(autouse=True)
def clean_slate(settings, tmp_path):
    """No cached row, no language and no uploaded file goes from one test to the next."""
    from django.core.cache import cache
    from django.utils import translation

    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PRIVATE_ROOT = str(tmp_path / "private")
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def run_tasks(db):
    """Call it to run, here and now, every background task that was put on the queue; returns how many that were.

    Raises ``AssertionError`` with the first trace when a task failed.
    """
    return databases.run_queued_tasks
