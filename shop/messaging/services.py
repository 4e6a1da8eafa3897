"""Send a message once, after the surrounding transaction has committed."""

from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from shop.messaging.models import Message

#: Messages whose text must not lie about once it has left: sign-in codes.
SECRET_KINDS = frozenset({"one_time_code"})
FORGOTTEN = "······"


def message_send(*, kind: str, to: str, body: str, key: str) -> Message:
    """Put a message in the outbox; the task queue delivers it.

    ``to`` is an E.164 phone number or an e-mail address. A second call with the same ``key`` returns the first
    message and sends nothing. The queue's row is written in the caller's transaction: no commit, no message.
    """
    channel = Message.Channel.EMAIL if "@" in to else Message.Channel.SMS
    message, created = Message.objects.get_or_create(
        key=key, defaults={"channel": channel, "kind": kind, "to": to, "body": body}
    )
    if created:
        message_deliver.enqueue(message.pk)
    return message


@task()
def message_deliver(message_id: int) -> None:
    """Hand one message to its backend; a message already sent is left alone."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(pk=message_id)
        if message.sent_at:
            return
        import_module(settings.MESSAGE_BACKENDS[message.channel]).send(message)
        message.sent_at = timezone.now()
        if message.kind in SECRET_KINDS:
            message.body = FORGOTTEN
        message.save(update_fields=["sent_at", "body"])
