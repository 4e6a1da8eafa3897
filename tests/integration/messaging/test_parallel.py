"""Two of everything at the same moment."""

import threading

import pytest
from django_tasks_db.models import DBTaskResult

from shop.messaging import services
from shop.messaging.models import Message
from shop.messaging.rescue import tasks_rescue
from shop.messaging.services import message_deliver, message_retry, messages_redeliver
from tests.concurrency.race import STUCK, race, tally
from tests.integration.messaging.backends import Backend

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_with_the_same_message_send_it_once(backend, queued):
    ids = [queued(number).pk for number in range(20)]

    outcomes = race([lambda pk=pk: message_deliver.func(pk) for pk in ids for _ in "ab"], workers=4)

    assert tally(outcomes) == {"ok": 40}
    assert sorted(backend.sent) == sorted(f"test-{number}" for number in range(20))
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_without_the_claim_it_would_be_sent_twice(backend, queued, monkeypatch):
    """What the test above guards against: both look, both find it unsent, both send."""
    message = queued()
    barrier = threading.Barrier(2)

    def claim_by_looking(message_id):
        seen = Message.objects.get(pk=message_id)
        barrier.wait(STUCK)
        return seen if seen.state == "waiting" else None

    monkeypatch.setattr(services, "message_claim", claim_by_looking)
    outcomes = race([lambda: message_deliver.func(message.pk)] * 2, workers=2)

    assert tally(outcomes) == {"ok": 2}
    assert backend.sent == ["test-1", "test-1"]


def test_while_one_sends_the_other_finds_nothing_to_do(use, queued):
    """The second worker comes while the first one is inside the backend."""
    entered, left = threading.Event(), threading.Event()

    class Slow(Backend):
        def send(self, message):
            entered.set()
            assert left.wait(STUCK)
            super().send(message)

    backend = use(Slow())
    message = queued()

    def second():
        assert entered.wait(STUCK)
        message_deliver.func(message.pk)
        left.set()

    outcomes = race([lambda: message_deliver.func(message.pk), second], workers=2)
    assert tally(outcomes) == {"ok": 2}
    assert backend.sent == ["test-1"]


def test_lost_messages_get_one_task_each(backend, queued, tasks_lost, later, tasks_waiting):
    for number in range(30):
        queued(number)
    tasks_lost()
    later(61)

    outcomes = race([messages_redeliver] * 6, workers=6)

    assert {outcome.error for outcome in outcomes} == {None}
    assert sum(outcome.value for outcome in outcomes) == tasks_waiting() == 30


def test_stale_tasks_come_back_once(backend, queued, later, tasks_waiting):
    for number in range(20):
        queued(number)
    for row in DBTaskResult.objects.all():
        row.claim("w")
    later(121)

    outcomes = race([tasks_rescue] * 4, workers=4)

    assert {outcome.error for outcome in outcomes} == {None}
    assert sum(outcome.value for outcome in outcomes) == tasks_waiting() == 20


def test_retried_twice_at_once_it_gets_one_task(backend, queued, tasks_lost, tasks_waiting):
    message = queued()
    tasks_lost()
    Message.objects.update(state="failed")

    outcomes = race([lambda: message_retry(message_id=message.pk, by="operator").pk] * 4, workers=4)

    assert tally(outcomes) == {"ok": 1, "MessageError:not_stuck": 3}
    assert tasks_waiting() == 1
