"""Print the message: for development and demos. Nothing leaves the machine."""

import sys

from shop.messaging.models import Message


def send(message: Message) -> None:
    """Write the text to the process's output."""
    sys.stdout.write(f"\n[SMS -> {message.to}] {message.body}\n")
    sys.stdout.flush()
