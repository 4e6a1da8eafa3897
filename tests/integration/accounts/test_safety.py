"""Where an account is signed in, the second step, passkeys: for its owner, after a proof."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client

from shop.accounts.models import User
from shop.accounts.proof import SESSION_KEY
from shop.accounts.safety.services import totp_activate
from shop.accounts.safety.sessions import device_text, network_text
from shop.messaging.models import Message
from tests.fakes.passkey import Device

pytestmark = pytest.mark.django_db

HOME, SIGN_IN, STEP = "/tai-khoan/bao-mat/", "/tai-khoan/dang-nhap/", "/tai-khoan/dang-nhap/buoc-hai/"
PASSWORD = "mot cau de nho"
PIXEL = "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Mobile Safari/537"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def person():
    return User.objects.create_user(phone="+84911000001", password=PASSWORD, phone_verified=True)


@pytest.fixture
def signed_in(person):
    """Call it for another browser in which the person has signed in."""
    return lambda **extra: browser(**extra)


def browser(**extra):
    client = Client(**extra)
    answer = client.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def prove(client):
    answer = client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    assert answer["Location"] == HOME


def code_now(secret=SECRET, steps=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def app(person):
    """The person's app is on; its recovery codes."""
    return totp_activate(user=person, secret=SECRET, code=code_now(), by="x")


def is_signed_in(client):
    return client.get("/tai-khoan/").status_code == 200


# -- Sessions -----------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended(signed_in):
    here, there = signed_in(HTTP_USER_AGENT=PIXEL), signed_in(REMOTE_ADDR="113.161.12.34")
    page = here.get(HOME)
    places = page.context["places"]
    assert [place.is_here for place in places] == [True, False]
    assert "Chrome" in places[0].device
    assert "113.161.…" in page.content.decode()
    assert "113.161.12.34" not in page.content.decode()
    answer = here.post(f"{HOME}thiet-bi/{places[1].pk}/dang-xuat/")
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert len(here.get(HOME).context["places"]) == 1


def test_everywhere_else_at_once(signed_in):
    here, others = signed_in(), [signed_in(), signed_in()]
    here.post(f"{HOME}thiet-bi/dang-xuat/")
    assert [is_signed_in(client) for client in (here, *others)] == [True, False, False]


def test_another_persons_session_stays(signed_in):
    here = signed_in()
    other = User.objects.create_user(phone="+84911000009")
    row = UserSession.objects.create(user=other, ip="10.0.0.1", user_agent="", session_key="x")
    assert here.post(f"{HOME}thiet-bi/{row.pk}/dang-xuat/").status_code == 303
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_the_list_follows_a_changed_key(signed_in, person):
    here = signed_in()
    before = UserSession.objects.get()
    prove(here)  # a proof gives the session another key
    after = UserSession.objects.get()
    assert (after.pk, after.session_key) == (before.pk, here.session.session_key)
    assert after.session_key != before.session_key


def test_a_new_password_ends_the_others(signed_in):
    here, there = signed_in(), signed_in()
    here.post("/tai-khoan/mat-khau/", {"current": PASSWORD, "password": "mot cau khac han"})
    assert [is_signed_in(client) for client in (here, there)] == [True, False]
    assert [place.is_here for place in here.get(HOME).context["places"]] == [True]


def test_strangers_sign_in_first(client):
    for path in ("", "ung-dung/", "khoa/", "ma-du-phong/"):
        assert "/dang-nhap/" in client.get(HOME + path)["Location"]
    assert "/dang-nhap/" in client.post(f"{HOME}thiet-bi/dang-xuat/")["Location"]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PIXEL, ("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/129 Safari/537 Edg/129", ("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/120 Zalo android/1", ("Zalo", "Android")),
    ],
)
def test_devices_in_words(agent, words):
    assert all(word in device_text(agent) for word in words)


def test_networks_are_shortened():
    assert network_text("113.161.12.34") == "113.161.…"
    assert network_text("2405:4802:1:2::3") == "2405:4802:1:…"
    assert network_text(None) == ""


# -- The app ------------------------------------------------------------------------------------------------------


def test_switching_the_app_on(signed_in, person):
    here = signed_in()
    assert "xac-nhan" in here.get(f"{HOME}ung-dung/")["Location"]
    prove(here)
    page = here.get(f"{HOME}ung-dung/")
    secret = page.context["secret"].replace(" ", "")
    assert here.get(f"{HOME}ung-dung/").context["secret"].replace(" ", "") == secret
    assert here.post(f"{HOME}ung-dung/", {"code": "000000"}).status_code == 422
    assert not Authenticator.objects.exists()
    answer = here.post(f"{HOME}ung-dung/", {"code": code_now(secret)})
    assert answer["Location"] == f"{HOME}ma-du-phong/"
    assert len(here.get(answer["Location"]).context["codes"]) == 10
    assert here.get(answer["Location"]).context["codes"] is None  # once
    assert here.post(f"{HOME}ung-dung/", {"code": code_now(secret)})["Location"] == HOME
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert Message.objects.filter(kind="account_safety", to=person.phone).count() == 1


def test_signing_in_asks_for_the_second_step(client, person, app):
    answer = client.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD, "next": "/tai-khoan/don-hang/"})
    assert answer["Location"] == STEP
    assert not is_signed_in(client)
    assert client.get(STEP).status_code == 200
    assert client.post(STEP, {"code": "000000"}).status_code == 422
    assert client.post(STEP, {"code": ""}).status_code == 422
    assert not is_signed_in(client)
    answer = client.post(STEP, {"code": code_now(steps=1)})
    assert (answer.status_code, answer["Location"]) == (303, "/tai-khoan/don-hang/")
    assert is_signed_in(client)
    assert UserSession.objects.filter(user=person).count() == 1


def test_a_code_by_message_asks_for_it_too(client, person, app):
    client.post(SIGN_IN, {"phone": "0911 000 001"})
    sent = Message.objects.get(kind="one_time_code").body
    digits = next(word.strip(".:") for word in sent.split() if word.strip(".:").isdigit())
    assert client.post(f"{SIGN_IN}ma/", {"code": digits})["Location"] == STEP
    assert not is_signed_in(client)
    client.post(STEP, {"code": app[0]})
    assert is_signed_in(client)


def test_a_recovery_code_is_good_once(person, app):
    for expected in (True, False):
        client = Client()
        client.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
        client.post(STEP, {"code": app[0]})
        assert is_signed_in(client) is expected


def test_the_second_step_without_the_first(client, app):
    assert client.get(STEP)["Location"] == SIGN_IN
    assert client.post(STEP, {"code": code_now()})["Location"] == SIGN_IN


def test_guessing_ends(client, app):
    client.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
    answers = [client.post(STEP, {"code": f"{n:06d}"}).status_code for n in range(7)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert client.post(STEP, {"code": code_now(steps=1)}).status_code == 429


@pytest.mark.parametrize("door", ["/quan-tri/login/", "/_util/login/", "/dieu-hanh/login/", "/en/quan-tri/login/"])
def test_no_other_door(client, person, app, door):
    User.objects.filter(pk=person.pk).update(email="a@example.vn", is_staff=True, is_superuser=True)
    data = {"username": "a@example.vn", "password": PASSWORD, "login-username": "a@example.vn"}
    for answer in (client.post(door, data), client.get(f"{door}?next=/quan-tri/")):
        assert SIGN_IN in answer["Location"]
    assert not is_signed_in(client)


def test_staff_sessions_stay_short_after_the_second_step(client, person, app):
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
    client.post(STEP, {"code": app[0]})
    assert client.session.get_expiry_age() <= 12 * 60 * 60


def test_switching_the_app_off(client, person, app):
    client.force_login(person)
    assert "xac-nhan" in client.post(f"{HOME}ung-dung/tat/")["Location"]
    assert Authenticator.objects.filter(type="totp").exists()
    answer = client.post("/tai-khoan/xac-nhan/", {"app_code": "000000"})
    assert answer.status_code == 422
    assert SESSION_KEY not in client.session
    assert client.post("/tai-khoan/xac-nhan/", {"app_code": code_now(steps=1)})["Location"] == HOME
    assert client.get(f"{HOME}ung-dung/tat/").status_code == 200
    assert client.post(f"{HOME}ung-dung/tat/")["Location"] == HOME
    assert not Authenticator.objects.exists()


def test_new_recovery_codes_end_the_old(client, person, app):
    client.force_login(person)
    prove(client)
    client.post(f"{HOME}ma-du-phong/")
    fresh = client.get(f"{HOME}ma-du-phong/").context["codes"]
    assert set(fresh).isdisjoint(app)


# -- Passkeys -----------------------------------------------------------------------------------------------------


def add(client, device, name="Máy của tôi"):
    page = client.get(f"{HOME}khoa/", secure=True)
    answer = json.dumps(device.create(json.loads(page.context["options"])))
    return client.post(f"{HOME}khoa/", {"credential": answer, "name": name}, secure=True)


def enter(client, device, **data):
    asked = client.get(f"{SIGN_IN}khoa/", headers={"Accept": "application/json"}, secure=True).json()
    return client.post(f"{SIGN_IN}khoa/", {"credential": json.dumps(device.get(asked)), **data}, secure=True)


def test_a_passkey_signs_in(signed_in, person):
    here, device = signed_in(), Device()
    assert "xac-nhan" in here.get(f"{HOME}khoa/")["Location"]
    prove(here)
    assert add(here, device)["Location"] == HOME
    assert str(Authenticator.objects.get()) == "Máy của tôi"
    fresh = Client()
    assert enter(fresh, device, next="/ban-hang/")["Location"] == "/ban-hang/"
    assert is_signed_in(fresh)
    # It asks for no second step of those who have none: a code by message still opens.
    other = Client()
    other.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
    assert is_signed_in(other)


def test_a_passkey_is_as_good_as_the_app(person, app, signed_in):
    client, device = Client(), Device()
    client.force_login(person)
    prove(client)
    add(client, device)
    step = Client()
    step.post(SIGN_IN, {"login": "0911000001", "password": PASSWORD})
    asked = json.loads(step.get(STEP, secure=True).context["options"])
    step.post(STEP, {"credential": json.dumps(device.get(asked))}, secure=True)
    assert is_signed_in(step)
    alone = Client()
    enter(alone, device)
    assert is_signed_in(alone)


def test_a_stranger_device_opens_nothing(signed_in, person):
    here, device, other = signed_in(), Device(), Device()
    prove(here)
    add(here, device)
    other.user = device.user
    fresh = Client()
    assert enter(fresh, other)["Location"] == SIGN_IN
    for rubbish in ("", "x", "{}", "[]", "1", json.dumps({"id": 1, "response": {"userHandle": "x"}})):
        answer = fresh.post(f"{SIGN_IN}khoa/", {"credential": rubbish}, secure=True)
        assert (answer.status_code, answer["Location"]) == (303, SIGN_IN), rubbish
    assert not is_signed_in(fresh)


@pytest.mark.parametrize("rubbish", ["", "x", "{}", "[]", "1", '{"response": {}}', '{"id": "x", "rawId": "x"}'])
def test_made_up_passkeys_are_refused(signed_in, rubbish):
    here = signed_in()
    prove(here)
    assert here.post(f"{HOME}khoa/", {"credential": rubbish, "name": "x"}, secure=True).status_code == 422
    assert not Authenticator.objects.exists()


def test_a_device_without_its_owner_is_refused(signed_in):
    here = signed_in()
    prove(here)
    assert add(here, Device(flags=0x01)).status_code == 422
    assert not Authenticator.objects.exists()


def test_removing_a_passkey(signed_in, person):
    here, device = signed_in(), Device()
    prove(here)
    add(here, device)
    url = f"{HOME}khoa/{Authenticator.objects.get().pk}/xoa/"
    other = Client()
    other.force_login(User.objects.create_user(phone="+84911000009", password=PASSWORD))
    prove_other = other.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    assert prove_other.status_code == 303
    assert other.post(url).status_code == 404
    assert here.post(url)["Location"] == HOME
    assert here.post(url).status_code == 404
    assert enter(Client(), device)["Location"] == SIGN_IN
