"""News of the stand-in on their way: signed, repeated, held back, turned round, until they are taken."""

import json
import subprocess
import sys
import urllib.request

import pytest
import stripe

from shop.payment.stripe.views import webhook  # noqa: F401  the path that these news take in the shop
from tests.fakes.stripe_double import StripeDouble
from tests.unit.payment.stripe.conftest import page_params


@pytest.fixture
def telling(receiver):
    """The stand-in with somebody who listens."""
    with StripeDouble(receiver.url) as double:
        client = stripe.StripeClient(double.api_key, base_addresses={"api": double.url})
        double.page = client.v1.checkout.sessions.create(page_params())
        yield double


def kinds(receiver):
    return [json.loads(body)["type"] for _, body, _ in receiver.heard]


PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_signed_for_the_library(telling, receiver):
    telling.pay(telling.page.id)
    telling.drain()

    assert kinds(receiver) == PAID
    for path, body, signature in receiver.heard:
        event = stripe.Webhook.construct_event(body, signature, telling.webhook_secret, tolerance=300)
        assert (path, event.object, event.api_version) == ("/hook", "event", stripe.api_version)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(body, signature, "whsec_other")


def test_event_shows_the_object_as_it_was(telling):
    telling.pay(telling.page.id, "later")
    telling.async_finish(telling.page.id, ok=True)

    told = [event["data"]["object"]["payment_status"] for event in telling.events if "session" in event["type"]]
    assert told == ["unpaid", "paid"]


def test_tried_again_until_taken(telling, receiver):
    receiver.statuses += [500, 302, 400]
    telling.pay(telling.page.id, "later")
    telling.drain()

    first = telling.events[0]["id"]
    assert sorted(each.status for each in telling.deliveries) == [200, 200, 302, 400, 500]
    assert {each.event_id for each in telling.deliveries if each.status == 200} >= {first}


def test_given_up_after_the_last_try(telling, receiver):
    receiver.statuses += [503] * 8
    telling.pay(telling.page.id, "later")
    telling.drain()

    assert [each.status for each in telling.deliveries] == [503] * 8


def test_nobody_listens():
    with StripeDouble("http://127.0.0.1:9/hook", retries=(0,)) as double:
        client = stripe.StripeClient(double.api_key, base_addresses={"api": double.url})
        double.pay(client.v1.checkout.sessions.create(page_params()).id, "later")
        double.drain()

        assert [each.status for each in double.deliveries] == [0] * 4


def test_held_back_and_turned_round(telling, receiver):
    telling.hold()
    telling.pay(telling.page.id)
    telling.drain()
    assert receiver.heard == []

    telling.release(order=reversed)
    telling.drain()
    assert kinds(receiver) == PAID[::-1]


def test_twice(telling, receiver):
    telling.hold()
    telling.pay(telling.page.id)
    telling.release(times=2)
    telling.drain()

    ids = [json.loads(body)["id"] for _, body, _ in receiver.heard]
    assert len(ids) == 8
    assert set(ids) == {event["id"] for event in telling.events}


def test_again_later(telling, receiver):
    telling.pay(telling.page.id)
    telling.drain()
    telling.resend(telling.events[-1]["id"], times=2)
    telling.drain()

    assert kinds(receiver) == [*PAID, PAID[-1], PAID[-1]]


def test_delayed(telling, receiver):
    telling.delay(0.05)
    telling.pay(telling.page.id)
    telling.drain()

    assert kinds(receiver) == PAID


def test_news_of_a_connected_account_name_it(telling, receiver):
    telling.account_add("acct_1")
    client = stripe.StripeClient(telling.api_key, base_addresses={"api": telling.url})
    telling.pay(client.v1.checkout.sessions.create(page_params(), {"stripe_account": "acct_1"}).id)
    telling.drain()

    assert [json.loads(body)["account"] for _, body, _ in receiver.heard] == ["acct_1"] * 4


def test_program(receiver):
    """``python -m tests.fakes.stripe_double`` prints what the shop needs, and tells the shop."""
    command = [sys.executable, "-m", "tests.fakes.stripe_double", "--port", "0", "--webhook", receiver.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        printed = dict(program.stdout.readline().strip().split("=", 1) for _ in range(3))
        try:
            client = stripe.StripeClient(
                printed["STRIPE_SECRET_KEY"], base_addresses={"api": printed["STRIPE_API_BASE"]}
            )
            page = client.v1.checkout.sessions.create(page_params())
            with urllib.request.urlopen(page.url) as shown:
                assert "trình diễn" in shown.read().decode()
            client.v1.checkout.sessions.expire(page.id)
        finally:
            program.terminate()
    assert program.returncode == 0
    assert printed["STRIPE_WEBHOOK_SECRET"] == "whsec_demonstration"
