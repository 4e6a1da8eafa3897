"""People with passwords, a second person, and a clock that can be moved."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.messaging.models import Message
from shop.payment.vietqr.models import BankAccount

PASSWORD = "mot cau de nho"
HOME = "/ban-hang/tai-khoan/"
PROOF = "/ban-hang/xac-nhan/"
NEW = {"bin": "970436", "number": "0071 0000.12345", "again": "0071000012345", "holder": "Hợp tác xã Vú sữa Lò Rèn"}


class Clock:
    """The shop's time: stands still until it is moved."""

    def __init__(self, now):
        self.now = now

    def forward(self, **delta):
        self.now += timedelta(**delta)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now())
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def person(member):
    """Call it with a cooperative and a role for a signed-in browser of somebody who has a password."""

    def make(cooperative, role="owner", *, proven=False, **extra):
        client = Client()
        client.user = member(cooperative, role, **{"password": PASSWORD, **extra})
        client.force_login(client.user)
        if proven:
            prove(client)
        return client

    return make


@pytest.fixture
def owner(person, cooperative):
    """The owner's browser, the password just typed."""
    return person(cooperative, "owner", proven=True)


@pytest.fixture
def accountant(person, cooperative):
    return person(cooperative, "accountant", proven=True, last_name="Lê Thị")


@pytest.fixture
def operator(db):
    """Call it with names of permissions for a signed-in browser of somebody of no cooperative."""

    def make(*names):
        client = Client()
        client.user = User.objects.create_user(email=f"op{User.objects.count()}@example.vn", password=PASSWORD)
        client.user.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(client.user)
        return client

    return make


def prove(client):
    """Type the password once more."""
    answer = client.post(PROOF, {"password": PASSWORD, "next": HOME})
    assert (answer.status_code, answer["Location"]) == (303, HOME)


def ask(client, **changes):
    """All the way from the form to the request; the answer of its last page."""
    answer = client.post(f"{HOME}doi/", NEW | changes)
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}doi/xem-lai/"), answer.content.decode()
    number = re.sub(r"[^A-Z0-9]", "", (NEW | changes)["number"].upper())
    return client.post(f"{HOME}doi/xem-lai/", {"number": number})


def approve(client, account):
    return client.post(f"{HOME}{account.pk}/duyet/")


def stop(client, account):
    return client.post(f"{HOME}{account.pk}/dung/")


def change_of(cooperative):
    """The change under way, or None."""
    states = [BankAccount.State.ASKED, BankAccount.State.APPROVED]
    return cooperative.bank_accounts.filter(state__in=states).first()


def accounts(cooperative):
    """Number and state of every account, the first one first."""
    return list(cooperative.bank_accounts.order_by("pk").values_list("number", "state"))


def notices():
    """Who got which step of a change how often."""
    keys = Message.objects.filter(kind="account_change").values_list("key", "to")
    return sorted((key.split("-")[2], to) for key, to in keys)
