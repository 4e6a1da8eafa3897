"""News for the shop, signed as Stripe signs it: at once, held back, twice, late or out of order, until it is taken."""

import copy
import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stripe import api_version

Event = dict[str, Any]
PATIENCE = 10  # seconds that a receiver may take


def sign(payload: bytes, secret: str, at: int | None = None) -> str:
    """The ``Stripe-Signature`` header."""
    at = int(time.time()) if at is None else at
    mac = hmac.new(secret.encode(), b"%d." % at + payload, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def event_make(account: str, kind: str, thing: dict[str, Any], name: str, created: int) -> Event:
    """One event with the object as it was at that moment."""
    event = {
        "id": name,
        "object": "event",
        "api_version": api_version,
        "created": created,
        "data": {"object": copy.deepcopy(thing)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return event | ({"account": account} if account else {})


@dataclass(frozen=True)
class Delivery:
    """One try to deliver: the receiver's status, 0 when there was nobody."""

    event_id: str
    status: int


class Sender:
    """Delivers events in the background, one after the other; an event that is not taken is tried again."""

    def __init__(self, url: str, secret: str, retries: Sequence[float]) -> None:
        self.url, self.secret, self.retries = url, secret, tuple(retries)
        self.deliveries: list[Delivery] = []
        self.held: list[Event] = []
        self.holding = False
        self.delay = 0.0
        self.queue: list[tuple[float, int, Event]] = []
        self.busy = 0
        self.stopped = False
        self.change = threading.Condition()
        self.thread = threading.Thread(target=self.work, name="stripe-double-webhooks", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        if self.url:
            self.thread.start()

    def stop(self) -> None:
        """Deliver nothing more."""
        with self.change:
            self.stopped = True
            self.change.notify_all()
        if self.thread.is_alive():
            self.thread.join(PATIENCE)

    def add(self, event: Event) -> None:
        """A new event: held back while somebody holds."""
        with self.change:
            if self.holding:
                self.held.append(event)
            else:
                self.enqueue(event, self.delay, 0)

    def hold(self) -> None:
        """Keep new events back from now on."""
        self.holding = True

    def release(self, *, order: Callable[[list[Event]], Iterable[Event]] = list, times: int = 1) -> None:
        """Send what was held back, in any ``order`` (``reversed``), each ``times`` times; hold no more."""
        with self.change:
            held, self.held, self.holding = self.held, [], False
            for event in order(held):
                for _ in range(times):
                    self.enqueue(event, self.delay, 0)

    def enqueue(self, event: Event, wait: float, tried: int) -> None:
        """Due in ``wait`` seconds; the caller holds the lock. Those due together leave in the order they came."""
        if self.url:
            self.busy += 1
            self.queue.append((time.monotonic() + wait, tried, event))
            self.change.notify_all()

    def drain(self, timeout: float = 30) -> None:
        """Wait until everything was delivered or given up; AssertionError when that takes too long."""
        with self.change:
            assert self.change.wait_for(lambda: not self.busy, timeout), "events are still on their way"

    def work(self) -> None:
        """The delivering thread."""
        while (job := self.next()) is not None:
            event, tried = job
            status = self.post(event)
            with self.change:
                self.deliveries.append(Delivery(event["id"], status))
                if not 200 <= status < 300 and tried < len(self.retries):
                    self.enqueue(event, self.retries[tried], tried + 1)
                self.busy -= 1
                self.change.notify_all()

    def next(self) -> tuple[Event, int] | None:
        """The next event that is due; None at the end."""
        with self.change:
            while not self.stopped:
                now = time.monotonic()
                due = min(self.queue, key=lambda job: job[0], default=None)
                if due and due[0] <= now:
                    self.queue.remove(due)
                    return due[2], due[1]
                self.change.wait(due[0] - now if due else None)
        return None

    def post(self, event: Event) -> int:
        """Send one event; redirects are not followed, as with Stripe."""
        payload = json.dumps(event).encode()
        where = urlsplit(self.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.netloc, timeout=PATIENCE)
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Stripe/1.0 (double)"}
        headers["Stripe-Signature"] = sign(payload, self.secret)
        try:
            connection.request("POST", where.path or "/", payload, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
