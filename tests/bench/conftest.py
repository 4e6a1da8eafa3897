"""A shop on each database, and a way to print."""

import os

import pytest

from tests import postgres
from tests.bench.shop import Shop
from tests.databases import PostgreSQLCopy, SQLiteCopy


@pytest.fixture(autouse=True)
def clean_slate():
    """The shop has its own process, cache and uploads: there is nothing to clean in this one."""


@pytest.fixture(params=["sqlite", "postgres"])
def copy(request, monkeypatch):
    """A migrated database: ``(kind, address)``."""
    if request.param == "sqlite":
        database = SQLiteCopy(f"bench-{os.getpid()}")
        address = f"sqlite:///{database.file}"
    else:
        monkeypatch.setenv("TEST_DATABASE_URL", postgres.ensure())
        database = PostgreSQLCopy(f"bench_{os.getpid()}")
        address = database.server._replace(path=f"/{database.name}").geturl()
    yield request.param, address
    database.remove()


@pytest.fixture
def shop(copy, tmp_path):
    """A shop that is not running yet."""
    kind, address = copy
    made = Shop(tmp_path, kind, address)
    yield made
    made.stop()


@pytest.fixture
def show(capsys):
    """Print a line, whatever pytest does with the output."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"    {text}", flush=True)

    return line
