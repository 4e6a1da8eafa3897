"""Who sees and changes a cooperative's account, by role; nobody reaches another cooperative's."""

import pytest
from django.test import Client

from shop.accounts.models import User
from tests.integration.seller.accounts.conftest import HOME, accounts, approve, ask, change_of, notices, prove, stop

pytestmark = pytest.mark.django_db

PAGES = [HOME, f"{HOME}doi/", f"{HOME}doi/xem-lai/", f"{HOME}bao-co/", f"{HOME}bao-co/sepay/", "/ban-hang/xac-nhan/"]
MONEY = ["/ban-hang/tien/sao-ke/", "/ban-hang/tien-mat/", "/ban-hang/tien-mat/cai-dat/"]


def test_strangers_sign_in_first(cooperative):
    account = cooperative.bank_accounts.get()
    for url in [*PAGES, *MONEY, f"{HOME}{account.pk}/duyet/"]:
        answer = Client().get(url)
        assert (answer.status_code, answer["Location"]) == (302, f"/tai-khoan/dang-nhap/?next={url}")
    assert Client().post(f"{HOME}{account.pk}/dung/").status_code == 302


def test_shoppers_get_a_friendly_page(client, cooperative):
    client.force_login(User.objects.create_user(phone="+84912000009"))
    account = cooperative.bank_accounts.get()
    for url in [*PAGES, *MONEY, f"{HOME}{account.pk}/duyet/"]:
        assert client.get(url).status_code == 403
    assert client.post(f"{HOME}{account.pk}/dung/").status_code == 403
    assert accounts(cooperative) == [(account.number, "active")]


def test_packers_see_nothing_of_it(person, cooperative):
    packer = person(cooperative, "packer")
    number = cooperative.bank_accounts.get().number
    for url in [*PAGES, *MONEY]:
        answer = packer.get(url)
        assert answer.status_code == 403
        assert number not in answer.content.decode()


@pytest.mark.parametrize("role", ["seller", "accountant"])
def test_others_look_but_do_not_ask(person, cooperative, role):
    client = person(cooperative, role, proven=True)
    page = client.get(HOME).content.decode()
    assert cooperative.bank_accounts.get().number in page
    assert f"{HOME}doi/" not in page
    before = accounts(cooperative)
    assert client.get(f"{HOME}doi/").status_code == 403
    assert client.post(f"{HOME}doi/", {}).status_code == 403
    assert client.post(f"{HOME}doi/xem-lai/", {"number": "1"}).status_code == 403
    assert accounts(cooperative) == before


@pytest.mark.parametrize("role", ["seller", "packer"])
def test_others_do_not_decide(person, cooperative, owner, role):
    ask(owner)
    account = change_of(cooperative)
    client = person(cooperative, role)
    if role == "seller":
        prove(client)
    assert approve(client, account).status_code == 403
    assert stop(client, account).status_code == 403
    assert client.get(f"{HOME}{account.pk}/duyet/").status_code == 403
    assert change_of(cooperative).state == "asked"


@pytest.mark.parametrize("role", ["owner", "seller", "accountant"])
def test_another_cooperatives_account_does_not_exist(person, cooperative, neighbour, owner, role):
    ask(owner)
    account = change_of(cooperative)
    client = person(neighbour, role, proven=True)
    for prefix in ("", "/en"):
        for method in ("get", "post"):
            url = f"{prefix}{HOME}{account.pk}/duyet/?htx={cooperative.slug}"
            assert getattr(client, method)(url).status_code == 404
        assert client.post(f"{prefix}{HOME}{account.pk}/dung/?htx={cooperative.slug}").status_code == 404
    assert change_of(cooperative).state == "asked"
    page = client.get(HOME, {"htx": cooperative.slug}).content.decode()
    assert account.number not in page
    assert neighbour.bank_accounts.get().number in page


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999999"])
def test_an_account_that_is_not_there(owner, pk):
    assert owner.get(f"{HOME}{pk}/duyet/").status_code == 404
    assert owner.post(f"{HOME}{pk}/dung/").status_code == 404


def test_a_person_in_two_cooperatives_decides_in_the_right_one(person, cooperative, neighbour, owner):
    ask(owner)
    client = person(neighbour, "packer")
    cooperative.memberships.create(user=client.user, role="accountant")
    assert client.get(HOME, {"htx": cooperative.slug}).status_code == 200
    prove(client)
    client.get("/ban-hang/", {"htx": neighbour.slug})
    assert approve(client, change_of(cooperative)).status_code == 303
    assert change_of(cooperative).decided_by == client.user.phone


def test_leaving_ends_access_at_once(person, cooperative, owner):
    ask(owner)
    client = person(cooperative, "accountant", proven=True)
    client.user.memberships.all().delete()
    assert approve(client, change_of(cooperative)).status_code == 403
    assert change_of(cooperative).state == "asked"


def test_posts_need_the_token(person, cooperative, owner):
    ask(owner)
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(cooperative, "accountant").user)
    assert stop(client, change_of(cooperative)).status_code == 403
    assert client.post("/ban-hang/tien/sao-ke/", {}).status_code == 403
    assert change_of(cooperative).state == "asked"


def test_links_change_nothing(owner, cooperative):
    ask(owner)
    assert owner.get(f"{HOME}{change_of(cooperative).pk}/dung/").status_code == 405
    for step in ("bat-dau", "khoa", "so-ao", "ngat"):
        assert owner.get(f"{HOME}bao-co/sepay/{step}/").status_code == 405
    assert change_of(cooperative).state == "asked"
    assert not cooperative.bank_feeds.exists()


def test_pages_are_not_kept_anywhere(owner):
    for url in PAGES:
        assert "no-store" in owner.get(url)["Cache-Control"]


# -- Operators -----------------------------------------------------------------------------------------------------


def test_an_operator_is_the_second_person(operator, cooperative, owner):
    ask(owner)
    client = operator("change_bankline", "change_bankaccount")
    client.get(HOME, {"htx": cooperative.slug})
    prove(client)
    assert approve(client, change_of(cooperative)).status_code == 303
    account = change_of(cooperative)
    assert (account.state, account.decided_by) == ("approved", client.user.email)


def test_an_operators_link_leads_straight_to_the_account(operator, cooperative, neighbour, owner):
    ask(owner)
    client = operator("change_bankline", "change_bankaccount")
    client.get(HOME, {"htx": neighbour.slug})
    prove(client)
    page = client.get(f"{HOME}{change_of(cooperative).pk}/duyet/")
    assert page.status_code == 200
    assert page.context["cooperative"] == cooperative


def test_an_operator_asks_but_does_not_approve_that(operator, cooperative):
    client = operator("change_bankline", "change_bankaccount")
    client.get(HOME, {"htx": cooperative.slug})
    prove(client)
    assert ask(client).status_code == 303
    assert approve(client, change_of(cooperative)).status_code == 409
    assert change_of(cooperative).state == "asked"


def test_looking_after_lines_is_not_looking_after_accounts(operator, cooperative, owner):
    ask(owner)
    client = operator("change_bankline")
    client.get("/ban-hang/", {"htx": cooperative.slug})
    assert client.get(HOME).status_code == 403
    assert approve(client, change_of(cooperative)).status_code == 403
    assert stop(client, change_of(cooperative)).status_code == 403
    assert client.get(f"{HOME}bao-co/").status_code == 403
    assert change_of(cooperative).state == "asked"
    assert ("approved", cooperative.phone) not in notices()
