"""``/don-hang/<code>/trang-thai/``: asked every other second by every open page, so cheap, and right to the point."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.audit.services import entry_add
from shop.checkout.services import payment_switch, transfer_claim
from shop.fulfilment.services import (
    cash_order_call,
    cash_parcel_refuse,
    consignment_accept,
    consignment_refuse,
    order_cancel_by_buyer,
    order_expire,
)
from shop.messaging.services import message_send
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of
from shop.payment.refunds.services import refund_account_set, refund_drop, refund_owe
from shop.payment.services import payment_confirm, payment_reverse
from shop.payment.stripe.models import CheckoutSession, SessionShare
from shop.reconciliation.services import line_ignore, line_return, line_undo, refund_settle
from shop.storefront.orders import version as versions
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.factories.bank import line_make, transfer_of
from tests.integration.checkout.pages import page_text

pytestmark = pytest.mark.django_db

MOST = 3
ACCOUNT = {"bin": "970436", "number": "0123456789", "holder": "NGUYEN THI THAO"}


def purchase(cooperatives=1, **extra):
    """A purchase of 120,000 dong from each of so many cooperatives."""
    goods = [listing_make(cooperative_make(), price=100_000) for _ in range(cooperatives)]
    return place(basket_of(*goods), **extra).group


def status_url(group, prefix=""):
    return f"{prefix}/don-hang/{group.code}/trang-thai/"


def version(group, prefix=""):
    """What an open page is told."""
    response = Client().get(status_url(group, prefix))
    assert response.status_code == 200
    return response.json()["version"]


def order_of(group):
    return group.members.first().order


def attempt_of(group):
    return attempts_of(order_of(group)).first()


def pay(group, amount, key="money"):
    return payment_confirm(attempt=attempt_of(group), amount=amount, key=key, by="bank")


def line_of(group, **extra):
    """A bank line with the order's code that no order took."""
    order = order_of(group)
    memo = f"MBVCB.77.{transfer_of(order).memo.lower()}.CT tu 0123"
    return line_make(order.consignment.cooperative, memo, 120_000, state="open", outcome="late", **extra)


def page_open(group, **extra):
    """A payment page of the card service over the order."""
    fields = {"session_id": "cs_1", "idempotency_key": "k", "group_code": group.code, "amount": 120_000}
    ends = timezone.now() + timedelta(minutes=30)
    page = CheckoutSession.objects.create(**(fields | {"expires_at": ends, "url": "https://pay.test/"} | extra))
    SessionShare.objects.create(session=page, attempt=attempt_of(group), amount=120_000)
    return page


def overdue(group):
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(source__order__membership__group=group).update(expires_at=past)


# -- Cost ---------------------------------------------------------------------------------------------------------


def queries(group, prefix=""):
    with CaptureQueriesContext(connection) as asked:
        version(group, prefix)
    return len(asked)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_three_queries_whatever_the_purchase_holds(prefix):
    small, large = purchase(), purchase(6)
    for group in (small, large):
        pay(group, 130_000, f"m{group.pk}")
        line_of(group)

    assert [queries(group, prefix) for group in (small, large)] == [MOST, MOST]


def test_two_queries_when_nothing_is_transferred():
    assert queries(purchase(provider="cod")) == 2


def test_a_stranger_costs_one_query(client):
    code = "2" * 20
    with CaptureQueriesContext(connection) as asked:
        assert versions.version_of(code) == ""
    assert len(asked) == 1

    assert client.get(f"/don-hang/{code}/trang-thai/").status_code == 404


def test_signed_in_visitor_costs_session_and_user_more(client, django_user_model):
    group = purchase()
    client.force_login(django_user_model.objects.create_user(phone="+84901234567"))

    with CaptureQueriesContext(connection) as asked:
        assert client.get(status_url(group)).status_code == 200

    assert len(asked) == MOST + 2


def test_answer_is_small_and_kept_by_nobody(client):
    response = client.get(status_url(purchase()))

    assert list(response.json()) == ["version"]
    assert len(response.json()["version"]) == 16
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


# -- It changes when something shown changes ----------------------------------------------------------------------


def part(it):
    pay(it.group, 50_000)


def whole(it):
    pay(it.group, 120_000)


def too_much(it):
    pay(it.group, 150_000)


def claimed(it):
    transfer_claim(attempt=attempt_of(it.group), by="x")


def switched(it):
    payment_switch(order=it.order, provider_code="cod", by="x")


def expired(it):
    overdue(it.group)
    assert order_expire(order=it.order)


def withdrawn(it):
    order_cancel_by_buyer(order=it.order, by="x")


def refused(it):
    consignment_refuse(consignment=it.order.consignment, reason="Mưa", by="x")


def stray(it):
    line_of(it.group)


def card_page(it):
    page_open(it.group)


@pytest.mark.parametrize(
    "step",
    [part, whole, too_much, claimed, switched, expired, withdrawn, refused, stray, card_page],
    ids=lambda step: step.__name__,
)
def test_each_step_changes_it_once(step):
    group = purchase()
    before = version(group)

    step(SimpleNamespace(group=group, order=order_of(group)))

    after = version(group)
    assert after != before
    assert version(group) == after


def chain(group, *steps):
    """The versions along the way."""
    seen = [version(group)]
    for step in steps:
        step()
        seen.append(version(group))
    return seen


def test_the_way_of_a_refund():
    group = purchase()
    pay(group, 150_000)
    order = order_of(group)
    refund = order.refunds.get()

    seen = chain(
        group,
        lambda: refund_account_set(refund=refund, by="x", **ACCOUNT),
        lambda: refund_account_set(refund=refund, by="x", **(ACCOUNT | {"number": "9876543210"})),
        lambda: refund_settle(refund=refund, reference="FT1", by="x"),
        lambda: refund_owe(order=order, amount=10_000, kind="goods", key="g", by="x"),
        lambda: refund_drop(refund=order.refunds.get(key="g"), by="x"),
    )

    assert len(set(seen)) == 6


def test_the_way_of_money_without_an_order():
    group = purchase()
    expired(SimpleNamespace(group=group, order=order_of(group)))
    line = line_of(group)

    def account():
        refund_account_set(refund=line.refund, by="x", **ACCOUNT)

    def returned():
        nonlocal line
        line = line_return(line=line, reason="", by="x")

    seen = chain(group, returned, account, lambda: refund_settle(refund=line.refund, reference="FT1", by="x"))

    assert len(set(seen)) == 4


def test_money_taken_back_from_the_list_is_as_before():
    group = purchase()
    before = version(group)
    line = line_of(group)
    open_ = version(group)

    assert chain(group, lambda: line_ignore(line=line, reason="quà", by="x")) == [open_, before]
    assert chain(group, lambda: line_undo(line=line, by="x")) == [before, open_]


def test_a_wrong_receipt_taken_off():
    group = purchase()
    entry = pay(group, 120_000)

    assert len(set(chain(group, lambda: payment_reverse(entry=entry, by="x")))) == 2


def test_the_way_of_an_order_in_cash():
    group = purchase(provider="cod")
    parcel = order_of(group).consignment

    seen = chain(
        group,
        lambda: cash_order_call(consignment=parcel, reached=False, by="x"),
        lambda: cash_order_call(consignment=parcel, reached=True, by="x"),
        lambda: consignment_accept(consignment=parcel, by="x"),
        lambda: cash_parcel_refuse(consignment=parcel, reason="Không nghe máy", by="x"),
    )

    assert len(set(seen)) == 5


def test_the_way_of_a_payment_page():
    group = purchase()
    page = page_open(group)

    def ended():
        CheckoutSession.objects.filter(pk=page.pk).update(state="expired")

    def another():
        page_open(group, session_id="cs_2", idempotency_key="k2")

    assert len(set(chain(group, ended, another))) == 3


def test_the_minute_in_which_the_hold_ends(monkeypatch):
    group = purchase()
    before = version(group)
    ends = attempt_of(group).expires_at

    monkeypatch.setattr(versions.timezone, "now", lambda: ends - timedelta(seconds=1))
    assert version(group) == before
    monkeypatch.setattr(versions.timezone, "now", lambda: ends)
    assert version(group) != before


# -- And only then ------------------------------------------------------------------------------------------------


def neighbour(group):
    """Another purchase from the same cooperative."""
    listing = order_of(group).lines.get().product.listing
    return place(basket_of(listing)).group


def test_what_others_do_changes_nothing():
    group = purchase()
    other = neighbour(group)
    before = version(group)

    pay(other, 150_000, "theirs")
    line_of(other)
    refund_account_set(refund=order_of(other).refunds.get(), by="x", **ACCOUNT)
    consignment_accept(consignment=order_of(other).consignment, by="x")

    assert version(group) == before


def test_what_nobody_sees_changes_nothing():
    group = purchase()
    before = version(group)
    order = order_of(group)

    entry_add(action="looked", subject=f"order:{order.number}", by="x", scope="market")
    message_send(kind="note", to=group.phone, body="x", key="note")
    line_make(order.consignment.cooperative, "tien com trua", 120_000, state="open")
    line_make(order.consignment.cooperative, transfer_of(order).memo, 120_000, state="new")
    line_make(order.consignment.cooperative, transfer_of(order).memo, 120_000, state="out")

    assert version(group) == before


def test_a_receipt_told_twice_changes_it_once():
    group = purchase()
    whole(SimpleNamespace(group=group))
    before = version(group)

    whole(SimpleNamespace(group=group))

    assert version(group) == before


def test_the_end_of_a_hold_is_nothing_to_a_paid_order(monkeypatch):
    group = purchase()
    pay(group, 120_000)
    before = version(group)

    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(versions.timezone, "now", lambda: later)

    assert version(group) == before


# -- The pages speak of the same ----------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("tail", ["", "{number}/"])
def test_pages_carry_the_version(client, prefix, tail):
    group = purchase(2)
    tail = tail.format(number=order_of(group).number)

    for code in (group.code, group.code.upper()):
        text = page_text(client.get(f"{prefix}/don-hang/{code}/{tail}"))
        assert f'data-version="{version(group)}"' in text
        assert f'data-poll="{prefix}/don-hang/{group.code}/trang-thai/"' in text


def test_page_that_ends_a_hold_carries_the_version_after_it(client):
    group = purchase()
    overdue(group)

    text = page_text(client.get(f"/don-hang/{group.code}/"))

    order_of(group).refresh_from_db()
    assert order_of(group).status == "cancelled"
    assert f'data-version="{version(group)}"' in text


def test_page_asks_sooner_after_the_buyer_said_so(client):
    group = purchase()
    assert "data-soon" not in page_text(client.get(f"/don-hang/{group.code}/"))

    transfer_claim(attempt=attempt_of(group), by="x")

    assert "data-soon" in page_text(client.get(f"/don-hang/{group.code}/"))


def test_a_problem_page_renews_itself_from_the_purchase(client):
    group = purchase()

    response = client.post(f"/don-hang/{group.code}/{order_of(group).number}/doi-cach-tra/", {"provider": "?"})

    assert response.status_code == 409
    assert f'data-page="/don-hang/{group.code}/"' in page_text(response)
