"""Workers die by SIGKILL. No message leaves twice, and what may have left is never sent again by itself."""

import contextlib
import json
import os
import selectors
import signal
from collections import Counter

import pytest
from django_tasks_db.models import DBTaskResult

from shop.messaging.backends import file as file_backend
from shop.messaging.models import Message
from shop.messaging.rescue import tasks_rescue
from shop.messaging.services import message_retry, messages_redeliver
from tests.integration.messaging.backends import Repeatable
from tests.integration.messaging.processes import PATIENCE, sessions_end, worker_run, worker_start

pytestmark = pytest.mark.django_db(transaction=True)

KILLED = -signal.SIGKILL


BACKENDS = {"file": file_backend, "repeatable": Repeatable}


@pytest.fixture
def killed_at(settings, use, queued, lines, later, run_tasks):
    """One message, its worker killed at a point; then a day goes by, and the clock and another worker do their duty."""

    def run(point: str, backend: str = "file") -> Message:
        use(BACKENDS[backend])
        message = queued()
        assert worker_run(settings.MESSAGE_FILE, point, backend) == KILLED
        assert DBTaskResult.objects.get().status == "RUNNING"
        later(86_400)
        assert tasks_rescue() == 1
        assert run_tasks() == 1
        messages_redeliver()
        run_tasks()
        message.refresh_from_db()
        return message

    return run


def keys(lines) -> list[str]:
    return [line["key"] for line in lines()]


def test_killed_before_the_claim_it_is_sent_by_the_next_worker(killed_at, lines):
    assert killed_at("unclaimed").state == "sent"
    assert keys(lines) == ["test-1"]


def test_killed_between_claim_and_sending_it_waits_for_a_person(killed_at, lines, run_tasks):
    message = killed_at("claimed")
    assert message.state == "claimed"
    assert keys(lines) == []

    message_retry(message_id=message.pk, by="operator")
    assert run_tasks() == 1
    assert keys(lines) == ["test-1"]


def test_killed_between_sending_and_noting_it_is_not_sent_again(killed_at, lines):
    message = killed_at("written")
    assert (message.state, message.sent_at) == ("claimed", None)
    assert keys(lines) == ["test-1"]


def test_killed_after_noting_it_is_not_sent_again(killed_at, lines):
    assert killed_at("marked").state == "sent"
    assert keys(lines) == ["test-1"]


@pytest.mark.parametrize(("point", "times"), [("claimed", 1), ("written", 2)])
def test_a_repeatable_backend_gets_it_again_with_the_same_key(killed_at, lines, point, times):
    assert killed_at(point, "repeatable").state == "sent"
    assert keys(lines) == ["test-1"] * times


class Pipe:
    """A named pipe in the place of the file: whoever reads knows at once what has left."""

    def __init__(self, path: str) -> None:
        self.path, self.rest, self.keys = path, b"", []
        os.mkfifo(path)
        # Open for both: there is always a reader, and never an end of file.
        self.handle = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.handle, selectors.EVENT_READ)

    def take(self) -> None:
        """Everything that is in the pipe by now."""
        with contextlib.suppress(BlockingIOError):
            while part := os.read(self.handle, 65_536):
                self.rest += part
        *whole, self.rest = self.rest.split(b"\n")
        self.keys += [json.loads(line)["key"] for line in whole]

    def wait_for(self, number: int) -> None:
        """Until so many messages have left in all."""
        while len(self.keys) < number:
            assert self.selector.select(PATIENCE), "nothing leaves any more"
            self.take()


def test_two_workers_killed_again_and_again(use, queued, lines, settings, later, run_tasks, capsys):
    use(file_backend)
    for number in range(60):
        queued(number)
    pipe = Pipe(settings.MESSAGE_FILE)
    deaths = 0
    for goal in (7, 19, 34):
        workers = [worker_start(pipe.path) for _ in "ab"]
        pipe.wait_for(goal)
        for worker in workers:
            worker.kill()
        deaths += sum(worker.wait(PATIENCE) == KILLED for worker in workers)
        sessions_end()
        pipe.take()
        later(121)
        tasks_rescue()
        messages_redeliver()
    run_tasks()
    pipe.take()

    left, states = Counter(pipe.keys), dict(Message.objects.values_list("key", "state"))
    unknown = [key for key, state in states.items() if state == "claimed"]
    with capsys.disabled():
        print(f"\n    60 messages, {deaths} workers killed: {len(left)} left, {len(unknown)} unknown")
    assert deaths == 6
    assert set(left.values()) == {1}
    assert set(states.values()) <= {"sent", "claimed"}
    assert {key for key, state in states.items() if state == "sent"} <= set(left)
    assert len(unknown) <= deaths
    assert not DBTaskResult.objects.filter(status="RUNNING").exists()
