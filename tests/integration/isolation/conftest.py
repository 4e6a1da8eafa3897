"""Two cooperatives, A and B; everything of B is remembered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.integration.isolation.addresses import Page, pages
from tests.integration.isolation.books import Books, differences, keys, tables_written
from tests.integration.isolation.ids import TAKES, id_for, is_back_office
from tests.integration.isolation.world import Side, side_make

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


@dataclass
class World:
    """A visits, B must not notice."""

    a: Side
    b: Side
    books: Books

    def url(self, page: Page, side: Side) -> str:
        return page.url(lambda *names: id_for(side, *names))

    @cached_property
    def hostile(self) -> dict[str, Any]:
        """B's ids under every name that forms of the workspace have used for one."""
        b = self.b
        order, attempt = b.waiting.order, b.waiting.order.sources.get().attempt
        names = {"attempt": attempt.pk, "line": b.line.pk, "order": order.number, "number": order.number}
        names |= {"refund": b.refund.pk, "account": b.account.number, "product": b.draft.product_id, "pk": b.line.pk}
        names |= {"cooperative": b.cooperative.pk, "htx": b.cooperative.slug, "member": b.packer.pk}
        names |= {"user": b.owner.pk, "consignment": b.waiting.pk, "listing": b.draft.pk, "don": order.number}
        names |= {"id": b.line.pk, "ids": [b.line.pk], "orders": [order.number], "role": "packer"}
        names |= {f"{prefix}reason": "x" for prefix in ("", "ignore-", "return-", "drop-")}
        return names | {f"line-{b.waiting.order.lines.get().pk}": 1, "next": f"/ban-hang/don/{order.number}/"}


@pytest.fixture
def world(db):
    a = side_make("a")
    ids_make(a)
    before = keys()
    b = side_make("b")
    ids_make(b)
    a.neighbour, b.neighbour = b, a
    return World(a, b, Books(before))


def ids_make(side: Side) -> None:
    """Whatever ids make for a side belongs to it from the beginning."""
    for name, make in TAKES.items():
        if not name.startswith("order:"):
            make(side)


@pytest.fixture
def visitor(world):
    """A's owner at a browser."""
    return client_of(world.a.owner)


def client_of(person: Any) -> Client:
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person)
    return client


def seller_pages() -> list[Page]:
    return [page for page in pages() if page.namespace == "seller"]


def shop_pages() -> list[Page]:
    """Everything that is neither the workspace nor a back office."""
    return [page for page in pages() if page.namespace != "seller" and not is_back_office(page.namespace, page.name)]


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is taken back, so that pages do not stand in one another's way."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def leaks(side: Side, answer: Any) -> list[str]:
    """Private words of the side in an answer, in its text or its headers."""
    body = b"" if answer.streaming else answer.content
    if answer.streaming:
        body = b"".join(answer.streaming_content)
    text = body.decode(errors="replace") + str(dict(answer.headers))
    return [marker for marker in side.markers if marker in text]


def visit(world: World, client: Client, page: Page, url: str, data: dict[str, Any]) -> tuple[list[str], set[int]]:
    """Every method at an address: what was shown that is B's, and the answers' statuses."""
    wrong, statuses = [], set()
    sent = {"get": {name: value for name, value in data.items() if value not in world.b.markers}, "post": data}
    for method in METHODS:
        answer = getattr(client, method)(url, sent.get(method, {}))
        if method != "options" or answer.content:  # views say which methods they take
            statuses.add(answer.status_code)
        wrong += [f"{page.label} {method}: shows {marker!r}" for marker in leaks(world.b, answer)]
    return wrong, statuses


def visit_and_undo(world: World, client: Client, page: Page, url: str, before: dict[str, str]) -> list[str]:
    """Every method at an address, with B's ids in the form: what was shown or changed; nothing stays."""
    with undone(), tables_written() as tables:
        wrong, _statuses = visit(world, client, page, url, world.hostile)
        changed = differences(before, before | world.books.snapshot(tables))
    return wrong + [f"{page.label}: changed {table}" for table in changed]
