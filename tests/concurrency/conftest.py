"""These tests prove something about PostgreSQL's locks: on another database they are not run."""

import os

import pytest
from django.db import connections


@pytest.fixture(autouse=True)
def real_postgresql():
    """``make test`` and ``make stress`` start one."""
    if connections["default"].vendor != "postgresql":
        pytest.skip("needs PostgreSQL: python -m tools.run_tests concurrency")


@pytest.fixture
def stress() -> bool:
    """Whether there is time for long runs (STRESS=1)."""
    return bool(os.environ.get("STRESS"))


@pytest.fixture
def figures(capsys):
    """Call it with a sentence: figures are printed whatever pytest does with the output."""

    def show(text: str) -> None:
        with capsys.disabled():
            print(f"\n    {text}", end="", flush=True)

    return show
