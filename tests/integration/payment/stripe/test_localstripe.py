"""The stand-in beside an independent one (localstripe, a program of its own): both come to the same.

localstripe knows no payment page, no idempotency keys and no limit for refunds, so it judges what it knows: a payment
with a card, its refund in parts, and signed news of it.
"""

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
import stripe

from shop.payment.stripe.facts import event_facts, refund_facts
from shop.payment.stripe.services import event_store
from tests.fakes.stripe_double.receiver import Receiver
from tests.fakes.stripe_double.webhooks import sign

pytestmark = pytest.mark.django_db
SECRET = "whsec_crosscheck"
#: On the loopback only, on a free port, and without the file that it keeps its data in.
PROGRAM = """
import socket
from aiohttp import web
from localstripe import resources
resources.Store.dump_to_disk = lambda store: None
from localstripe.server import app
sock = socket.socket()
sock.bind(("127.0.0.1", 0))
sock.listen()
print(sock.getsockname()[1], flush=True)
web.run_app(app, sock=sock, print=None, access_log=None)
"""


@contextmanager
def localstripe():
    """The other program; its address."""
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            yield f"http://127.0.0.1:{int(program.stdout.readline())}"
        finally:
            program.terminate()


@pytest.fixture(scope="module")
def other():
    """A client of localstripe, and what it told."""
    with localstripe() as url, Receiver() as receiver:
        hook = urlencode({"url": receiver.url, "secret": SECRET}).encode()
        with urllib.request.urlopen(f"{url}/_config/webhooks/shop", hook) as answer:
            assert answer.status == 200
        yield stripe.StripeClient("sk_test_cross", base_addresses={"api": url}, max_network_retries=2), receiver


@pytest.fixture
def theirs(other):
    """Their payment of 120,000 dong."""
    wanted = {"amount": 120_000, "currency": "vnd", "payment_method": "pm_card_visa", "confirm": True}
    return other[0].v1.payment_intents.create(wanted)


@pytest.fixture
def ours(double, client_of, attempt, paid):
    """Our payment of 120,000 dong."""
    paid(attempt)
    return client_of.v1.payment_intents.retrieve(double.sessions[0]["payment_intent"])


def test_payment(theirs, ours):
    same = ("object", "amount", "currency", "status", "capture_method", "next_action", "livemode")
    assert {name: getattr(ours, name) for name in same} == {name: getattr(theirs, name) for name in same}
    assert ours.status == "succeeded"


def test_charge_of_a_payment(other, client_of, theirs, ours):
    charges = [
        client.v1.charges.retrieve(stripe_id(payment.latest_charge))
        for client, payment in ((other[0], theirs), (client_of, ours))
    ]
    same = ("object", "amount", "currency", "status", "captured", "failure_code", "refunded", "amount_refunded")
    assert {name: getattr(charges[1], name) for name in same} == {name: getattr(charges[0], name) for name in same}


def stripe_id(value):
    """The id, whether it came alone or with its object."""
    return value if isinstance(value, str) else value.id


def test_refund_in_parts(other, client_of, theirs, ours):
    facts = {}
    for name, client, payment in (("theirs", other[0], theirs), ("ours", client_of, ours)):
        for amount in (20_000, 100_000):
            client.v1.refunds.create({"payment_intent": payment.id, "amount": amount})
        listed = client.v1.refunds.list({"payment_intent": payment.id}).data
        told = [refund_facts(refund.to_dict()) for refund in listed]
        facts[name] = sorted((each.amount, each.status, each.is_off) for each in told)

    assert facts["ours"] == facts["theirs"] == [(20_000, "succeeded", False), (100_000, "succeeded", False)]


def test_signed_news(other, double, theirs, ours, settings):
    """Their signature fits our check, and our signing of their words gives their signature."""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    receiver = other[1]
    known = [json.loads(body) for _, body, _ in receiver.heard]
    told = next((body for body in known if body["data"]["object"]["id"] == theirs.id), None)
    while told is None:
        receiver.wait(len(known) + 1)
        known = [json.loads(body) for _, body, _ in receiver.heard]
        told = next((body for body in known if body["data"]["object"]["id"] == theirs.id), None)
    body, signature = next((body, sent) for _, body, sent in receiver.heard if json.loads(body) == told)

    assert sign(body, SECRET, told["created"]) == signature
    kept = event_store(payload=body, signature=signature)
    mine = double.events_of("payment_intent.succeeded")[-1]
    assert (kept.event_id, kept.kind) == (told["id"], mine["type"])
    assert event_facts(kept).kind == "ignored"
    same = ("object", "amount", "currency", "status")
    assert [told["data"]["object"][name] for name in same] == [mine["data"]["object"][name] for name in same]
    assert set(told) <= set(mine)
