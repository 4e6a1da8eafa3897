"""Backends that behave as told, time that passes, and messages."""

import json
from datetime import timedelta

import pytest
from django.db.models import F
from django_tasks_db.models import DBTaskResult, get_date_max

from shop.messaging import services
from shop.messaging.models import Message
from shop.messaging.services import message_send
from tests.integration.messaging.backends import Backend

PHONE = "+84901234567"


@pytest.fixture
def use(monkeypatch):
    """Let every channel go out through this backend."""

    def choose(backend):
        monkeypatch.setattr(services, "backend_of", lambda channel: backend)
        return backend

    return choose


@pytest.fixture
def backend(use):
    """One that must not be repeated, as most."""
    return use(Backend())


@pytest.fixture
def lines(settings, tmp_path):
    """What the file backend has written so far; the setting points at its file."""
    path = tmp_path / "messages.jsonl"
    settings.MESSAGE_FILE = str(path)
    return lambda: [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def queued():
    """Make a message; its task waits in the queue."""

    def make(number: int = 1, kind: str = "order_placed", to: str = PHONE) -> Message:
        return message_send(kind=kind, to=to, body=f"Số {number}: 123456", key=f"test-{number}")

    return make


@pytest.fixture
def later():
    """Let so many seconds pass for messages and tasks alike."""

    def pass_seconds(seconds: float) -> None:
        gone = timedelta(seconds=seconds)
        moments = ("created_at", "claimed_at", "retry_at")
        Message.objects.update(**{name: F(name) - gone for name in moments})
        DBTaskResult.objects.update(started_at=F("started_at") - gone)
        for row in DBTaskResult.objects.exclude(run_after=get_date_max()):
            row.run_after -= gone
            row.save(update_fields=["run_after"])

    return pass_seconds


@pytest.fixture
def tasks_lost():
    """The queue's rows are gone, as after a restored backup."""
    return lambda: DBTaskResult.objects.all().delete()


@pytest.fixture
def tasks_waiting():
    """How many tasks the queue still has to do, due or not."""
    return lambda: DBTaskResult.objects.filter(status="READY").count()
