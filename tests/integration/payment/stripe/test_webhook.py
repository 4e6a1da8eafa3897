"""Where Stripe tells: genuine news once, everything else refused and nothing kept."""

import json
import time

import pytest
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from shop.payment.stripe.models import StripeEvent
from shop.payment.stripe.services import StripeRefused, event_done, event_store
from tests.fakes.stripe_double.webhooks import sign

pytestmark = pytest.mark.django_db
URL = "/webhooks/stripe/"
#: Events that the task below was given.
heard: list[int] = []


@task()
def hear(event_id: int) -> None:
    """Stands for what a room above does."""
    heard.append(event_id)


@pytest.fixture(autouse=True)
def hook(settings):
    """The task of the settings."""
    settings.STRIPE_EVENT_TASK = f"{__name__}.hear"
    heard.clear()


def event_like(**changes):
    """A well-formed event about nothing of ours."""
    event = {"id": "evt_1", "object": "event", "type": "charge.succeeded", "created": 1_795_000_000}
    return event | {"livemode": False, "data": {"object": {"id": "ch_1", "object": "charge"}}} | changes


@pytest.fixture
def tell(client, double):
    """Call it with an event or a body: posted with a signature, the right one without a word."""

    def told(event=None, *, payload=None, signature=None, **headers):
        payload = json.dumps(event if event is not None else event_like()).encode() if payload is None else payload
        signature = sign(payload, double.webhook_secret) if signature is None else signature
        extra = {"HTTP_STRIPE_SIGNATURE": signature} if signature else {}
        return client.post(URL, payload, content_type="application/json", **extra, **headers)

    return told


def refused(response, code):
    """400 with this code, and neither an event nor a task."""
    assert (response.status_code, response.json()) == (400, {"error": code})
    assert not StripeEvent.objects.exists()
    assert not DBTaskResult.objects.exists()
    return True


def test_kept_queued_answered(tell, run_tasks):
    response = tell(event_like(account="acct_7"))

    assert (response.status_code, response.json()) == (200, {"received": True})
    event = StripeEvent.objects.get()
    assert (event.event_id, event.kind, event.account, event.state) == ("evt_1", "charge.succeeded", "acct_7", "new")
    assert event.created_at.timestamp() == 1_795_000_000
    assert json.loads(event.payload) == event_like(account="acct_7")
    assert heard == []
    assert run_tasks() == 1
    assert heard == [event.pk]


def test_news_of_the_stand_in(double, open_page, tell):
    double.pay(open_page().session_id)

    for event in double.events:
        payload, signature = double.signed(event)
        assert tell(payload=payload, signature=signature).status_code == 200
    assert StripeEvent.objects.count() == len(double.events) == 4


def test_same_news_before_it_was_dealt_with_is_one_row(tell, run_tasks):
    """Told again while new: queued again, in case the first task was lost; the task itself is safe to repeat."""
    assert [tell().status_code for _ in range(3)] == [200, 200, 200]

    assert StripeEvent.objects.count() == 1
    assert run_tasks() == 3
    assert heard == [StripeEvent.objects.get().pk] * 3


def test_same_news_after_it_was_dealt_with_is_nothing(tell):
    tell()
    event_done(event=StripeEvent.objects.get())
    DBTaskResult.objects.all().delete()

    assert tell().status_code == 200
    assert not DBTaskResult.objects.exists()
    assert StripeEvent.objects.get().state == "done"


def test_event_and_task_stand_or_fall_together(client, tell, settings):
    settings.STRIPE_EVENT_TASK = "shop.nowhere.task"
    client.raise_request_exception = False

    assert tell().status_code == 500
    assert not StripeEvent.objects.exists()


def test_forged(double, tell):
    payload = json.dumps(event_like()).encode()
    assert refused(tell(payload=payload, signature=sign(payload, "whsec_guessed")), "signature")


def test_changed_on_the_way(double, tell):
    payload = json.dumps(event_like()).encode()
    signature = sign(payload, double.webhook_secret)
    assert refused(
        tell(payload=payload.replace(b"charge.succeeded", b"charge.refunded."), signature=signature), "signature"
    )


@pytest.mark.parametrize(
    "signature",
    [
        *("", "x", "t=1", "v1=aa", "t=x,v1=aa", "t=1,v0=aa", ",,,", "t=1,v1=", "t=1,v1=é"),
        *("v1=aa," * 900, "t=" + "9" * 1900, "t=" + "9" * 5000),
    ],
)
def test_malformed_signature(tell, signature):
    assert refused(tell(signature=signature or False), "signature")


def test_stale(double, tell):
    payload = json.dumps(event_like()).encode()
    old = sign(payload, double.webhook_secret, int(time.time()) - 301)
    assert refused(tell(payload=payload, signature=old), "signature")


def test_five_minutes_are_not_stale(double, tell):
    payload = json.dumps(event_like()).encode()
    assert (
        tell(payload=payload, signature=sign(payload, double.webhook_secret, int(time.time()) - 290)).status_code == 200
    )


def test_signature_with_several_hands(double, tell):
    """While the secret is being changed Stripe signs with both."""
    payload = json.dumps(event_like()).encode()
    right = sign(payload, double.webhook_secret)
    assert tell(payload=payload, signature=right.replace(",v1=", f",v1={'0' * 64},v1=")).status_code == 200


def test_several_secrets(double, tell, settings):
    settings.STRIPE_WEBHOOK_SECRET = f"whsec_other, {double.webhook_secret}"
    assert tell().status_code == 200


@pytest.mark.parametrize("secret", ["", " ", ",", " , "])
def test_no_secret_believes_nobody(double, tell, settings, secret):
    settings.STRIPE_WEBHOOK_SECRET = secret
    payload = json.dumps(event_like()).encode()
    assert refused(tell(payload=payload, signature=sign(payload, secret)), "signature")


def test_huge(double, tell):
    payload = json.dumps(event_like(filling="x" * 262_144)).encode()
    assert refused(tell(payload=payload), "too_large")


def test_as_large_as_it_may_be(double, tell):
    payload = json.dumps(event_like()).encode().ljust(262_144)
    assert tell(payload=payload).status_code == 200


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"evt_1"',
        b"\xff\xfe",
        '{"id": "evt_é'.encode("latin-1"),
        b"\x00",
        b"[" * 100_000,
        b"{}",
    ],
)
def test_genuine_but_no_event(tell, payload):
    assert refused(tell(payload=payload), "malformed")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "evt 1"},
        {"id": "evt_\u0000"},
        {"id": 7},
        {"id": "evt_" + "x" * 300},
        {"type": "Charge"},
        {"type": None},
        {"account": "acct_'"},
        {"account": ["acct_1"]},
        {"created": "now"},
        {"created": 10**30},
        {"created": None},
        {"livemode": "false"},
        {"data": None},
        {"data": {"object": []}},
    ],
)
def test_genuine_but_of_another_shape(tell, changes):
    assert refused(tell(event_like(**changes)), "malformed")


def test_thin_event(tell):
    assert refused(tell({"id": "evt_1", "object": "v2.core.event", "type": "v1.x"}), "malformed")


def test_live_money_and_test_money_are_kept_apart(tell):
    """A test key hears of live payments (or the other way round): kept, and nothing is done."""
    assert tell(event_like(livemode=True)).status_code == 200

    assert StripeEvent.objects.get().state == "ignored"
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_post(client, method):
    assert getattr(client, method)(URL).status_code == 405


def test_needs_no_form_token(double, client):
    from django.test import Client

    payload = json.dumps(event_like()).encode()
    strict = Client(enforce_csrf_checks=True)
    header = sign(payload, double.webhook_secret)
    answer = strict.post(URL, payload, content_type="application/json", HTTP_STRIPE_SIGNATURE=header)
    assert answer.status_code == 200


def test_service_refuses_with_status_400(double):
    with pytest.raises(StripeRefused) as trouble:
        event_store(payload=b"{}", signature="t=1,v1=aa")
    assert trouble.value.status == 400
