"""Paying a part of an order back: never more units than were sold, never more money than came."""

import re

import pytest

from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund, RefundLine
from shop.payment.refunds.services import RefundError, refund_drop
from tests.integration.seller.money.books import reload, snapshot

pytestmark = pytest.mark.django_db


def address(consignment):
    return f"/ban-hang/don/{consignment.order.number}/tra-lai/"


def data(consignment, units="", dong="", reason="Dập hai hộp", token="t" * 20):
    line = consignment.order.lines.get()
    return {f"line-{line.pk}": units, "dong": dong, "reason": reason, "token": token}


def post(client, consignment, *args, **options):
    return client.post("/en" + address(consignment), data(consignment, *args, **options))


def test_units_at_their_price(owner_client, cooperative, paid_order):
    answer = post(owner_client, paid_order, "1")
    refund = Refund.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/en/ban-hang/tien/tra-lai/{refund.pk}/")
    assert (refund.amount, refund.kind, refund.reason, refund.state) == (100_000, "goods", "Dập hai hộp", "owed")
    assert refund.by == cooperative.memberships.get().user.phone
    assert RefundLine.objects.values_list("quantity", "amount").get() == (1, 100_000)


def test_a_free_sum_with_and_without_units(owner_client, paid_order):
    assert post(owner_client, paid_order, "1", "30.000").status_code == 303
    assert post(owner_client, paid_order, "", "20000 đ", token="u" * 20).status_code == 303
    assert list(Refund.objects.order_by("pk").values_list("amount", flat=True)) == [30_000, 20_000]
    assert RefundLine.objects.get().quantity == 1


def test_pressed_twice_is_owed_once(owner_client, paid_order):
    places = {post(owner_client, paid_order, "1")["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Refund.objects.count() == 1


def test_each_page_is_a_refund_of_its_own(owner_client, paid_order):
    tokens = {
        re.search(r'name="token" value="([\w-]{16,})"', owner_client.get(address(paid_order)).content.decode())[1]
        for _ in range(2)
    }
    assert len(tokens) == 2
    for token in tokens:
        assert post(owner_client, paid_order, "1", token=token).status_code == 303
    assert Refund.objects.count() == 2


@pytest.mark.parametrize("token", ["", "x", "\x00" * 20, "'" * 20, "a" * 500])
def test_a_page_without_its_token(owner_client, paid_order, token):
    assert post(owner_client, paid_order, "1", token=token).status_code in (303, 422)
    assert Refund.objects.count() <= 1


@pytest.mark.parametrize(
    ("units", "dong"),
    [("", ""), ("0", ""), ("3", ""), ("-1", ""), ("x", ""), ("1.5", ""), ("9" * 40, ""), ("", "220001")]
    + [("", "-1"), ("", "0"), ("", "abc"), ("", "9" * 20), ("", "1.5"), ("1", "220.001"), ("", "\x00")],
)  # fmt: skip
def test_sums_and_units_that_cannot_be(owner_client, paid_order, units, dong):
    before = snapshot()
    answer = post(owner_client, paid_order, units, dong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "aria-invalid" in page
    assert "Dập hai hộp" in page
    assert snapshot() == before


def test_the_limit_is_said_beside_the_field(owner_client, paid_order):
    page = post(owner_client, paid_order, "", "220001").content.decode()
    assert "That is 220,001\xa0₫. At most 220,000\xa0₫ of this order can still be paid back." in page
    assert 'value="220001"' in page
    page = post(owner_client, paid_order, "3").content.decode()
    assert "At most 2 can still come back." in page


def test_a_reason_is_needed(owner_client, paid_order):
    before = snapshot()
    for reason in ("", " ", "x" * 301):
        assert post(owner_client, paid_order, "1", reason=reason).status_code == 422
    assert snapshot() == before


def test_no_more_than_is_left(owner_client, paid_order):
    post(owner_client, paid_order, "2", token="a" * 20)
    assert balance_of(paid_order.order).returnable == 20_000
    assert post(owner_client, paid_order, "1", token="b" * 20).status_code == 422
    assert post(owner_client, paid_order, "", "20001", token="b" * 20).status_code == 422
    assert post(owner_client, paid_order, "", "20000", token="b" * 20).status_code == 303
    assert balance_of(paid_order.order).returnable == 0


def test_a_dropped_refund_frees_its_units(owner_client, paid_order):
    post(owner_client, paid_order, "2", token="a" * 20)
    refund_drop(refund=Refund.objects.get(), by="x")
    assert post(owner_client, paid_order, "2", token="b" * 20).status_code == 303


def test_somebody_else_was_quicker(owner_client, paid_order, monkeypatch):
    def refuse(**_):
        raise RefundError("too_much", 5_000)

    monkeypatch.setattr("shop.seller.money.parts.refund_owe", refuse)
    answer = post(owner_client, paid_order, "1")
    assert answer.status_code == 422
    assert "At most 5,000\xa0₫" in answer.content.decode()


def test_nothing_came_so_nothing_goes_back(owner_client, cooperative, order_of):
    consignment = order_of(cooperative)
    assert owner_client.get(address(consignment)).status_code == 200
    assert post(owner_client, consignment, "1").status_code == 422
    assert not Refund.objects.exists()


def test_the_order_leads_here_only_while_something_is_left(owner_client, cooperative, paid_order, order_of):
    def leads(consignment):
        return address(consignment) in owner_client.get(f"/ban-hang/don/{consignment.order.number}/").content.decode()

    assert leads(paid_order)
    assert not leads(order_of(cooperative))
    post(owner_client, paid_order, "", "220000")
    assert not leads(paid_order)


def test_a_neighbours_lines_do_not_count(owner_client, neighbour, order_of, paid_order):
    theirs = order_of(neighbour).order.lines.get()
    before = snapshot()
    answer = owner_client.post(address(paid_order), data(paid_order) | {f"line-{theirs.pk}": "1"})
    assert answer.status_code == 422
    assert snapshot() == before
    assert reload(paid_order).state == "new"
