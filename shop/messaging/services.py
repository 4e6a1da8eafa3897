"""Send a message once, after the surrounding transaction has committed.

A worker first claims the message, in a transaction of its own, then sends it, then notes that it was sent. A worker
that is killed between the last two leaves a claim: nobody knows whether the message left, so nobody sends it again,
unless its backend is IDEMPOTENT. ``manage.py messages_stuck`` lists such messages. When a backend refuses, the claim
is given back and the message is tried again after ever longer pauses.
"""

import logging
from datetime import timedelta
from importlib import import_module
from types import ModuleType

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from shop.messaging.backends import DeliveryUnknown
from shop.messaging.masking import error_text
from shop.messaging.models import Message

logger = logging.getLogger(__name__)

#: Messages whose text must not lie about once it has left: sign-in codes, links that open a door.
SECRET_KINDS = frozenset({"one_time_code", "invitation"})
FORGOTTEN = "······"
#: Until the next try after the first, second ... refusal of a backend; after the last one the message has failed.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
ATTEMPTS = len(PAUSES) + 1
#: A waiting message that no task has taken for so long has lost its task; a claim so old is no longer being worked on.
LOST = timedelta(minutes=1)
ABANDONED = timedelta(minutes=2)
#: The text of a sign-in code that was never sent is forgotten after this time; the code itself ended long before.
SECRET_LIFE = timedelta(hours=1)

WAITING, CLAIMED, SENT, FAILED = Message.State.WAITING, Message.State.CLAIMED, Message.State.SENT, Message.State.FAILED


class MessageError(Exception):
    """``code``: ``not_stuck`` (unknown, sent, waiting or under way) or ``forgotten`` (its text is gone)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def message_send(*, kind: str, to: str, body: str, key: str, channel: str = "") -> Message:
    """Put a message in the outbox; the task queue delivers it.

    ``to`` is an E.164 phone number or an e-mail address; ``channel`` chooses between the ways to a phone number. A
    second call with the same ``key`` returns the first message and sends nothing. The queue's row is written in the
    caller's transaction: no commit, no message.
    """
    channel = Message.Channel.EMAIL if "@" in to else channel or Message.Channel.SMS
    message, created = Message.objects.get_or_create(
        key=key, defaults={"channel": channel, "kind": kind, "to": to, "body": body}
    )
    if created:
        message_deliver.enqueue(message.pk)
    return message


@task()
def message_deliver(message_id: int) -> None:
    """Hand one message to its backend, if it is due and nobody else has it. Harmless to repeat, also in parallel."""
    message = message_claim(message_id)
    if message is None:
        return
    try:
        backend_of(message.channel).send(message)
    except DeliveryUnknown as error:
        text = error_text(error, message.body, message.to)
        Message.objects.filter(pk=message.pk).update(error=text)
        logger.warning("message may have left id=%s kind=%s: %s", message.pk, message.kind, text)
    except Exception as error:  # noqa: BLE001  whatever a backend raises means that the message has not left
        message_release(message, error)
    else:
        message_mark_sent(message)


def backend_of(channel: str) -> ModuleType:
    """The module that sends on this channel; see ``shop.messaging.backends``."""
    return import_module(settings.MESSAGE_BACKENDS[channel])


def is_idempotent(channel: str) -> bool:
    """May a message on this channel be handed over twice?"""
    return getattr(backend_of(channel), "IDEMPOTENT", False)


@transaction.atomic(durable=True)
def message_claim(message_id: int) -> Message | None:
    """The message, from now on this caller's alone; None when it is not due or not to be had.

    One UPDATE that carries its condition: of two callers the second waits for the first one's commit and finds nothing.
    Durable, because a claim that some outer transaction could take back would be none.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return None
    now = timezone.now()
    claimable = Q(state=WAITING) & (Q(retry_at=None) | Q(retry_at__lte=now))
    if is_idempotent(message.channel):
        claimable |= Q(state=CLAIMED, claimed_at__lt=now - ABANDONED, attempts__lt=ATTEMPTS)
    rows = Message.objects.filter(claimable, pk=message_id)
    if not rows.update(state=CLAIMED, claimed_at=now, attempts=F("attempts") + 1):
        return None
    message.refresh_from_db()
    return message


def message_mark_sent(message: Message) -> None:
    """Note that it has left; from here on the text of a secret is forgotten."""
    changes = {"body": FORGOTTEN} if message.kind in SECRET_KINDS else {}
    Message.objects.filter(pk=message.pk).update(state=SENT, sent_at=timezone.now(), error="", **changes)


@transaction.atomic(durable=True)
def message_release(message: Message, error: Exception) -> None:
    """Give a claim back after a refusal and plan the next try; the last refusal ends it."""
    text = error_text(error, message.body, message.to)
    logger.warning("message refused id=%s kind=%s attempt=%s: %s", message.pk, message.kind, message.attempts, text)
    mine = Message.objects.filter(pk=message.pk, state=CLAIMED, claimed_at=message.claimed_at)
    if message.attempts >= ATTEMPTS:
        body = FORGOTTEN if message.kind in SECRET_KINDS else message.body
        mine.update(state=FAILED, error=text, body=body)
        return
    retry_at = timezone.now() + PAUSES[message.attempts - 1]
    if mine.update(state=WAITING, claimed_at=None, retry_at=retry_at, error=text):
        message_deliver.using(run_after=retry_at).enqueue(message.pk)


# -- What was lost -------------------------------------------------------------------------------------------------


def messages_redeliver(limit: int = 200) -> int:
    """Give waiting messages that lost their task a new one, at most ``limit``; returns how many.

    Also those of IDEMPOTENT backends whose worker was killed. Safe to run in parallel: rows that another run holds are
    passed over, and after locking it looks again who has a task by now.
    """
    secrets_forget()
    with transaction.atomic():
        lost = Message.objects.filter(lost_condition()).exclude(pk__in=messages_with_task())
        locked = lost.order_by("pk").select_for_update(skip_locked=True)
        ids = set(locked.values_list("pk", flat=True)[:limit]) - messages_with_task()
        for pk in sorted(ids):
            message_deliver.enqueue(pk)
    return len(ids)


def lost_condition() -> Q:
    """Due for more than a minute, and nobody has claimed it; or claimed long ago where repeating is harmless."""
    now = timezone.now()
    due = now - LOST
    lost = Q(state=WAITING, created_at__lt=due) & (Q(retry_at=None) | Q(retry_at__lt=due))
    repeatable = [channel for channel in Message.Channel.values if is_idempotent(channel)]
    return lost | Q(state=CLAIMED, claimed_at__lt=now - ABANDONED, attempts__lt=ATTEMPTS, channel__in=repeatable)


def messages_with_task() -> set[int]:
    """Ids of messages that a task waits for or works on."""
    unfinished = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    tasks = DBTaskResult.objects.filter(task_path=message_deliver.module_path, status__in=unfinished).order_by()
    return {given["args"][0] for given in tasks.values_list("args_kwargs", flat=True)}


def secrets_forget() -> int:
    """Forget the texts of codes that nobody will send any more."""
    old = Message.objects.filter(state__in=(CLAIMED, FAILED), created_at__lt=timezone.now() - SECRET_LIFE)
    return old.filter(kind__in=SECRET_KINDS).exclude(body=FORGOTTEN).update(body=FORGOTTEN)


def messages_stuck() -> QuerySet[Message]:
    """What a person has to decide about: perhaps sent, or given up. Oldest first."""
    over = timezone.now() - LOST
    return Message.objects.filter(Q(state=FAILED) | Q(state=CLAIMED, claimed_at__lt=over)).order_by("pk")


@transaction.atomic
def message_retry(*, message_id: int, by: str) -> Message:
    """Send a stuck message again, from the first attempt on; raises MessageError. It may arrive a second time."""
    message = messages_stuck().select_for_update().filter(pk=message_id).first()
    if message is None:
        raise MessageError("not_stuck")
    if message.body == FORGOTTEN:
        raise MessageError("forgotten")
    message.state, message.claimed_at, message.retry_at = WAITING, None, None
    message.attempts, message.error = 0, ""
    message.save(update_fields=["state", "claimed_at", "retry_at", "attempts", "error"])
    message_deliver.enqueue(message.pk)
    logger.info("message retried id=%s kind=%s by=%s", message.pk, message.kind, by)
    return message
