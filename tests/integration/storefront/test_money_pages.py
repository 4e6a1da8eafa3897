"""What a buyer sees of their money: parts, too much, too late, and what goes back, in both languages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.fulfilment.services import (
    cash_order_call,
    cash_parcel_deliver,
    cash_parcel_refuse,
    consignment_accept,
    consignment_refuse,
)
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_account_set, refund_bounce, refund_owe
from shop.payment.vietqr import image
from shop.reconciliation.matching import line_match
from shop.reconciliation.services import line_assign, line_return, line_undo, refund_settle
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.factories.bank import line_make, transfer_of
from tests.integration.checkout.pages import page_text
from tests.integration.storefront.money import (
    ACCOUNT,
    LANGUAGES,
    PAYER,
    TOTAL,
    order_url,
    over,
    page_url,
    panel_of,
    pay,
    stray,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return listing_make(cooperative_make("HTX Vú sữa"), price=100_000, stock=10)


@pytest.fixture
def group(listing):
    """A purchase of 120,000 dong, to be transferred."""
    return place(basket_of(listing)).group


@pytest.fixture
def order(group):
    return group.members.get().order


# -- A part ------------------------------------------------------------------------------------------------------


@LANGUAGES
def test_a_part_shows_what_came_and_what_is_missing(client, group, order, language):
    pay(order, 50_000)

    text = page_text(client.get(page_url(group, language=language)))

    assert words("Received %(sum)s, %(missing)s still missing", language, sum=50_000, missing=70_000) in text
    assert 'data-copy="70000"' in text
    assert 'data-copy="120000"' not in text
    sentence = "If the rest has not come by then, the order is cancelled and %(sum)s goes back to you."
    assert words(sentence, language, sum=50_000) in text


def test_code_and_picture_are_over_the_rest(client, group, order):
    pay(order, 50_000)
    transfer = transfer_of(order)

    panel = panel_of(client, group)
    picture = client.get(order_url(group, order, "qr.png"))

    assert panel.payload == transfer.payload_for(70_000)
    assert "540570000" in panel.payload
    assert picture.content == image.png(transfer.payload_for(70_000))
    assert picture.content != image.png(transfer.payload)


def test_a_part_holds_the_goods_for_a_day_and_says_so(client, group, order, settings):
    pay(order, 50_000)

    panel = panel_of(client, group)

    left = panel.attempt.expires_at - timezone.now()
    assert timedelta(hours=settings.PAYMENT_CLAIM_HOURS - 1) < left
    until = timezone.localtime(panel.attempt.expires_at).strftime("%H:%M, %d/%m")
    text = page_text(client.get(page_url(group)))
    assert until in text
    assert "data-until" not in text


def test_the_rest_makes_it_green(client, group, order):
    pay(order, 50_000, "one")
    pay(order, 70_000, "two")

    panel = panel_of(client, group)
    text = page_text(client.get(page_url(group)))

    assert (panel.state, panel.due, panel.repayments) == ("paid", 0, [])
    assert words("The money has arrived. The cooperative is preparing your goods.", "vi") in text
    assert text.count("live--done") == 1
    assert 'role="status"' in text  # one for the whole page, outside what is renewed
    region = text.partition("data-poll-region")[2].partition("</main>")[0]
    assert 'role="status"' not in region


# -- Too much ----------------------------------------------------------------------------------------------------


@LANGUAGES
def test_too_much_goes_back(client, group, order, language):
    pay(order, 150_000)

    text = page_text(client.get(page_url(group, language=language)))

    assert words("Received %(sum)s", language, sum=TOTAL) in text
    assert words("%(sum)s goes back to you", language, sum=30_000) in text
    assert words("You paid more than the order costs.", language) in text
    assert words("The cooperative needs to know your account.", language) in text
    assert order_url(group, order, "tai-khoan-nhan-lai/", language) in text


@LANGUAGES
def test_paid_back_says_when_where_and_under_which_reference(client, group, order, language):
    pay(order, 150_000)
    refund = order.refunds.get()
    refund_account_set(refund=refund, by="x", **ACCOUNT)
    refund_settle(refund=refund, reference="FT24329000111", by="kế toán")
    refund.refresh_from_db()
    at = timezone.localtime(refund.closed_at).strftime("%H:%M, %d/%m")

    text = page_text(client.get(page_url(group, language=language)))

    assert words("%(sum)s was paid back to you at %(time)s", language, sum=30_000, time=at) in text
    assert words("Bank reference: %(reference)s.", language, reference="FT24329000111") in text
    assert "Vietcombank •••• 6789, NGUYEN THI THAO" in text
    assert ACCOUNT["number"] not in text
    assert "tai-khoan-nhan-lai" not in text


# -- Too late ----------------------------------------------------------------------------------------------------


@LANGUAGES
def test_a_part_and_no_more_is_owed_back(client, group, order, language):
    pay(order, 50_000)
    over(order)

    response = client.get(page_url(group, language=language))
    text = page_text(response)

    assert response.context["panels"][0].state == "expired"
    sentence = "Only %(sum)s of %(total)s arrived in time, so the order was cancelled and the goods are back on sale."
    assert words(sentence, language, sum=50_000, total=TOTAL) in text
    assert words("%(sum)s goes back to you", language, sum=50_000) in text
    assert words("What you paid goes back to you: see below.", language) in text


@LANGUAGES
def test_late_money_waits_for_a_person(client, group, order, language):
    over(order)
    line = stray(order)
    day = timezone.localtime(line.occurred_at).strftime("%d/%m")

    text = page_text(client.get(page_url(group, language=language)))

    assert words("%(sum)s with this order's code came in on %(day)s", language, sum=TOTAL, day=day) in text
    sentence = (
        "The order was over by then. Somebody at the cooperative now decides: the order goes on if the goods are still "
        "there, or the money goes back to you."
    )
    assert words(sentence, language) in text
    assert "tai-khoan-nhan-lai" not in text


@pytest.mark.parametrize("tail", ["", "detail"])
def test_no_word_of_who_sent_it(client, group, order, tail):
    over(order)
    line = stray(order, foreign_id="foreign-77", reference="FT24000077")
    address = order_url(group, order) if tail else page_url(group)
    for _ in range(2):
        text = page_text(client.get(address))
        for private in (*PAYER.values(), line.memo, "tra tien vu sua", "foreign-77", "FT24000077"):
            assert private not in text
        if line.state == "open":
            line = line_return(line=line, reason="hết hàng", by="x")


def test_late_money_that_goes_back_to_its_sender(client, group, order):
    over(order)
    line = line_return(line=stray(order), reason="", by="x")

    text = page_text(client.get(page_url(group)))

    assert (line.refund.bin, line.refund.number) == (PAYER["payer_bin"], PAYER["payer_number"])
    assert words("It came with this order's code, but the order could not take it.", "vi") in text
    assert words("The cooperative transfers it to the account that it came from.", "vi") in text
    assert client.post(order_url(group, order, "tai-khoan-nhan-lai/"), ACCOUNT).status_code == 409
    line.refund.refresh_from_db()
    assert line.refund.number == PAYER["payer_number"]


def test_late_money_of_an_unknown_sender_asks_the_buyer(client, group, order):
    over(order)
    line = line_return(line=stray(order, payer_bin="", payer_number="", payer_name=""), reason="", by="x")

    assert words("The cooperative needs to know your account.", "vi") in page_text(client.get(page_url(group)))
    assert client.post(order_url(group, order, "tai-khoan-nhan-lai/"), ACCOUNT).status_code == 303

    line.refund.refresh_from_db()
    assert {name: getattr(line.refund, name) for name in ACCOUNT} == ACCOUNT
    refund_settle(refund=line.refund, reference="FT9", by="x")
    text = page_text(client.get(order_url(group, order)))
    assert words("Bank reference: %(reference)s.", "vi", reference="FT9") in text


def test_late_money_that_finds_the_goods_makes_the_order_go_on(client, group, order):
    over(order)
    line = line_match(line=stray(order, state="new", outcome=""))

    assert line.state == "placed"
    response = client.get(order_url(group, order))
    text = page_text(response)
    assert response.context["panel"].state == "paid"
    titles = [step["title"] for step in response.context["steps"]]
    said = ("Ordered", "Cancelled: not paid in time", "The money came after all: the order goes on", "Money received")
    assert titles[:4] == [words(msgid, "vi") for msgid in said]
    assert line.memo not in text


def test_second_payment_of_a_paid_order(client, group, order):
    pay(order, TOTAL)
    stray(order, outcome="duplicate")

    text = page_text(client.get(page_url(group)))

    assert (
        words("Somebody at the cooperative looks at what it is for. What is too much goes back to you.", "vi") in text
    )


def test_money_with_another_orders_code_is_shown_there_only(client):
    cooperative = cooperative_make()
    first, second = (place(basket_of(listing_make(cooperative, price=100_000))).group for _ in range(2))
    stray(second.members.get().order)

    assert panel_of(client, first).stray == []
    assert len(panel_of(client, second).stray) == 1


def test_money_that_came_to_the_neighbour_of_the_purchase(client):
    """The code of one order, transferred to the other cooperative of the same purchase."""
    group = place(basket_of(listing_make(price=100_000), listing_make(price=100_000))).group
    first, second = (member.order for member in group.members.all())
    memo = transfer_of(first).memo
    line_make(second.consignment.cooperative, memo, TOTAL, state="open", outcome="wrong_cooperative")

    assert [len(panel.stray) for panel in client.get(page_url(group)).context["panels"]] == [1, 0]


# -- Refused, returned, damaged ------------------------------------------------------------------------------------


@LANGUAGES
def test_a_refused_paid_order_says_what_goes_back(client, group, order, language):
    pay(order, TOTAL)
    consignment_refuse(consignment=order.consignment, reason="Mưa lớn, vườn ngập", by="x")

    text = page_text(client.get(page_url(group, language=language)))

    assert "Mưa lớn, vườn ngập" in text
    assert words("%(sum)s goes back to you", language, sum=TOTAL) in text
    assert order_url(group, order, "tai-khoan-nhan-lai/", language) in text
    refund_settle(refund=order.refunds.get(), reference="FT5", by="x")
    text = page_text(client.get(page_url(group, language=language)))
    assert words("Your money has been paid back.", language) in text
    assert words("Bank reference: %(reference)s.", language, reference="FT5") in text


@LANGUAGES
def test_a_parcel_that_came_back(client, listing, language):
    group = place(basket_of(listing), provider="cod").group
    order = group.members.get().order
    cash_order_call(consignment=order.consignment, reached=True, by="x")
    consignment_accept(consignment=order.consignment, by="x")
    cash_parcel_refuse(consignment=order.consignment, reason="Không nghe máy", by="x")

    panel = panel_of(client, group, language)
    response = client.get(order_url(group, order, language=language))

    assert panel.state == "returned"
    sentence = "Nobody took the parcel, so it came back to the cooperative. You have nothing to pay."
    assert words(sentence, language) in page_text(client.get(page_url(group, language=language)))
    last = response.context["steps"][-1]
    assert (last["title"], last["state"], last["note"]) == (
        words("The parcel came back", language),
        "now",
        "Không nghe máy",
    )


def test_damaged_goods_paid_in_cash(client, listing):
    group = place(basket_of(listing), provider="cod").group
    order = group.members.get().order
    cash_order_call(consignment=order.consignment, reached=True, by="x")
    consignment_accept(consignment=order.consignment, by="x")
    cash_parcel_deliver(consignment=order.consignment, carrier="GHN", by="x")
    refund_owe(order=order, amount=40_000, kind="goods", key="g", by="x", reason="2 trái bị dập")

    text = page_text(client.get(page_url(group)))
    response = client.get(order_url(group, order))

    assert words("You have received this parcel.", "vi") in text
    assert words("%(sum)s goes back to you", "vi", sum=40_000) in text
    assert "2 trái bị dập" in text
    assert [row["text"] for row in response.context["movements"]] == [words("Paid in cash", "vi")]
    assert "GHN" not in page_text(response)


def test_a_refund_that_was_dropped_is_gone(client, group, order):
    pay(order, 150_000)
    Refund.objects.update(state="dropped")

    assert panel_of(client, group).repayments == []


# -- Every movement ------------------------------------------------------------------------------------------------


def rows_of(client, group, order, language="vi"):
    response = client.get(order_url(group, order, language=language))
    return [(row["text"], row["amount"], row["reference"]) for row in response.context["movements"]]


@LANGUAGES
def test_every_movement_in_plain_words(client, group, order, language):
    pay(order, 50_000, "one")
    pay(order, 100_000, "two")
    refund = order.refunds.get()
    refund_settle(refund=refund, reference="FT111", by="x")
    refund_bounce(refund=refund, by="x")

    said = [
        ("Received by bank transfer", 50_000, ""),
        ("Received by bank transfer", 100_000, ""),
        ("Paid back to you", 30_000, "FT111"),
        ("Could not be paid back: the money is with the cooperative again", 30_000, ""),
    ]
    assert rows_of(client, group, order, language) == [(words(msgid, language), *rest) for msgid, *rest in said]
    assert "FT777" not in page_text(client.get(order_url(group, order, language=language)))


def test_money_that_was_somebody_elses(client, group, order):
    line = line_assign(line=stray(order), shares={order: TOTAL}, by="x")
    line_undo(line=line, by="x")

    assert rows_of(client, group, order)[-1][0] == words("Taken off again: this money was not for your order", "vi")
    panel = panel_of(client, group)
    assert (panel.state, panel.due) == ("waiting", TOTAL)
    titles = [step["title"] for step in client.get(order_url(group, order)).context["steps"]]
    said = ("Ordered", "Money received", "The money was not for this order and was taken off")
    assert titles[:4] == [words(msgid, "vi") for msgid in (*said, "Waiting for the transfer")]


# -- Cost ----------------------------------------------------------------------------------------------------------


def count(client, address):
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_ask_as_often_for_many_orders_as_for_one(client):
    groups = [place(basket_of(*(listing_make(price=100_000) for _ in range(n)))).group for n in (1, 6)]
    for group in groups:
        for member in group.members.all():
            pay(member.order, 150_000, f"m{member.pk}")
            stray(member.order, outcome="duplicate")

    small, large = (count(client, page_url(group)) for group in groups)

    assert small == large <= 20
    assert count(client, order_url(groups[1], groups[1].members.first().order)) <= 20
