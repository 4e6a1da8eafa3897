"""Ways out of the shop that behave as told."""

from shop.messaging.backends import DeliveryUnknown
from shop.messaging.backends.file import send as send_to_file


class Backend:
    """Stands where a module stands. ``sent`` holds the keys that left, ``trouble`` what the next calls raise."""

    def __init__(self, *, idempotent: bool | None = None) -> None:
        self.sent: list[str] = []
        self.trouble: list[Exception] = []
        if idempotent is not None:
            self.IDEMPOTENT = idempotent

    def send(self, message) -> None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.sent.append(message.key)


class Repeatable:
    """The file backend of somebody who drops repetitions of a key."""

    IDEMPOTENT = True
    send = staticmethod(send_to_file)


__all__ = ["Backend", "DeliveryUnknown", "Repeatable"]
