"""Periodic duties for the clock's tests."""

import signal

done: list[str] = []


def first() -> int:
    done.append("first")
    return 2


def second() -> None:
    done.append("second")


def broken() -> None:
    done.append("broken")
    raise RuntimeError("no luck today")


def tick() -> None:
    """Says that it ran; the clock then pauses."""
    print("tick", flush=True)


def endless() -> None:
    """Says that it runs, and does not come to an end."""
    print("tick", flush=True)
    while True:
        signal.pause()


NOT_A_FUNCTION = 7


def query() -> int:
    """Leaves an open connection behind."""
    from shop.messaging.models import Message

    return Message.objects.count()
