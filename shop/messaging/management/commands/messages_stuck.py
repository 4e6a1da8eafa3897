"""List the messages that a person has to decide about, or send one of them again.

``claimed``: a worker was killed, or got no answer, while it was sending: the message may have arrived. ``failed``: the
backend refused it again and again.
"""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.messaging.masking import recipient_mask
from shop.messaging.models import Message
from shop.messaging.services import MessageError, message_retry, messages_stuck

REASONS = {
    "not_stuck": "it does not exist, was sent, waits for its turn or is being sent right now",
    "forgotten": "its text was a secret and has been forgotten",
}


def age_text(moment: datetime) -> str:
    """``3 h 05 min`` since then."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


class Command(BaseCommand):
    help = "List messages that may have been sent or that failed; --retry sends one again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", type=int, metavar="ID", help="send this one again; it may arrive twice")
        parser.add_argument("--by", default="operator", help="who says so, for the log")

    def handle(self, *, retry: int | None, by: str, **options: Any) -> None:
        if retry is not None:
            self.retry(retry, by)
            return
        number = 0
        for number, message in enumerate(messages_stuck().iterator(), start=1):  # noqa: B007
            self.stdout.write(self.line(message))
        self.stdout.write(f"{number} stuck")

    def line(self, message: Message) -> str:
        """One message without its text."""
        age = age_text(message.claimed_at or message.created_at)
        words = [f"{message.pk:>6}", f"{message.state:<7}", message.kind, recipient_mask(message.to), age]
        return "  ".join([*words, f"attempts {message.attempts}", message.error]).rstrip()

    def retry(self, message_id: int, by: str) -> None:
        """Send one again, or say why not."""
        try:
            message = message_retry(message_id=message_id, by=by)
        except MessageError as error:
            raise CommandError(f"Message {message_id} is not sent again: {REASONS[error.code]}.") from error
        self.stdout.write(f"{message.pk} will be sent again: {message.kind} to {recipient_mask(message.to)}")
