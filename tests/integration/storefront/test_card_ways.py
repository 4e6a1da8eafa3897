"""Between the card and other ways to pay, back to the card, and what the checkout says about cards."""

import pytest
from oscar.core.loading import get_model

from shop.payment.books import attempts_of
from shop.payment.services import payment_confirm
from shop.reconciliation.services import refund_settle
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.integration.checkout.pages import checkout_form, guest, page_text
from tests.integration.storefront.money import (
    LANGUAGES,
    come_back,
    orders_of,
    over,
    page_now,
    page_url,
    press,
    states,
    words,
)

StockRecord = get_model("partner", "StockRecord")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("double")]


@pytest.fixture
def group():
    """Two orders to be paid by card: 120,000 and 220,000 dong."""
    return place(basket_of(listing_make(price=100_000), listing_make(price=200_000)), provider="stripe").group


@pytest.fixture
def single():
    """One order of 120,000 dong."""
    return place(basket_of(listing_make(price=100_000)), provider="stripe").group


# -- Another way --------------------------------------------------------------------------------------------------


def switch(client, group, order, way):
    return client.post(page_url(group, f"{order.number}/doi-cach-tra/"), {"provider": way})


def test_switch_to_a_transfer_ends_the_payment_page(client, single, double):
    order = orders_of(single)[0]
    press(client, single)

    assert switch(client, single, order, "vietqr").status_code == 302

    assert states(client, single) == ["waiting"]
    assert page_now(single).state == "expired"
    assert double.sessions[0]["status"] == "expired"
    assert client.get(page_url(single, f"the/{page_now(single).pk}/")).status_code == 303


def test_switch_after_the_card_was_charged_keeps_the_payment(client, single, double):
    order = orders_of(single)[0]
    press(client, single)
    double.pay(page_now(single).session_id)

    assert switch(client, single, order, "cod").status_code == 302

    assert states(client, single) == ["paid"]
    assert [attempt.provider for attempt in attempts_of(order)] == ["stripe"]


def test_cancel_after_the_card_was_charged_keeps_the_order(client, single, double):
    order = orders_of(single)[0]
    press(client, single)
    double.pay(page_now(single).session_id)

    assert client.post(page_url(single, f"{order.number}/huy/")).status_code == 302

    assert states(client, single) == ["paid"]


def test_cancel_ends_the_payment_page(client, single, double):
    order = orders_of(single)[0]
    press(client, single)

    assert client.post(page_url(single, f"{order.number}/huy/")).status_code == 302

    assert states(client, single) == ["withdrawn"]
    assert double.sessions[0]["status"] == "expired"


def test_switch_goes_on_when_stripe_does_not_answer(client, single, double):
    order = orders_of(single)[0]
    press(client, single)
    double.faults = ["error"] * 9

    assert switch(client, single, order, "vietqr").status_code == 302

    assert states(client, single) == ["waiting"]


def test_one_of_two_orders_goes_another_way(client, group, double):
    first, second = orders_of(group)
    press(client, group)

    switch(client, group, first, "vietqr")

    assert double.sessions[0]["status"] == "expired"
    assert states(client, group) == ["waiting", "card"]
    assert press(client, group).status_code == 303
    assert page_now(group).amount == 220_000


def test_from_a_transfer_to_the_card(client):
    group = place(basket_of(listing_make(price=100_000)), provider="vietqr").group
    order = orders_of(group)[0]

    assert 'name="provider" value="stripe"' in page_text(client.get(page_url(group)))
    assert switch(client, group, order, "stripe").status_code == 302

    assert states(client, group) == ["card"]


def test_card_order_is_not_claimed_as_transferred(client, single):
    order = orders_of(single)[0]
    before = attempts_of(order).get().expires_at

    assert client.post(page_url(single, f"{order.number}/da-chuyen/")).status_code == 409

    attempt = attempts_of(order).get()
    assert (attempt.claimed_at, attempt.expires_at) == (None, before)


def test_no_transfer_code_for_a_card_order(client, single):
    assert client.get(page_url(single, f"{orders_of(single)[0].number}/qr.png")).status_code == 404


# -- Money back to the card ---------------------------------------------------------------------------------------


@LANGUAGES
def test_too_much_goes_back_to_the_card(client, single, language):
    order = orders_of(single)[0]
    payment_confirm(attempt=attempts_of(order).get(), amount=150_000, key="card", by="stripe")

    text = page_text(client.get(page_url(single, language=language)))
    account = client.post(page_url(single, f"{order.number}/tai-khoan-nhan-lai/", language), {})

    assert words("%(sum)s goes back to you", language, sum=30_000) in text
    assert words("It goes to the card that you paid with; banks take up to 10 days to show it.", language) in text
    assert "tai-khoan-nhan-lai" not in text
    assert account.status_code == 409
    assert words("This money goes back to the card that paid. No account is needed.", language) in page_text(account)
    assert order.refunds.get().number == ""


@LANGUAGES
def test_charged_when_the_goods_were_gone(client, single, double, language):
    order = orders_of(single)[0]
    press(client, single)
    over(order)
    StockRecord.objects.update(num_in_stock=0)
    double.pay(page_now(single).session_id)

    come_back(client, page_now(single), single)

    assert states(client, single) == ["expired"]
    text = page_text(client.get(page_url(single, language=language)))
    sentence = "The money came after the time was over, so the order could not go on. The goods are back on sale."
    assert words(sentence, language) in text
    assert words("%(sum)s goes back to you", language, sum=120_000) in text
    refund_settle(refund=order.refunds.get(), reference="re_1", by="stripe")
    rows = client.get(page_url(single, f"{order.number}/", language)).context["movements"]
    assert [(row["text"], row["amount"], row["reference"]) for row in rows] == [
        (words("Paid by card", language), 120_000, ""),
        (words("Paid back to your card", language), 120_000, "re_1"),
    ]


# -- Checkout -----------------------------------------------------------------------------------------------------


@LANGUAGES
def test_checkout_says_what_cards(client, language):
    prefix = "/en" if language == "en" else ""
    guest(client, basket_of(listing_make(cooperative_make(cod_limit=50_000), price=100_000)))

    text = page_text(client.get(f"{prefix}/thanh-toan/"))

    assert words("Visa, Mastercard, JCB; for buyers abroad", language) in text
    assert words("This sum is too large for cash", language) in text


@pytest.mark.parametrize(("way", "said"), [("stripe", "card"), ("vietqr", "transfer"), ("cod", "cash")])
def test_checkout_says_what_follows_the_button(client, way, said):
    cooperative = cooperative_make()
    basket = guest(client, basket_of(listing_make(cooperative, price=100_000)))
    form = checkout_form(basket, **{f"provider-{cooperative.pk}": way})

    text = page_text(client.post("/en/thanh-toan/", form, headers={"X-Requested-With": "preview"}))

    sentences = {
        "card": "You pay by card on a secure page of Stripe, right after the button.",
        "transfer": "You will make 1 transfer, to 1 cooperative.",
        "cash": "You pay the driver. The cooperative calls you to confirm.",
    }
    assert [name for name, sentence in sentences.items() if sentence in text] == [said]
