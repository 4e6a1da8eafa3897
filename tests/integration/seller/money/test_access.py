"""Whose money it is: packers, neighbours, strangers, shoppers and operators."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.accounts.models import User
from shop.payment.refunds.models import Refund
from shop.reconciliation.services import line_return
from tests.integration.seller.money.books import line_url, refund_url, shown, snapshot

pytestmark = pytest.mark.django_db

LISTS = ("/ban-hang/tien/", "/ban-hang/tien/?tab=done", "/ban-hang/tien/tra-lai/")
LINE_STEPS = ("len-don", "chia", "tra-lai", "bo-qua", "hoan-tac")
REFUND_STEPS = ("tai-khoan", "da-tra", "ve-the", "bo")
DATA = {
    "return-reason": "x",
    "ignore-reason": "x",
    "drop-reason": "x",
    "reference": "FT1",
    "bin": "970436",
    "number": "0123456789",
    "holder": "THAO",
    "reason": "x",
    "dong": "1.000",
    "token": "a" * 20,
}


@pytest.fixture
def operator(db):
    person = User.objects.create_user(email="help@example.vn", first_name="Huy")
    person.user_permissions.add(Permission.objects.get(codename="change_bankline"))
    return person


@pytest.fixture
def money(arrive, open_line, owed, order_of, cooperative):
    """Addresses of everything about one cooperative's money: (to look at, to post to)."""
    gone = arrive(cooperative, "nham")
    line_return(line=gone, reason="Nhầm", by="bank")
    order = order_of(cooperative).order
    rows = [line_url(open_line), line_url(gone), refund_url(owed), f"/ban-hang/don/{order.number}/tra-lai/"]
    posts = [line_url(row, step) for row in (open_line, gone) for step in LINE_STEPS]
    posts += [refund_url(row, step) for row in Refund.objects.all() for step in REFUND_STEPS]
    return rows, [*posts, rows[-1]], {**DATA, "order": order.number}


def test_strangers_sign_in_first(client, money):
    rows, posts, data = money
    before = snapshot()
    for url in (*LISTS, *rows, "/ban-hang/tien/tat-ca/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].startswith("/tai-khoan/dang-nhap/")) == (302, True), url
    assert {client.post(url, data).status_code for url in posts} == {302}
    assert snapshot() == before


def test_shoppers_belong_to_no_cooperative(client, money):
    rows, posts, data = money
    client.force_login(User.objects.create_user(phone="+84912000001"))
    before = snapshot()
    assert {client.get(url).status_code for url in (*LISTS, *rows)} == {403}
    assert {client.post(url, data).status_code for url in posts} == {403}
    assert client.get("/ban-hang/tien/tat-ca/").status_code == 404
    assert snapshot() == before


def test_packers_touch_no_money(client, cooperative, member, money):
    rows, posts, data = money
    client.force_login(member(cooperative, "packer"))
    before = snapshot()
    for url in (*LISTS, *rows):
        answer = client.get(url)
        assert answer.status_code == 403, url
        assert "seller/money/closed.html" in [template.name for template in answer.templates]
    assert {client.post(url, data).status_code for url in posts} == {403}
    assert snapshot() == before
    assert "/ban-hang/tien/" not in client.get("/ban-hang/").content.decode()


@pytest.mark.parametrize("role", ["owner", "seller", "packer", "accountant"])
def test_a_neighbours_money_does_not_exist(client, neighbour, cooperative, member, money, role):
    rows, posts, data = money
    client.force_login(member(neighbour, role))
    before = snapshot()
    ask = f"?htx={cooperative.slug}"
    assert {client.get(prefix + url + ask).status_code for url in rows for prefix in ("", "/en")} == {404}
    assert {client.post(url + ask, data).status_code for url in posts} == {404}
    assert snapshot() == before


@pytest.mark.parametrize("role", ["owner", "seller", "accountant"])
def test_people_with_money_see_their_own_lists(client, cooperative, neighbour, member, arrive, role):
    arrive(cooperative, "cua minh")
    arrive(neighbour, "cua nguoi ta")
    client.force_login(member(cooperative, role))
    page = client.get("/ban-hang/tien/?tab=uncoded").content.decode()
    assert "cua minh" in page
    assert "cua nguoi ta" not in page
    assert client.get("/ban-hang/tien/?q=cua+nguoi+ta").context["rows"] == []


def test_a_link_leads_into_its_own_cooperative(client, cooperative, neighbour, member, arrive):
    person = member(cooperative, "owner")
    neighbour.memberships.create(user=person, role="packer")
    ours, theirs = arrive(cooperative, "cua minh"), arrive(neighbour, "cho nay")
    client.force_login(person)
    assert client.get(line_url(theirs)).status_code == 403
    answer = client.get(line_url(ours))
    assert (answer.status_code, answer.context["cooperative"]) == (200, cooperative)


def test_looking_is_get_and_deciding_is_post(owner_client, money):
    rows, posts, data = money
    before = snapshot()
    for url in posts[:-1]:
        assert owner_client.get(url).status_code == 405, url
    for url in (*LISTS, *rows[:-1]):
        assert owner_client.post(url, data).status_code == 405, url
    assert snapshot() == before


def test_decisions_need_the_token(cooperative, member, money):
    _rows, posts, data = money
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(cooperative, "owner"))
    before = snapshot()
    assert {client.post(url, data).status_code for url in posts} == {403}
    assert snapshot() == before


def test_numbers_of_no_row(owner_client, open_line):
    for pk in (0, open_line.pk + 1, 10**18, 10**30):
        assert owner_client.get(f"/ban-hang/tien/{pk}/").status_code == 404
        assert owner_client.get(f"/ban-hang/tien/tra-lai/{pk}/").status_code == 404
        assert owner_client.post(f"/ban-hang/tien/{pk}/hoan-tac/").status_code == 404


def test_pages_are_not_kept_anywhere(owner_client, money):
    rows, _posts, _data = money
    for url in (*LISTS, *rows):
        assert "no-store" in owner_client.get(url)["Cache-Control"], url


# -- Operators ----------------------------------------------------------------------------------------------------


def test_an_operator_begins_with_all_cooperatives(client, operator, open_line):
    client.force_login(operator)
    for url in ("/ban-hang/", "/ban-hang/tien/", line_url(open_line)):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"]) == (302, "/ban-hang/tien/tat-ca/")
    assert client.get("/ban-hang/tien/tat-ca/").status_code == 200


def test_an_operator_enters_a_cooperative_and_acts_under_the_own_name(
    client, operator, cooperative, neighbour, open_line, order_of, arrive
):
    client.force_login(operator)
    page = client.get(f"/ban-hang/tien/?htx={cooperative.slug}")
    assert page.status_code == 200
    assert (page.context["cooperative"], page.context["workspace"].is_operator) == (cooperative, True)
    order = order_of(cooperative).order
    assert client.get(f"/ban-hang/don/{order.number}/").status_code == 200
    answer = client.post(line_url(open_line, "bo-qua"), {"ignore-reason": "Tiền nhà"})
    assert answer.status_code == 303
    open_line.refresh_from_db()
    assert (open_line.state, open_line.handled_by) == ("ignored", "help@example.vn")
    # Only within the cooperative that was entered.
    assert client.get(line_url(arrive(neighbour, "x"))).status_code == 404
    assert client.get(f"/ban-hang/tien/?htx={neighbour.slug}").context["cooperative"] == neighbour
    assert not operator.memberships.exists()


@pytest.mark.parametrize("slug", ["no-such", "%00", "a" * 300, "'"])
def test_a_cooperative_that_does_not_exist(client, operator, slug):
    client.force_login(operator)
    assert client.get(f"/ban-hang/tien/?htx={slug}")["Location"] == "/ban-hang/tien/tat-ca/"


def test_an_operator_keeps_the_own_role_at_home(client, operator, cooperative, neighbour):
    cooperative.memberships.create(user=operator, role="seller")
    client.force_login(operator)
    home = client.get("/ban-hang/").context["workspace"]
    assert (home.cooperative, home.is_operator) == (cooperative, False)
    away = client.get(f"/ban-hang/?htx={neighbour.slug}").context["workspace"]
    assert (away.cooperative, away.is_operator, away.others) == (neighbour, True, [cooperative])
    assert client.get(f"/ban-hang/?htx={cooperative.slug}").context["workspace"].is_operator is False


def test_a_lost_permission_ends_access_at_once(client, operator, cooperative, open_line):
    client.force_login(operator)
    assert client.get(f"/ban-hang/tien/?htx={cooperative.slug}").status_code == 200
    operator.user_permissions.clear()
    assert client.get(line_url(open_line)).status_code == 403
    assert client.get("/ban-hang/tien/tat-ca/").status_code == 404


def test_all_cooperatives_the_oldest_first(client, operator, cooperative, neighbour, arrive, owed, order_of):
    older = order_of(neighbour)
    line = arrive(neighbour, "khong ma", 220_000)
    type(line).objects.filter(pk=line.pk).update(occurred_at="2026-01-02T03:00Z")
    arrive(neighbour, "khong ma nua", 5)
    client.force_login(operator)
    answer = client.get("/ban-hang/tien/tat-ca/")
    rows = answer.context["rows"]
    assert [row.cooperative for row in rows] == [neighbour, cooperative]
    assert (rows[0].decide, rows[0].decide_dong, rows[0].uncoded, rows[0].owed) == (1, 220_000, 1, 0)
    assert (rows[1].decide, rows[1].owed, rows[1].owed_dong) == (0, 1, 220_000)
    page = answer.content.decode()
    assert f"?htx={neighbour.slug}" in page
    assert shown(older.order) not in page


def test_sellers_do_not_see_all_cooperatives(owner_client):
    assert owner_client.get("/ban-hang/tien/tat-ca/").status_code == 404


def test_queries_do_not_grow_with_the_cooperatives(
    client, operator, cooperative, neighbour, arrive, django_assert_max_num_queries
):
    client.force_login(operator)
    arrive(cooperative, "x")
    with django_assert_max_num_queries(9):
        client.get("/ban-hang/tien/tat-ca/")
    arrive(neighbour, "x")
    with django_assert_max_num_queries(9):
        client.get("/ban-hang/tien/tat-ca/")
