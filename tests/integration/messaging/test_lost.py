"""Messages without a task get one; messages that may have left wait for a person."""

import io

import pytest
from django.core.management import CommandError, call_command

from shop.messaging.models import Message
from shop.messaging.services import (
    ATTEMPTS,
    FORGOTTEN,
    MessageError,
    message_claim,
    message_retry,
    messages_redeliver,
)
from tests.integration.messaging.backends import Backend

pytestmark = pytest.mark.django_db


def test_a_lost_task_is_replaced_once(backend, queued, tasks_lost, tasks_waiting, later, run_tasks):
    queued()
    tasks_lost()
    assert messages_redeliver() == 0  # younger than a minute
    later(61)
    assert messages_redeliver() == 1
    assert messages_redeliver() == 0  # it has a task now
    assert tasks_waiting() == run_tasks() == 1
    assert backend.sent == ["test-1"]
    later(86_400)
    assert messages_redeliver() == 0


def test_a_slow_queue_is_not_filled(backend, queued, tasks_waiting, later):
    for number in range(5):
        queued(number)
    later(3_600)
    assert messages_redeliver() == 0
    assert tasks_waiting() == 5


def test_no_more_than_asked(backend, queued, tasks_lost, later, tasks_waiting):
    for number in range(5):
        queued(number)
    tasks_lost()
    later(61)
    assert [messages_redeliver(limit=2), messages_redeliver(limit=2), messages_redeliver(limit=2)] == [2, 2, 1]
    assert tasks_waiting() == 5


def test_a_pause_is_waited_for(backend, queued, run_tasks, tasks_lost, later):
    backend.trouble = [OSError()]
    queued()
    run_tasks()
    tasks_lost()
    later(61)  # the pause ended 31 seconds ago
    assert messages_redeliver() == 0
    later(30)
    assert messages_redeliver() == 1
    assert run_tasks() == 1
    assert backend.sent == ["test-1"]


def test_claimed_and_failed_ones_are_left_alone(backend, queued, tasks_lost, later):
    claimed, failed = queued(1), queued(2)
    message_claim(claimed.pk)
    Message.objects.filter(pk=failed.pk).update(state="failed")
    tasks_lost()
    later(86_400)
    assert messages_redeliver() == 0


def test_repeatable_ones_are_sent_again(use, queued, tasks_lost, later, run_tasks):
    backend = use(Backend(idempotent=True))
    message = queued()
    message_claim(message.pk)
    tasks_lost()
    later(90)
    assert messages_redeliver() == 0
    later(31)
    assert messages_redeliver() == 1
    assert run_tasks() == 1
    assert backend.sent == ["test-1"]


def test_repeatable_ones_come_to_an_end(use, queued, tasks_lost, later):
    use(Backend(idempotent=True))
    message = queued()
    message_claim(message.pk)
    tasks_lost()
    Message.objects.update(attempts=ATTEMPTS)
    later(121)
    assert messages_redeliver() == 0


def test_unsent_secrets_are_forgotten_after_an_hour(backend, queued, later):
    secret, plain, waiting = queued(1, kind="one_time_code"), queued(2), queued(3, kind="one_time_code")
    message_claim(secret.pk)
    message_claim(plain.pk)
    later(3_599)
    messages_redeliver()
    assert not Message.objects.filter(body=FORGOTTEN).exists()
    later(2)
    messages_redeliver()
    assert list(Message.objects.filter(body=FORGOTTEN)) == [secret]
    assert waiting.state == "waiting"


# -- A person decides ----------------------------------------------------------------------------------------------


def stuck(*arguments: str) -> list[str]:
    """What the command printed."""
    output = io.StringIO()
    call_command("messages_stuck", *arguments, stdout=output)
    return output.getvalue().splitlines()


def test_stuck_messages_are_listed_without_their_text(backend, queued, later):
    claimed, failed, sms = queued(1), queued(2, to="thao@example.vn"), queued(3, kind="one_time_code")
    message_claim(claimed.pk)
    Message.objects.filter(pk=failed.pk).update(state="failed", attempts=6, error="OSError: no route")
    assert stuck()[-1] == "1 stuck"  # the claim may be at work
    later(3_900)
    message_claim(sms.pk)
    assert stuck() == [
        f"{claimed.pk:>6}  claimed  order_placed  0901 *** 567  1 h 05 min  attempts 1",
        f"{failed.pk:>6}  failed   order_placed  t***@example.vn  1 h 05 min  attempts 6  OSError: no route",
        "2 stuck",
    ]


def test_nothing_is_stuck():
    assert stuck() == ["0 stuck"]


@pytest.mark.parametrize("state", ["claimed", "failed"])
def test_retry_sends_again_from_the_first_attempt(backend, queued, run_tasks, later, state):
    message = queued()
    message_claim(message.pk)
    Message.objects.update(state=state, attempts=ATTEMPTS, error="OSError: x")
    run_tasks()
    assert backend.sent == []
    later(61)

    assert stuck("--retry", str(message.pk)) == [f"{message.pk} will be sent again: order_placed to 0901 *** 567"]

    assert run_tasks() == 1
    assert backend.sent == ["test-1"]
    assert Message.objects.values_list("state", "attempts", "error").get() == ("sent", 1, "")
    assert stuck() == ["0 stuck"]


def test_retry_refuses_what_is_not_stuck(backend, queued, run_tasks, tasks_waiting):
    waiting, claimed, sent = queued(1), queued(2), queued(3)
    message_claim(claimed.pk)
    Message.objects.filter(pk=sent.pk).update(state="sent")
    for pk in (waiting.pk, claimed.pk, sent.pk, 987654):
        with pytest.raises(CommandError, match=f"Message {pk} is not sent again"):
            stuck("--retry", str(pk))
        with pytest.raises(MessageError, match="not_stuck"):
            message_retry(message_id=pk, by="operator")
    assert tasks_waiting() == 3


def test_retry_refuses_a_forgotten_text(backend, queued, tasks_waiting):
    message = queued(kind="one_time_code")
    Message.objects.update(state="failed", body=FORGOTTEN)
    with pytest.raises(CommandError, match="was a secret"):
        stuck("--retry", str(message.pk))
    assert Message.objects.get().state == "failed"
    assert tasks_waiting() == 1
