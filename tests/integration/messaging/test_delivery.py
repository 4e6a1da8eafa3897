"""A message leaves once: claimed, sent, noted; what a backend refuses is tried again, what is unknown is not."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from shop.messaging.backends import DeliveryUnknown
from shop.messaging.models import Message
from shop.messaging.services import (
    ATTEMPTS,
    FORGOTTEN,
    PAUSES,
    message_claim,
    message_deliver,
    message_mark_sent,
    message_send,
)
from tests.integration.messaging.backends import Backend

pytestmark = pytest.mark.django_db


def test_sent_once_with_the_same_key(backend, queued, run_tasks):
    first, second = queued(), queued()
    assert first.pk == second.pk
    assert run_tasks() == 1

    message = Message.objects.get()
    assert backend.sent == ["test-1"]
    assert (message.state, message.attempts, message.error) == ("sent", 1, "")
    assert message.sent_at >= message.claimed_at
    assert message.body == "Số 1: 123456"


def test_delivered_again_it_is_left_alone(backend, queued, run_tasks):
    message = queued()
    run_tasks()
    message_deliver.func(message.pk)
    assert backend.sent == ["test-1"]
    assert Message.objects.get().attempts == 1


def test_an_unknown_message_is_no_trouble(backend):
    message_deliver.func(987654)
    assert backend.sent == []


def test_the_text_of_a_secret_is_forgotten_once_it_has_left(backend, queued, run_tasks):
    queued(kind="one_time_code")
    run_tasks()
    assert Message.objects.get().body == FORGOTTEN
    assert backend.sent == ["test-1"]


def test_channel_follows_the_recipient(backend):
    assert message_send(kind="x", to="thao@example.vn", body="x", key="a").channel == "email"
    assert message_send(kind="x", to="+84901234567", body="x", key="b").channel == "sms"


# -- Claims --------------------------------------------------------------------------------------------------------


def test_a_claimed_message_is_nobody_elses(backend, queued, run_tasks, later):
    message = queued()
    assert message_claim(message.pk).attempts == 1
    assert message_claim(message.pk) is None
    later(86_400)
    assert message_claim(message.pk) is None
    run_tasks()
    assert backend.sent == []
    assert Message.objects.get().state == "claimed"


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_committed_on_its_own(backend, queued):
    message = queued()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        message_claim(message.pk)
    assert Message.objects.get().state == "waiting"
    assert message_claim(message.pk).state == "claimed"
    assert not transaction.get_connection().in_atomic_block


def test_a_repeatable_backend_takes_an_abandoned_claim_again(use, queued, later):
    backend = use(Backend(idempotent=True))
    message = queued()
    message_claim(message.pk)
    message_deliver.func(message.pk)
    assert backend.sent == []  # its worker may still be at it
    later(121)
    message_deliver.func(message.pk)
    assert backend.sent == ["test-1"]
    assert Message.objects.values_list("state", "attempts").get() == ("sent", 2)


def test_a_repeatable_backend_does_not_repeat_what_was_sent(use, queued, run_tasks, later):
    backend = use(Backend(idempotent=True))
    message = queued()
    run_tasks()
    later(86_400)
    message_deliver.func(message.pk)
    assert backend.sent == ["test-1"]


def test_abandoned_claims_come_to_an_end(use, queued, later):
    """A message that kills every worker is left for a person."""
    use(Backend(idempotent=True))
    message = queued()
    for _ in range(ATTEMPTS):
        assert message_claim(message.pk)
        later(121)
    assert message_claim(message.pk) is None


def test_sent_is_sent_even_when_the_claim_moved_on(use, queued, later):
    use(Backend(idempotent=True))
    message = queued()
    slow = message_claim(message.pk)
    later(121)
    assert message_claim(message.pk)
    message_mark_sent(slow)
    assert Message.objects.get().state == "sent"


# -- Refusals ------------------------------------------------------------------------------------------------------


def test_a_refused_message_is_tried_again_after_a_pause(backend, queued, run_tasks, later):
    backend.trouble = [OSError("503 Service Unavailable")]
    queued()
    assert run_tasks() == 1
    message = Message.objects.get()
    assert (message.state, message.claimed_at, message.sent_at) == ("waiting", None, None)
    assert message.error == "OSError: 503 Service Unavailable"
    assert backend.sent == []

    assert run_tasks() == 0
    message_deliver.func(message.pk)  # too early, whoever asks
    assert backend.sent == []

    later(PAUSES[0].total_seconds() + 1)
    assert run_tasks() == 1
    assert backend.sent == ["test-1"]
    assert Message.objects.values_list("state", "attempts", "error").get() == ("sent", 2, "")


def test_pauses_grow_until_it_has_failed(backend, queued, run_tasks, later, tasks_waiting):
    backend.trouble = [OSError("no route")] * ATTEMPTS
    queued()
    pauses = []
    for _ in PAUSES:
        before = timezone.now()
        assert run_tasks() == 1
        pauses.append(Message.objects.get().retry_at - before)
        later(PAUSES[len(pauses) - 1].total_seconds() + 1)
    assert run_tasks() == 1

    late = [real - planned for real, planned in zip(pauses, PAUSES, strict=True)]
    assert all(timedelta(0) <= one < timedelta(seconds=5) for one in late)
    assert sorted(PAUSES) == list(PAUSES)
    assert Message.objects.values_list("state", "attempts", "error").get() == ("failed", 6, "OSError: no route")
    assert (tasks_waiting(), backend.sent, backend.trouble) == (0, [], [])


def test_a_failed_secret_is_forgotten(backend, queued, run_tasks, later):
    backend.trouble = [OSError()] * ATTEMPTS
    queued(kind="one_time_code")
    for pause in PAUSES:
        run_tasks()
        assert Message.objects.get().body == "Số 1: 123456"
        later(pause.total_seconds() + 1)
    run_tasks()
    assert Message.objects.values_list("state", "body").get() == ("failed", FORGOTTEN)


def test_without_an_answer_nobody_sends_again(backend, queued, run_tasks, later, tasks_waiting):
    backend.trouble = [DeliveryUnknown("timed out")]
    queued()
    run_tasks()
    assert Message.objects.values_list("state", "error").get() == ("claimed", "DeliveryUnknown: timed out")
    later(86_400)
    assert (run_tasks(), tasks_waiting(), backend.sent) == (0, 0, [])


def test_an_interrupted_worker_keeps_the_claim(backend, queued):
    """SystemExit is what a worker raises when it is told twice to stop: nobody knows how far the backend came."""
    backend.trouble = [SystemExit(1)]
    message = queued()
    with pytest.raises(SystemExit):
        message_deliver.func(message.pk)
    assert Message.objects.get().state == "claimed"


def test_trouble_after_sending_is_no_refusal(backend, queued, monkeypatch):
    """The note could not be written, but the message has left: never again by itself."""
    message = queued()

    def broken(message):
        raise OSError("disk full")

    monkeypatch.setattr("shop.messaging.services.message_mark_sent", broken)
    with pytest.raises(OSError, match="disk full"):
        message_deliver.func(message.pk)
    assert backend.sent == ["test-1"]
    assert Message.objects.values_list("state", "error").get() == ("claimed", "")


def test_errors_are_stored_and_logged_without_secrets(backend, queued, run_tasks, caplog):
    words = "https://u:pw@sms.example.vn/send?key=abc to 0901234567 +84901234567 text Số 1: 123456"
    backend.trouble = [OSError(words)]
    queued(kind="one_time_code")
    run_tasks()
    error = Message.objects.get().error
    assert error == "OSError: https://…@sms.example.vn/send?… to … … text …"
    assert error in caplog.text
    for secret in ("123456", "901234567", "pw@", "abc"):
        assert secret not in caplog.text + error
