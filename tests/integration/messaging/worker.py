"""The queue's real worker in a process of its own, which may kill itself at a chosen point of a message's way.

    python -m tests.integration.messaging.worker FILE POINT BACKEND [OPTION ...]

FILE receives the messages; POINT is one of POINTS or ``-``; BACKEND is ``file`` or ``repeatable``; the options go to
``db_worker``. The database comes from TEST_DATABASE_URL.
"""

import os
import signal
import sys
from collections.abc import Callable

POINTS = ("unclaimed", "claimed", "written", "marked")


def die() -> None:
    """As the kernel or an impatient operator does it: no clean-up, no last word."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(function: Callable) -> Callable:
    """Ends the process instead of calling it."""
    return lambda *arguments: die()


def dying_after(function: Callable) -> Callable:
    """Calls it, then ends the process."""

    def call(*arguments):
        function(*arguments)
        die()

    return call


def main(file: str, point: str, backend_name: str, *options: str) -> None:
    """See the module's docstring."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from shop.messaging import services
    from shop.messaging.backends import file as file_backend
    from tests.integration.messaging.backends import Repeatable

    settings.MESSAGE_FILE = file
    backend = Repeatable if backend_name == "repeatable" else file_backend
    services.backend_of = lambda channel: backend
    send, mark_sent = backend.send, services.message_mark_sent
    if point == "unclaimed":
        services.message_claim = dying_before(services.message_claim)
    elif point == "claimed":
        backend.send = dying_before(send)
    elif point == "written":
        backend.send = dying_after(send)
    elif point == "marked":
        services.message_mark_sent = dying_after(mark_sent)
    call_command("db_worker", "--queue-name", "*", "--no-reload", "--no-startup-delay", "--interval", "0.05", *options)


if __name__ == "__main__":
    main(*sys.argv[1:])
