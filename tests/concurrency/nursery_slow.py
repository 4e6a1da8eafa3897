"""The file backend of a provider that takes its time to answer: meanwhile nobody knows whether a message has left."""

import time

from shop.messaging.backends import file
from shop.messaging.models import Message

ANSWER = 0.03  # seconds


def send(message: Message) -> None:
    """Write it, then wait for the answer."""
    file.send(message)
    time.sleep(ANSWER)
