"""The pretended bank of the demonstration tells the shop of a transfer exactly as a real one does."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory

from shop.demo import bank
from shop.demo.bank import NoSuchTransfer, feeds_create, transfer_pretend
from shop.demo.views import transfer
from shop.payment.books import balance_of
from tests.factories import basket_of, listing_make, place
from tests.factories.bank import transfer_of

pytestmark = pytest.mark.django_db


class Answer:
    def __init__(self, status_code):
        self.status_code = status_code


@pytest.fixture
def wire(monkeypatch, settings):
    """The network between the pretended bank and the shop; what was posted."""
    posted = []

    def post(url, *, data, headers, timeout):
        path = url.removeprefix(settings.SITE_URL)
        posted.append(path)
        return Answer(Client().post(path, data, content_type="application/json", headers=headers).status_code)

    monkeypatch.setattr(bank.requests, "post", post)
    return posted


@pytest.fixture
def order(db):
    order = place(basket_of(listing_make(price=100_000))).group.members.get().order
    feeds_create([order.consignment.cooperative])
    return order


def test_transfer_is_recognised(order, wire, run_tasks):
    assert transfer_pretend(transfer_of(order).memo) == 200
    run_tasks()

    assert balance_of(order).received == 120_000
    assert wire[0].startswith("/webhooks/sepay/")


def test_visitor_presses_the_button(order, wire, run_tasks):
    memo = transfer_of(order).memo

    answer = transfer(RequestFactory().post("/", {"amount": "50000"}), memo)
    run_tasks()

    assert (answer.status_code, answer.url) == (303, order.membership.group.get_absolute_url())
    assert balance_of(order).received == 50_000


def test_unknown_memo(order, wire):
    with pytest.raises(NoSuchTransfer):
        transfer_pretend("OCOP2222222")

    assert wire == []


def test_command_only_in_a_demonstration(order, wire, settings, capsys):
    with pytest.raises(CommandError, match="DEMO"):
        call_command("demo_transfer", transfer_of(order).memo)
    settings.DEMO = True

    call_command("demo_transfer", transfer_of(order).memo, "--amount", "1000")

    assert "200" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No order"):
        call_command("demo_transfer", "OCOP2222222")
