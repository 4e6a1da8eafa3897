"""People and banks while processes die: guests without JavaScript who press again, and SePay, which repeats itself."""

import json
import queue
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests
from django.db import connections

from shop.listings.models import Listing
from shop.payment.vietqr.models import TransferRequest
from tests.factories.bank import SECRET
from tests.factories.sepay import SePayNews

#: Seconds after which a thread is stuck: the test fails instead of hanging.
STUCK = 180
TIMEOUT = 20
PAUSE = 0.05  # between two presses; nobody waits for anything by it
WARD = {"province": "82", "ward": "28261"}


class Form(HTMLParser):
    """What a browser would send of the form whose address ends in ``action``: ``fields``."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.select, self.fields = action, False, "", {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("action", "").endswith(self.action)
        elif self.inside and tag == "input" and given.get("name") and "disabled" not in given:
            if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.fields[given["name"]] = given.get("value", "")
        elif self.inside and tag in ("select", "textarea"):
            self.select = given.get("name", "")
            self.fields.setdefault(self.select, "")
        elif self.inside and tag == "option" and "selected" in given:
            self.fields[self.select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


@dataclass(frozen=True)
class Purchase:
    """What a guest knows at the end: basket, cooperatives whose goods were in it, and where the answer led."""

    basket: int
    cooperatives: frozenset[int]
    url: str


@dataclass(frozen=True)
class Movement:
    """Money that SePay has told and that was acknowledged."""

    reference: str
    memo: str
    amount: int


@dataclass
class Ledger:
    """What the outside world has seen."""

    purchases: list[Purchase] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


class GaveUp(Exception):
    """No answer, or only errors, for as long as somebody waits."""


class Guest:
    """One visitor with a fresh browser, who presses again when nothing comes."""

    def __init__(self, url: str, number: int, ledger: Ledger, patience: float) -> None:
        self.url, self.number, self.ledger, self.patience = url, number, ledger, patience
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.headers["Origin"] = url

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> requests.Response:
        """The answer; a broken connection and the same once more."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                answer = self.browser.request(
                    method, self.url + path, data=data, allow_redirects=False, timeout=TIMEOUT
                )
                if answer.status_code < 500:
                    return answer
                self.ledger.troubles.append(f"{method} {path}: {answer.status_code}")
            self.ledger.counts["pressed again"] += 1
            time.sleep(PAUSE)
        raise GaveUp(f"{method} {path}")

    def buy(self, goods: list[Listing]) -> Purchase:
        """Fill a basket, check out, arrive at the page that says how to pay."""
        for listing in goods:
            added = self.ask("POST", "/gio-hang/them/", {"product": str(listing.product_id)})
            assert added.status_code in (302, 303)
        form = Form(self.ask("GET", "/thanh-toan/").text, "/thanh-toan/").fields
        who = {"phone": f"090{self.number:07d}", "name": "Chị Thảo", "street": "18 Trưng Trắc", **WARD}
        # Without a script: show the fees first, then order.
        page = self.ask("POST", "/thanh-toan/", {**form, **who, "recalculate": "1"}).text
        form = Form(page, "/thanh-toan/").fields
        basket = int(self.browser.cookies["oscar_open_basket"].strip('"').partition(":")[0])
        answer = self.ask("POST", "/thanh-toan/", {**form, **who, "order": "1"})
        assert answer.status_code == 303, f"{answer.status_code} {answer.text[:3000]}"
        url = answer.headers["Location"]
        assert self.ask("GET", url).status_code == 200
        return Purchase(basket, frozenset(listing.cooperative_id for listing in goods), url)


@dataclass
class Call:
    """One thing that SePay has to say; twins say the same."""

    news: SePayNews
    path: str
    movement: Movement


class Load:
    """Threads of guests and of SePay; ``finish()`` waits until everything is told.

    ``feeds``: where SePay tells about a cooperative's account, by cooperative. ``patience``: seconds after which a
    guest or SePay gives up, which is a trouble.
    """

    def __init__(
        self, url: str, feeds: dict[int, str], *, guests: int, senders: int, seed: int, patience: float
    ) -> None:
        self.url, self.feeds, self.patience, self.ledger = url, feeds, patience, Ledger()
        self.goods = list(Listing.objects.order_by("pk"))
        self.calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self.closing, self.numbers, self.lock = threading.Event(), iter(range(10_000)), threading.Lock()
        #: Released by each guest who has come to an end.
        self.done = threading.Semaphore(0)
        self.failures: list[BaseException] = []
        self.guests = [self.thread(self.shopping, random.Random(seed + n)) for n in range(guests)]
        self.senders = [self.thread(self.telling) for _ in range(senders)]

    def thread(self, work: Callable[..., None], *arguments: Any) -> threading.Thread:
        def run() -> None:
            try:
                work(*arguments)
            except BaseException as error:  # noqa: BLE001  told by finish()
                self.failures.append(error)
            finally:
                connections.close_all()

        return threading.Thread(target=run, daemon=True)

    def start(self) -> None:
        """Begin."""
        for thread in (*self.guests, *self.senders):
            thread.start()

    def finish(self) -> Ledger:
        """Let everybody end what they have begun; what was seen."""
        self.closing.set()
        for thread in self.guests:
            thread.join(STUCK)
        for _ in self.senders:
            self.calls.put(None)
        for thread in self.senders:
            thread.join(STUCK)
        assert not self.failures, self.failures
        assert not any(thread.is_alive() for thread in (*self.guests, *self.senders)), "somebody is stuck"
        return self.ledger

    # -- Guests ---------------------------------------------------------------------------------------------------

    def shopping(self, dice: random.Random) -> None:
        """One purchase after the other, each by somebody else, and what SePay will say about its payments."""
        while not self.closing.is_set():
            with self.lock:
                number = next(self.numbers)
            goods = dice.sample(self.goods, dice.choice([1, 2, 3]))
            try:
                purchase = Guest(self.url, number, self.ledger, self.patience).buy(goods)
                self.ledger.purchases.append(purchase)
                self.pay(purchase, dice)
            except GaveUp as error:
                self.ledger.troubles.append(f"guest {number} gave up: {error}")
            finally:
                self.done.release()

    def pay(self, purchase: Purchase, dice: random.Random) -> None:
        """Transfer what each order of the purchase asks for: at once, told twice, or in two halves."""
        rows = TransferRequest.objects.filter(attempt__source__order__membership__group__code=code_of(purchase.url))
        for row in rows.select_related("attempt__source__order__consignment"):
            path = self.feeds[row.attempt.source.order.consignment.cooperative_id]
            way = dice.choices(["once", "twice", "halves"], [6, 3, 1])[0]
            half = row.amount // 2 if way == "halves" else 0
            for amount in (half, row.amount - half)[not half :]:
                news = SePayNews(account=row.number, memo=f"MBVCB.991.{row.memo}.CT tu 0123", amount=amount)
                movement = Movement(json.loads(news.body)["referenceCode"], row.memo, amount)
                for _ in range(2 if way == "twice" else 1):
                    self.calls.put(Call(news, path, movement))

    # -- SePay ----------------------------------------------------------------------------------------------------

    def telling(self) -> None:
        """Each call again and again until it is acknowledged."""
        while call := self.calls.get():
            end = time.monotonic() + self.patience
            while not (done := self.tell(call)) and time.monotonic() < end:
                self.ledger.counts["told again"] += 1
                time.sleep(PAUSE)
            with self.lock:
                self.note(call, done)

    def note(self, call: Call, done: bool) -> None:
        """A movement counts once, however often it is told."""
        if not done:
            self.ledger.troubles.append(f"SePay gave up: {call.movement}")
            return
        self.ledger.counts["acknowledged"] += 1
        if call.movement not in self.ledger.movements:
            self.ledger.movements.append(call.movement)

    def tell(self, call: Call) -> bool:
        """One try; whether it was answered with a 2xx."""
        with suppress(requests.RequestException):
            headers = call.news.headers(SECRET)
            answer = requests.post(self.url + call.path, call.news.body, headers=headers, timeout=TIMEOUT)
            if answer.status_code not in (200, 503):
                self.ledger.troubles.append(f"webhook: {answer.status_code} {answer.text[:100]}")
            return answer.status_code == 200
        return False


def code_of(url: str) -> str:
    """The secret part of a purchase's address."""
    return url.strip("/").rpartition("/")[2]
