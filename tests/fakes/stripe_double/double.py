"""Stripe on this machine: ``with StripeDouble(webhook_url=...) as double``."""

import copy
import json
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

from tests.fakes.stripe_double import money, sessions
from tests.fakes.stripe_double.api import Question
from tests.fakes.stripe_double.server import Server
from tests.fakes.stripe_double.sessions import PLAIN
from tests.fakes.stripe_double.store import Store, Thing, new_id
from tests.fakes.stripe_double.webhooks import Delivery, Event, Sender, event_make, sign

API_KEY = "sk_test_double"
SWEEP = 5  # seconds between two looks for pages whose time is over


class StripeDouble:
    """A strict stand-in for Stripe's API, its payment page and its webhooks. Everything is in memory.

    ``url`` is the API's base, ``webhook_secret`` what events are signed with, ``events`` everything that was told,
    ``sessions`` the payment pages, ``requests`` what was asked. Without ``webhook_url`` nothing is delivered: a test
    takes an event from ``events`` and posts what ``signed`` gives.
    """

    def __init__(
        self,
        webhook_url: str = "",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str = "",
        webhook_secret: str = "",
        retries: Sequence[float] = (0, 0, 0),
    ) -> None:
        self.api_key = API_KEY
        self.webhook_secret = webhook_secret or f"whsec_{secrets.token_hex(16)}"
        self.store = Store(emit=self.emit)
        self.events: list[Event] = []
        self.requests: list[Question] = []
        #: Breaks the next requests in this order: "error" (500), "limit" (429), "lost" (done, but no answer), "".
        self.faults: list[str] = []
        self.sender = Sender(webhook_url, self.webhook_secret, retries)
        self.server = Server((host, port), self)
        self.url = f"http://{host}:{self.server.server_address[1]}"
        self.public_url = public_url.rstrip("/") or self.url
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=target, daemon=True) for target in (self.serve, self.sweep)]

    def __enter__(self) -> Self:
        self.sender.start()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.sender.stop()

    def serve(self) -> None:
        self.server.serve_forever(poll_interval=0.02)

    def sweep(self) -> None:
        while not self.ended.wait(SWEEP):
            with self.store.lock:
                sessions.sweep(self.store)

    # -- Looking --------------------------------------------------------------------------------------------------

    @property
    def sessions(self) -> list[Thing]:
        """All payment pages, the oldest first, with their account."""
        return self.listed("checkout.session")

    def listed(self, kind: str) -> list[Thing]:
        """Copies of all objects of a kind: ``refund``, ``transfer``, ``charge``, ``dispute``, ``payment_intent``."""
        with self.store.lock:
            found = [thing for thing in self.store.things.values() if thing["object"] == kind]
            return copy.deepcopy(found)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver an event."""
        return self.sender.deliveries

    def events_of(self, kind: str) -> list[Event]:
        """Events of one type, the oldest first."""
        return [event for event in self.events if event["type"] == kind]

    def signed(self, event: Event, *, at: int | None = None, secret: str = "") -> tuple[bytes, str]:
        """Body and ``Stripe-Signature`` header of an event."""
        payload = json.dumps(event).encode()
        return payload, sign(payload, secret or self.webhook_secret, at)

    # -- News -----------------------------------------------------------------------------------------------------

    def emit(self, account: str, kind: str, thing: Thing) -> None:
        """Something happened."""
        event = event_make(account, kind, thing, new_id("evt_"), self.store.now())
        self.events.append(event)
        self.sender.add(event)

    def hold(self) -> None:
        """Keep new events back."""
        self.sender.hold()

    def release(self, *, order: Callable[[list[Event]], Iterable[Event]] = list, times: int = 1) -> None:
        """Send what was held back; ``order=reversed`` the other way round."""
        self.sender.release(order=order, times=times)

    def resend(self, event_id: str, times: int = 1) -> None:
        """Send an old event again, newly signed."""
        event = next(event for event in self.events if event["id"] == event_id)
        for _ in range(times):
            self.sender.add(event)

    def delay(self, seconds: float) -> None:
        """Send new events so much later."""
        self.sender.delay = seconds

    def drain(self) -> None:
        """Wait until every event was delivered or given up."""
        self.sender.drain()

    # -- What happens in the world --------------------------------------------------------------------------------

    def account_add(self, name: str, charges_enabled: bool = True, **values: Any) -> Thing:
        """A connected account; ``empty=True`` has spent its money."""
        account = {"id": name, "object": "account", "charges_enabled": charges_enabled, "metadata": {}, **values}
        self.store.accounts[name] = account
        return account

    def advance(self, seconds: int) -> None:
        """Let time pass: pages whose time is over end."""
        with self.store.lock:
            self.store.offset += seconds
            sessions.sweep(self.store)

    def expire(self, session_id: str) -> Thing:
        """A page's time is over."""
        with self.store.lock:
            account = self.store.owner(session_id)
            return copy.deepcopy(sessions.session_expire(self.store, account, session_id))

    def pay(self, session_id: str, card: str = PLAIN) -> Thing:
        """The buyer pays without a browser; any card number of the page, or ``later``."""
        with self.store.lock:
            account = self.store.owner(session_id)
            session = self.store.get(account, session_id)
            if session["status"] != "open":
                raise ValueError(session["status"])
            if card == "later":
                sessions.session_later(self.store, account, session)
            else:
                sessions.session_pay(self.store, account, session, card)
            return copy.deepcopy(session)

    def async_finish(self, session_id: str, *, ok: bool) -> Thing:
        """The money of a slow payment comes, or does not."""
        with self.store.lock:
            return copy.deepcopy(sessions.async_finish(self.store, session_id, ok))

    def refund_finish(self, refund_id: str, status: str) -> Thing:
        """A refund ends: ``succeeded``, or ``failed`` and the money is back."""
        with self.store.lock:
            return copy.deepcopy(money.refund_finish(self.store, refund_id, status))

    def dispute_open(self, intent_id: str, *, amount: int | None = None, status: str = "needs_response") -> Thing:
        """The buyer's bank takes the money back, or asks."""
        with self.store.lock:
            return copy.deepcopy(money.dispute_open(self.store, intent_id, amount=amount, status=status))

    def dispute_close(self, dispute_id: str, status: str) -> Thing:
        """``won``, ``lost`` or ``warning_closed``."""
        with self.store.lock:
            return copy.deepcopy(money.dispute_close(self.store, dispute_id, status))
