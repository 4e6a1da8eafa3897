"""A visitor's browser and what it reads in its messages."""

import re

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.messaging.models import Message

PHONE, E164 = "0901 234 567", "+84901234567"
SIGN_IN = {"vi": "/tai-khoan/dang-nhap/", "en": "/en/tai-khoan/dang-nhap/"}
CODE = {"vi": "/tai-khoan/dang-nhap/ma/", "en": "/en/tai-khoan/dang-nhap/ma/"}


@pytest.fixture
def last_code(db):
    """The digits of the newest message to a contact."""

    def read(to: str = E164) -> str:
        message = Message.objects.filter(to=to).latest("pk")
        return re.search(r"\b(\d{6})\b", message.body).group(1)

    return read


@pytest.fixture
def sign_in(last_code):
    """Sign a client in by code, all the way."""

    def run(client, typed: str = PHONE, to: str = E164, language: str = "vi", **extra):
        answer = client.post(SIGN_IN[language], {"phone": typed, **extra})
        assert answer.status_code == 303, answer.content.decode()
        return client.post(CODE[language], {"code": last_code(to)})

    return run


@pytest.fixture
def later():
    """Let the outbox look as if its messages were sent some minutes earlier."""

    def pass_minutes(minutes: float) -> None:
        for message in Message.objects.all():
            moment = message.created_at - timezone.timedelta(minutes=minutes)
            Message.objects.filter(pk=message.pk).update(created_at=moment)

    return pass_minutes


@pytest.fixture
def shopper(db):
    """Somebody with a verified phone and a password."""
    return User.objects.create_user(
        phone=E164, password="mot cau de nho", phone_verified=True, last_name="Nguyễn Thị", first_name="Thảo"
    )


@pytest.fixture
def wrong():
    """Six digits that are not those."""
    return lambda code: f"{(int(code) + 1) % 10**6:06d}"
