"""A phone number, a code, signed in: the only way that most people ever use."""

import pytest

from shop.accounts import codes
from shop.accounts.models import User
from shop.messaging.models import Message
from tests.integration.accounts.conftest import CODE, E164, PHONE, SIGN_IN

pytestmark = pytest.mark.django_db


def signed_in_as(client) -> User | None:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_asks_for_a_phone_number(client, language):
    answer = client.get(SIGN_IN[language])
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'type="tel"' in page and 'autocomplete="tel"' in page
    assert 'name="password"' in page
    assert ("Sign in with your phone number" in page) == (language == "en")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_unknown_number_gets_a_code_and_an_account(client, sign_in, language):
    answer = sign_in(client, language=language)
    assert answer.status_code == 302
    assert answer["Location"] == ("/tai-khoan/" if language == "vi" else "/en/tai-khoan/")
    user = signed_in_as(client)
    assert (user.phone, user.phone_verified, user.email) == (E164, True, None)
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    "typed",
    [
        "0901234567",
        "0901 234 567",
        "0901.234.567",
        "+84 901 234 567",
        "84901234567",
        "+84 (0)901-234-567",
        "０９０１２３４５６７",
    ],
)
def test_every_way_to_write_a_number_is_one_account(client, sign_in, typed, shopper):
    sign_in(client, typed)
    assert signed_in_as(client) == shopper
    assert User.objects.count() == 1


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "abc",
        "0901",
        "090123456789",
        "0273 387 2222",
        "0101234567",
        "+1 202 555 0100",
        "a@",
        "x" * 5000,
        "\0",
    ],
)
def test_what_is_no_mobile_number_is_said_beside_the_field(client, typed, language):
    answer = client.post(SIGN_IN[language], {"phone": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_phone-error"' in page and 'aria-invalid="true"' in page
    assert not Message.objects.exists()


def test_the_messages_are_in_the_visitors_language(client):
    assert "10 số" in client.post(SIGN_IN["vi"], {"phone": "0901"}).content.decode()
    assert "10 digits" in client.post(SIGN_IN["en"], {"phone": "0901"}).content.decode()
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    assert "Mã đăng nhập" in Message.objects.get().body
    client.post(SIGN_IN["en"], {"phone": "0902 234 567"})
    assert "sign-in code" in Message.objects.latest("pk").body


def test_a_message_fits_one_text_message(client):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    assert len(Message.objects.get().body) <= 70


def test_nothing_tells_whether_a_number_is_known(client, shopper):
    known = client.post(SIGN_IN["vi"], {"phone": PHONE})
    page = client.get(CODE["vi"]).content.decode()
    client.cookies.clear()
    unknown = client.post(SIGN_IN["vi"], {"phone": "0902 234 567"})
    other = client.get(CODE["vi"]).content.decode()
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    strip = lambda text: [line for line in text.splitlines() if "csrf" not in line and "234 567" not in line]  # noqa: E731
    assert strip(page) == strip(other)


def test_the_code_page_takes_the_digits_as_a_phone_offers_them(client):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    page = client.get(CODE["vi"]).content.decode()
    assert 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page
    assert "0901 234 567" in page


def test_without_a_number_there_is_no_code_page(client):
    assert client.get(CODE["vi"])["Location"] == SIGN_IN["vi"]
    assert client.post(CODE["vi"], {"code": "123456"})["Location"] == SIGN_IN["vi"]


@pytest.mark.parametrize("written", ["{0}{1}{2}{3}{4}{5}", "{0}{1}{2} {3}{4}{5}", " {0}{1}{2}-{3}{4}{5} "])
def test_spaces_in_the_code_do_no_harm(client, last_code, written):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    client.post(CODE["vi"], {"code": written.format(*last_code())})
    assert signed_in_as(client)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_wrong_code_says_how_many_tries_are_left(client, last_code, wrong, language):
    client.post(SIGN_IN[language], {"phone": PHONE})
    answer = client.post(CODE[language], {"code": wrong(last_code())})
    assert answer.status_code == 422
    assert ("Còn 4 lần thử" if language == "vi" else "4 tries left") in answer.content.decode()
    assert not signed_in_as(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３", "\0", "9" * 3000])
def test_what_is_no_code_costs_no_try(client, typed, last_code):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    for _ in range(7):
        assert client.post(CODE["vi"], {"code": typed}).status_code == 422
    client.post(CODE["vi"], {"code": last_code()})
    assert signed_in_as(client)


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(client, last_code, wrong):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    code = last_code()
    for _ in range(5):
        answer = client.post(CODE["vi"], {"code": wrong(code)})
    assert "Nhắn mã mới" in answer.content.decode()
    assert client.post(CODE["vi"], {"code": code}).status_code == 422
    assert not signed_in_as(client)


def test_tries_are_counted_when_requests_overtake_each_other(client, last_code, wrong):
    """Requests that all read the session before the first one wrote it back."""
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    code, session = last_code(), client.session
    before = dict(session[codes.SESSION_KEY])
    for _ in range(5):
        client.post(CODE["vi"], {"code": wrong(code)})
        session = client.session
        session[codes.SESSION_KEY] = dict(before)
        session.save()
    client.post(CODE["vi"], {"code": code})
    assert not signed_in_as(client)


def test_a_code_runs_out_after_five_minutes(client, last_code, monkeypatch):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    moment = codes.time.time()
    monkeypatch.setattr(codes.time, "time", lambda: moment + 301)
    answer = client.post(CODE["vi"], {"code": last_code()})
    assert answer.status_code == 422
    assert "hết hạn" in answer.content.decode()
    assert not signed_in_as(client)


def test_a_code_works_once(client, sign_in, last_code):
    sign_in(client)
    code = last_code()
    client.post("/tai-khoan/dang-xuat/")
    client.post(CODE["vi"], {"code": code})
    assert not signed_in_as(client)


def test_a_code_belongs_to_the_browser_that_asked(client, last_code):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    code = last_code()
    stranger = type(client)()
    stranger.post(SIGN_IN["vi"], {"phone": "0902 234 567"})
    assert stranger.post(CODE["vi"], {"code": code}).status_code == 422
    assert not signed_in_as(stranger)


def test_a_new_code_replaces_the_old_one(client, last_code, later):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    old = last_code()
    later(2)
    assert client.post(CODE["vi"], {"resend": "1"}).status_code == 303
    new = last_code()
    if old != new:
        assert client.post(CODE["vi"], {"code": old}).status_code == 422
    client.post(CODE["vi"], {"code": new})
    assert signed_in_as(client)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_next_code_comes_after_a_minute(client, language):
    client.post(SIGN_IN[language], {"phone": PHONE})
    answer = client.post(CODE[language], {"resend": "1"})
    assert answer.status_code == 429
    assert ("giây" if language == "vi" else "seconds") in answer.content.decode()
    other = type(client)()
    assert other.post(SIGN_IN[language], {"phone": "+84901234567"}).status_code == 429
    assert Message.objects.count() == 1


def test_pressing_the_button_twice_leads_to_the_code_page(client, last_code):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    assert client.post(SIGN_IN["vi"], {"phone": PHONE})["Location"] == CODE["vi"]
    client.post(CODE["vi"], {"code": last_code()})
    assert signed_in_as(client)


def test_a_number_gets_five_codes_an_hour_and_ten_a_day(client, later):
    for _ in range(5):
        assert client.post(SIGN_IN["vi"], {"phone": PHONE}).status_code == 303
        later(2)
    assert client.post(SIGN_IN["vi"], {"phone": PHONE}).status_code == 429
    later(61)
    for _ in range(5):
        assert client.post(SIGN_IN["vi"], {"phone": PHONE}).status_code == 303
        later(2)
    later(61)
    assert client.post(SIGN_IN["vi"], {"phone": PHONE}).status_code == 429
    assert Message.objects.count() == 10


def test_one_address_cannot_send_codes_to_everybody(client):
    answers = [client.post(SIGN_IN["vi"], {"phone": f"09012{n:05d}"}).status_code for n in range(21)]
    assert answers == [303] * 20 + [429]


def test_neither_session_nor_old_message_holds_the_digits(client, last_code, run_tasks, capsys):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    code = last_code()
    assert run_tasks() == 1
    assert code in capsys.readouterr().out
    assert code not in str(dict(client.session))
    client.post(CODE["vi"], {"code": code})
    assert signed_in_as(client)
    assert code not in Message.objects.get().body


def test_a_message_whose_code_ran_out_is_masked_by_the_next_one(client, last_code, run_tasks, later):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    code = last_code()
    run_tasks()
    later(6)
    client.post(SIGN_IN["vi"], {"phone": "0902 234 567"})
    assert code not in Message.objects.earliest("pk").body


def test_the_digits_are_on_the_page_only_in_a_demonstration(client, last_code, settings):
    client.post(SIGN_IN["vi"], {"phone": PHONE})
    assert last_code() not in client.get(CODE["vi"]).content.decode()
    settings.DEMO = True
    client.post(SIGN_IN["vi"], {"phone": "0902 234 567"})
    assert last_code("+84902234567") in client.get(CODE["vi"]).content.decode()
    settings.MESSAGE_BACKENDS = {**settings.MESSAGE_BACKENDS, "sms": "somewhere.real"}
    client.post(SIGN_IN["vi"], {"phone": "0903 234 567"})
    assert last_code("+84903234567") not in client.get(CODE["vi"]).content.decode()


def test_the_session_key_changes(client, sign_in):
    client.post(SIGN_IN["vi"], {"phone": "0902 234 567"})
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def test_a_closed_account_stays_closed(client, sign_in, shopper):
    User.objects.filter(pk=shopper.pk).update(is_active=False)
    answer = sign_in(client)
    assert answer["Location"] == "/tai-khoan/da-khoa/"
    assert client.get(answer["Location"]).status_code == 200
    assert not signed_in_as(client)


def test_two_people_without_an_email_address(client, sign_in):
    sign_in(client)
    sign_in(type(client)(), "0902 234 567", "+84902234567")
    assert list(User.objects.order_by("pk").values_list("phone", "email")) == [(E164, None), ("+84902234567", None)]


@pytest.mark.parametrize("field", ["phone", "login"])
def test_an_email_address_is_as_good(client, last_code, field):
    button = {"send_code": "1"} if field == "login" else {}
    answer = client.post(SIGN_IN["vi"], {field: " Lan@Example.vn ", "password": "", **button})
    assert answer.status_code == (303 if field == "login" else 422)  # a password field left empty is a password form
    if field == "phone":
        assert client.post(SIGN_IN["vi"], {"phone": " Lan@Example.vn "}).status_code == 303
    client.post(CODE["vi"], {"code": last_code("lan@example.vn")})
    user = signed_in_as(client)
    assert (user.email, user.phone) == ("lan@example.vn", None)


def test_letters_that_only_look_alike_are_refused(client):
    User.objects.create_user(email="mike@example.vn")
    assert client.post(SIGN_IN["vi"], {"phone": "mıke@example.vn"}).status_code == 422


def test_there_is_no_other_way_in(client):
    """allauth's and Oscar's own pages are not routed; sign-up leads to sign-in."""
    assert client.get("/tai-khoan/dang-ky/?next=/gio-hang/")["Location"] == SIGN_IN["vi"] + "?next=/gio-hang/"
    for path in ("login/", "signup/", "password/reset/", "email/", "register/", "dang-nhap/code/"):
        assert client.get(f"/tai-khoan/{path}").status_code == 404
