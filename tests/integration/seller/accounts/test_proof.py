"""Before anything about the account is changed the person proves again who they are."""

import re

import pytest
from django.test import Client

from shop.messaging.models import Message
from tests.integration.seller.accounts.conftest import HOME, PASSWORD, PROOF, accounts, approve, ask, change_of, prove

pytestmark = pytest.mark.django_db

GUARDED = [f"{HOME}doi/", f"{HOME}doi/xem-lai/", f"{HOME}bao-co/sepay/"]


def wanted(url):
    return f"{PROOF}?next={url.replace('/', '%2F')}"


@pytest.mark.parametrize("url", GUARDED)
def test_an_open_session_is_not_enough(person, cooperative, url):
    answer = person(cooperative).get(url)
    assert (answer.status_code, answer["Location"]) == (303, wanted(url))


def test_asking_without_proof_changes_nothing_and_loses_nothing(person, cooperative):
    client = person(cooperative)
    before = accounts(cooperative)
    answer = ask(client)
    assert (answer.status_code, answer["Location"]) == (303, wanted(f"{HOME}doi/xem-lai/"))
    assert accounts(cooperative) == before
    assert not Message.objects.filter(kind="account_change").exists()
    answer = client.post(PROOF, {"password": PASSWORD, "next": f"{HOME}doi/xem-lai/"})
    assert answer["Location"] == f"{HOME}doi/xem-lai/"
    assert "0071000012345" in client.get(f"{HOME}doi/xem-lai/").content.decode()


def test_approving_without_proof_changes_nothing(person, cooperative, owner):
    ask(owner)
    account = change_of(cooperative)
    answer = approve(person(cooperative, "accountant"), account)
    assert (answer.status_code, answer["Location"]) == (303, wanted(f"{HOME}{account.pk}/duyet/"))
    account.refresh_from_db()
    assert (account.state, account.decided_by) == ("asked", "")


@pytest.mark.parametrize("step", ["bat-dau", "khoa", "so-ao", "ngat"])
def test_services_are_not_touched_without_proof(person, cooperative, step):
    client = person(cooperative)
    answer = client.post(f"{HOME}bao-co/sepay/{step}/", {"hmac_secret": "abc", "numbers": "96247ABC"})
    assert (answer.status_code, answer["Location"]) == (303, wanted(f"{HOME}bao-co/sepay/{step}/"))
    assert not cooperative.bank_feeds.exists()


def test_it_holds_for_five_minutes(person, cooperative, clock):
    client = person(cooperative, proven=True)
    clock.forward(minutes=5)
    assert client.get(f"{HOME}doi/").status_code == 200
    clock.forward(seconds=1)
    assert client.get(f"{HOME}doi/").status_code == 303


def test_it_holds_in_its_own_session_only(person, cooperative):
    client = person(cooperative, proven=True)
    other = Client()
    other.force_login(client.user)
    assert other.get(f"{HOME}doi/").status_code == 303
    client.logout()
    client.force_login(client.user)
    assert client.get(f"{HOME}doi/").status_code == 303


def test_somebody_elses_proof_in_the_session_is_worth_nothing(person, cooperative):
    client = person(cooperative, proven=True)
    session = client.session
    session["seller_proof"] = {"user": client.user.pk + 1, "at": session["seller_proof"]["at"]}
    session.save()
    assert client.get(f"{HOME}doi/").status_code == 303


def test_wrong_passwords_are_refused_and_counted(person, cooperative):
    client = person(cooperative)
    for _ in range(5):
        answer = client.post(PROOF, {"password": "sai"})
        assert answer.status_code == 422
        assert "aria-invalid" in answer.content.decode()
    # Now the right one is not looked at either, here or at the sign-in.
    assert client.post(PROOF, {"password": PASSWORD}).status_code == 429
    assert client.get(f"{HOME}doi/").status_code == 303


@pytest.mark.parametrize("data", [{}, {"password": ""}, {"code": "123456"}, {"send_code": "1"}])
def test_a_password_is_not_replaced_by_anything(person, cooperative, data):
    client = person(cooperative)
    assert client.post(PROOF, data).status_code == 422
    assert client.get(f"{HOME}doi/").status_code == 303
    assert not Message.objects.filter(kind="one_time_code").exists()


def test_a_new_session_key_after_the_proof(person, cooperative):
    client = person(cooperative)
    before = client.session.session_key
    prove(client)
    assert client.session.session_key != before


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_next_never_leads_away(person, cooperative, url):
    answer = person(cooperative).post(PROOF, {"password": PASSWORD, "next": url})
    assert (answer.status_code, answer["Location"]) == (303, HOME)


# -- People without a password -------------------------------------------------------------------------------------


def code_to(phone):
    return re.search(r"\b(\d{6})\b", Message.objects.filter(to=phone, kind="one_time_code").latest("pk").body).group(1)


def test_without_a_password_a_code_goes_to_the_phone(person, cooperative):
    client = person(cooperative, password=None)
    assert 'name="send_code"' in client.get(PROOF).content.decode()
    answer = client.post(f"{PROOF}?next={HOME}doi/", {"send_code": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"{PROOF}?next={HOME}doi/")
    assert 'name="code"' in client.get(PROOF).content.decode()
    answer = client.post(PROOF, {"code": code_to(client.user.phone), "next": f"{HOME}doi/"})
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}doi/")
    assert client.get(f"{HOME}doi/").status_code == 200


def test_a_wrong_code_is_refused(person, cooperative):
    client = person(cooperative, password=None)
    client.post(PROOF, {"send_code": "1"})
    wrong = f"{(int(code_to(client.user.phone)) + 1) % 10**6:06d}"
    for code in (wrong, "", "abc"):
        assert client.post(PROOF, {"code": code}).status_code == 422
    assert client.get(f"{HOME}doi/").status_code == 303


def test_a_code_for_another_purpose_is_refused(person, cooperative):
    client = person(cooperative, password=None)
    client.post("/tai-khoan/mat-khau/", {"send_code": "1"})
    assert client.post(PROOF, {"code": code_to(client.user.phone)}).status_code == 422
    assert client.get(f"{HOME}doi/").status_code == 303


def test_a_code_to_an_old_number_is_refused(person, cooperative):
    client = person(cooperative, password=None)
    client.post(PROOF, {"send_code": "1"})
    code = code_to(client.user.phone)
    client.user.phone = "+84987654321"
    client.user.save()
    assert client.post(PROOF, {"code": code}).status_code == 422
    assert client.get(f"{HOME}doi/").status_code == 303


def test_a_second_code_waits(person, cooperative):
    client = person(cooperative, password=None)
    client.post(PROOF, {"send_code": "1"})
    answer = client.post(PROOF, {"send_code": "1"})
    assert answer.status_code == 429
    assert Message.objects.filter(kind="one_time_code").count() == 1


def test_signing_in_by_code_a_moment_ago_is_proof_enough(member, cooperative):
    user = member(cooperative, "owner")
    client = Client()
    client.post("/tai-khoan/dang-nhap/", {"phone": user.phone})
    client.post("/tai-khoan/dang-nhap/ma/", {"code": code_to(user.phone)})
    assert client.get(f"{HOME}doi/").status_code == 200
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    assert client.get(f"{HOME}doi/").status_code == 303
