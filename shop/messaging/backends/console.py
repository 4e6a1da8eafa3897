"""Print the message: for development and demos. Nothing leaves the machine.

The number is masked: what a process prints often ends in a log.
"""

import sys

from shop.messaging.masking import recipient_mask
from shop.messaging.models import Message


def send(message: Message) -> None:
    """Write the text to the process's output."""
    sys.stdout.write(f"\n[{message.channel.upper()} -> {recipient_mask(message.to)}] {message.body}\n")
    sys.stdout.flush()
