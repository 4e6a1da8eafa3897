"""The second form of the sign-in page, for those who have a password; and the way out."""

import pytest
from django.core.management import CommandError, call_command

from shop.accounts.demo import DEMO_ACCOUNTS, demo_accounts_ensure
from shop.accounts.models import User
from tests.integration.accounts.conftest import CODE, PHONE, SIGN_IN

pytestmark = pytest.mark.django_db
PASSWORD = "mot cau de nho"


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def officer():
    return User.objects.create_user(email="can.bo@example.vn", password=PASSWORD, is_staff=True)


@pytest.mark.parametrize("typed", [PHONE, "+84901234567", "84 901 234 567"])
def test_by_phone(client, shopper, typed):
    answer = client.post(SIGN_IN["vi"], {"login": typed, "password": PASSWORD})
    assert answer["Location"] == "/tai-khoan/"
    assert is_signed_in(client)


@pytest.mark.parametrize("typed", ["can.bo@example.vn", " Can.Bo@Example.VN "])
def test_by_email_whatever_the_case(client, officer, typed):
    client.post(SIGN_IN["vi"], {"login": typed, "password": PASSWORD})
    assert is_signed_in(client)


def test_staff_sign_in_every_day_and_shoppers_rarely(client, officer, shopper):
    client.post(SIGN_IN["vi"], {"login": "can.bo@example.vn", "password": PASSWORD})
    assert client.session.get_expiry_age() <= 12 * 60 * 60
    other = type(client)()
    other.post(SIGN_IN["vi"], {"login": PHONE, "password": PASSWORD})
    assert other.session.get_expiry_age() > 60 * 24 * 60 * 60


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("login", [PHONE, "0902 234 567", "nobody@example.vn"])
def test_a_mismatch_is_said_beside_the_password_and_tells_nothing(client, shopper, login, language):
    answer = client.post(SIGN_IN[language], {"login": login, "password": "something else"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_password-error"' in page and "<details" in page and " open" in page
    assert ("Hai ô này không khớp" if language == "vi" else "do not fit together") in page
    assert "something else" not in page


@pytest.mark.parametrize("data", [{"login": "", "password": ""}, {"login": "0", "password": "x"}, {"password": "x"}])
def test_missing_words_are_asked_for(client, data):
    assert client.post(SIGN_IN["vi"], data).status_code == 422


@pytest.mark.parametrize("typed", ["", "0901", "x@"])
def test_a_code_asked_for_there_is_refused_there(client, typed):
    answer = client.post(SIGN_IN["vi"], {"login": typed, "password": "", "send_code": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_login-error"' in page and 'id="id_password-error"' not in page


def test_many_tries_from_one_address(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    answers = [client.post(SIGN_IN["vi"], {"login": PHONE, "password": "x"}).status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_five_wrong_passwords_close_that_account_for_a_while_and_no_other(client, shopper, officer):
    for _ in range(5):
        assert client.post(SIGN_IN["vi"], {"login": PHONE, "password": "wrong"}).status_code == 422
    assert client.post(SIGN_IN["vi"], {"login": PHONE, "password": PASSWORD}).status_code == 429
    assert not is_signed_in(client)
    client.post(SIGN_IN["vi"], {"login": "can.bo@example.vn", "password": PASSWORD})
    assert is_signed_in(client)


def test_a_locked_password_leaves_the_code(client, sign_in, shopper):
    for _ in range(6):
        client.post(SIGN_IN["vi"], {"login": PHONE, "password": "wrong"})
    sign_in(client)
    assert is_signed_in(client)


def test_a_person_without_a_password_cannot_use_an_empty_one(client, shopper):
    shopper.set_unusable_password()
    shopper.save()
    for password in ("", "!", shopper.password):
        assert client.post(SIGN_IN["vi"], {"login": PHONE, "password": password}).status_code == 422


def test_a_closed_account(client, shopper):
    User.objects.filter(pk=shopper.pk).update(is_active=False)
    client.post(SIGN_IN["vi"], {"login": PHONE, "password": PASSWORD})
    assert not is_signed_in(client)


# -- Where to afterwards ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["code", "password"])
@pytest.mark.parametrize("target", ["/thanh-toan/", "/en/gio-hang/?a=1"])
def test_next_is_followed_inside_the_shop(client, shopper, last_code, way, target):
    page = client.get(SIGN_IN["vi"], {"next": target}).content.decode()
    assert f'name="next" value="{target}"' in page
    if way == "code":
        client.post(SIGN_IN["vi"], {"phone": PHONE, "next": target})
        answer = client.post(CODE["vi"], {"code": last_code()})
    else:
        answer = client.post(SIGN_IN["vi"], {"login": PHONE, "password": PASSWORD, "next": target})
    assert answer["Location"] == target


@pytest.mark.parametrize("way", ["code", "password"])
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "/" + "x" * 2000,
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\\\\x",
    ],
)
def test_next_never_leads_out(client, shopper, last_code, way, target):
    assert 'name="next"' not in client.get(SIGN_IN["vi"], {"next": target}).content.decode()
    if way == "code":
        client.post(f"{SIGN_IN['vi']}?next={target}", {"phone": PHONE, "next": target})
        answer = client.post(CODE["vi"], {"code": last_code(), "next": target})
    else:
        answer = client.post(f"{SIGN_IN['vi']}", {"login": PHONE, "password": PASSWORD, "next": target})
    assert answer["Location"] == "/tai-khoan/"


def test_other_allowed_hosts_are_not_followed_either(client, shopper, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    answer = client.post(SIGN_IN["vi"], {"login": PHONE, "password": PASSWORD, "next": "https://other.example/"})
    assert answer["Location"] == "/tai-khoan/"


def test_a_back_office_that_refuses_somebody_does_not_send_them_round_in_circles(client, shopper):
    client.force_login(shopper)
    answer = client.get("/quan-tri/", follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Nguyễn Thị Thảo" in page and 'action="/tai-khoan/dang-xuat/"' in page


def test_somebody_signed_in_does_not_sign_in_again(client, shopper):
    client.force_login(shopper)
    assert client.get(SIGN_IN["vi"])["Location"] == "/tai-khoan/"
    assert client.post(SIGN_IN["vi"], {"phone": PHONE})["Location"] == "/tai-khoan/"
    assert client.get(CODE["vi"])["Location"] == "/tai-khoan/"


# -- The way out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_only_the_button_signs_out(client, shopper, prefix):
    client.force_login(shopper)
    page = client.get(f"{prefix}/tai-khoan/dang-xuat/")
    assert page.status_code == 200 and 'method="post"' in page.content.decode()
    assert is_signed_in(client)
    answer = client.post(f"{prefix}/tai-khoan/dang-xuat/")
    assert answer.status_code == 302
    assert not is_signed_in(client)


def test_signing_out_never_leads_out(client, shopper):
    client.force_login(shopper)
    assert client.post("/tai-khoan/dang-xuat/", {"next": "https://evil.example/"})["Location"] == "/"


def test_forms_need_their_token(shopper):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SIGN_IN["vi"], {"phone": PHONE}).status_code == 403
    strict.force_login(shopper)
    assert strict.post("/tai-khoan/dang-xuat/").status_code == 403
    assert is_signed_in(strict)


# -- The demonstration --------------------------------------------------------------------------------------------


def test_the_demonstrations_accounts_sign_in(client, settings, capsys):
    settings.DEMO = True
    call_command("demo_accounts")
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    assert User.objects.count() == len(DEMO_ACCOUNTS) == 4
    for account in DEMO_ACCOUNTS:
        visitor = type(client)()
        assert account.contact in printed
        visitor.post(SIGN_IN["vi"], {"login": account.contact, "password": account.password})
        assert is_signed_in(visitor)
        assert account.contact in client.get(SIGN_IN["vi"]).content.decode()


def test_an_existing_account_keeps_its_password(settings, shopper):
    settings.DEMO = True
    assert demo_accounts_ensure()["/tai-khoan/"] == shopper
    assert User.objects.get(pk=shopper.pk).check_password(PASSWORD)


def test_outside_a_demonstration_there_are_none(client, settings):
    settings.DEMO = False
    assert demo_accounts_ensure() == {}
    with pytest.raises(CommandError):
        call_command("demo_accounts")
    assert not User.objects.exists()
    assert DEMO_ACCOUNTS[0].password not in client.get(SIGN_IN["vi"]).content.decode()
