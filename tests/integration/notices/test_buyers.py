"""What buyers are told: once, only what they and the cooperative want, and no number in any log."""

import logging

import pytest

from shop.fulfilment.notices import parcel_news
from shop.fulfilment.services import cash_parcel_refuse, consignment_accept, consignment_refuse
from shop.messaging.backends import console
from shop.messaging.models import Message
from shop.notices.models import CooperativeNotices, QuietPhone
from shop.notices.optout import optout_path, token_of
from shop.notices.services import notices_save
from shop.notices.texts import KINDS, compose
from tests.integration.seller.parcels import BY

pytestmark = pytest.mark.django_db


def kinds():
    """Of the messages to buyers, in order."""
    rows = Message.objects.exclude(kind__startswith="seller_").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def save(cooperative, **changes):
    values = {"channel": "sms", "is_unmarked": False, "on": {k for k in KINDS if k != "packed"}, "hours": [7]}
    return notices_save(cooperative=cooperative, by=BY, **(values | changes))


def test_steps_are_told_once(delivered):
    assert kinds() == ["order_placed", "accepted", "delivered"]
    for kind in ("accepted", "delivered", "delivered"):
        parcel_news(delivered, kind)
    consignment_accept_again = Message.objects.filter(kind="accepted")
    assert consignment_accept_again.count() == 1
    assert kinds() == ["order_placed", "accepted", "delivered"]


def test_taking_twice_tells_once(taken):
    consignment = taken()
    consignment_accept(consignment=consignment, by=BY)
    body = Message.objects.get(kind="accepted").body
    assert body.startswith("HTX Vú sữa")
    assert f"/don-hang/{consignment.order.membership.group.code}/" in body


def test_refusal_carries_its_reason(taken):
    consignment_refuse(consignment=taken(), reason="Mưa lớn", by=BY)
    assert "Mưa lớn" in Message.objects.get(kind="refused").body


def test_parcel_that_came_back_is_told_under_either_name(taken):
    consignment = cash_parcel_refuse(consignment=taken(), reason="Không có nhà", by=BY)
    for kind in ("returned", "door_refused"):
        parcel_news(consignment, kind)
    assert Message.objects.filter(kind="returned").count() == 1


def test_unknown_step_and_step_without_event_say_nothing(taken):
    consignment = taken()
    before = Message.objects.count()
    for kind in ("called", "nonsense", "delivered", "undone"):
        parcel_news(consignment, kind)
    assert Message.objects.count() == before


def test_switched_off_by_the_cooperative(cooperative, taken):
    save(cooperative, on=set())
    taken()
    assert kinds() == ["order_placed"]


def test_money_cannot_be_switched_off(cooperative, taken):
    save(cooperative, on=set())
    consignment_refuse(consignment=taken(), reason="Mưa", by=BY)
    assert kinds() == ["order_placed", "refused"]


def test_text_without_marks(cooperative, taken):
    save(cooperative, is_unmarked=True)
    taken()
    body = Message.objects.get(kind="accepted").body
    assert body.startswith("HTX Vu sua")
    assert body.isascii()


def test_zalo_brings_the_way_out(cooperative, taken, settings):
    settings.BUYER_CHANNELS = ["sms", "zalo"]
    save(cooperative, channel="zalo")
    consignment = taken()
    message = Message.objects.get(kind="accepted")
    assert message.channel == "zalo"
    assert optout_path(consignment.order.membership.group.pk) in message.body


def test_channel_that_the_market_dropped(cooperative, taken, settings):
    settings.BUYER_CHANNELS = ["sms"]
    CooperativeNotices.objects.create(cooperative=cooperative, channel="zalo")
    taken()
    assert Message.objects.get(kind="accepted").channel == "sms"


def test_way_out_needs_no_sign_in(client, taken):
    consignment = taken()
    group = consignment.order.membership.group
    page = client.get(f"/don-hang/{group.code}/{consignment.order.number}/").content.decode()
    path = optout_path(group.pk)
    assert path in page
    answer = client.get(path)
    assert "0901 *** 567" in answer.content.decode()
    assert "901234567" not in answer.content.decode()
    assert not QuietPhone.objects.exists()  # looking changes nothing

    for _ in range(2):
        assert client.post(path, {"quiet": "1"}).status_code in (302, 303)
    assert QuietPhone.objects.get().phone == group.phone
    before = kinds()
    parcel_news(consignment, "accepted")
    consignment_refuse(consignment=consignment, reason="Mưa", by=BY)
    assert kinds() == [*before, "refused"]  # money still comes
    client.post(path, {"quiet": "0"})
    assert not QuietPhone.objects.exists()


def test_quiet_buyers_hear_no_steps(taken):
    QuietPhone.objects.create(phone="+84901234567")
    taken()
    assert kinds() == ["order_placed"]


@pytest.mark.parametrize("change", ["signature", "number", "upper", "empty", "padding"])
def test_forged_way_out_is_no_page(client, taken, change):
    pk = taken().order.membership.group.pk
    token = token_of(pk)
    head, _, tail = token.partition("-")
    forged = {
        "signature": f"{head}-{'0' * len(tail)}",
        "number": f"{pk + 1:x}-{tail}",
        "upper": token.upper() if token != token.upper() else "x-y",
        "empty": f"{head}-",
        "padding": f"0{token}",
    }[change]
    assert client.get(f"/thoi-nhan-tin/{forged}/").status_code == 404
    assert client.post(f"/thoi-nhan-tin/{forged}/", {"quiet": "1"}).status_code == 404
    assert not QuietPhone.objects.exists()


def test_no_number_in_logs(taken, run_tasks, caplog, capsys, monkeypatch):
    def refuse(message):
        raise OSError(f"cannot reach {message.to}")

    caplog.set_level(logging.DEBUG)
    taken()
    console.send(Message.objects.first())
    monkeypatch.setattr(console, "send", refuse)
    run_tasks()
    seen = caplog.text + "".join(capsys.readouterr())
    assert "message refused" in seen
    assert "901234567" not in seen
    assert "0901 234 567" not in seen


def test_sentences_without_their_value_are_left_out():
    values = {"name": "HTX", "number": "DT", "carrier": "Viettel", "tracking": "", "tracking_link": "", "link": "L"}
    assert len(compose(KINDS["handed_over"], values).split("L")) == 2
    assert compose(KINDS["handed_over"], values | {"tracking": "VT1"}).count("VT1") == 1
