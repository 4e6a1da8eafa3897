"""To the card service's page and back, with the strict stand-in for Stripe behind the real library."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of
from shop.payment.providers import providers
from shop.payment.stripe.models import CheckoutSession, StripeAccount
from shop.storefront.orders.panels import qr_of
from tests.factories import basket_of, listing_make, place
from tests.integration.checkout.pages import page_text
from tests.integration.storefront.conftest import WAYS
from tests.integration.storefront.money import (
    LANGUAGES,
    come_back,
    orders_of,
    page_now,
    page_url,
    press,
    states,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("double")]

DECLINED = "4000000000000002"


@pytest.fixture
def group():
    """Two orders to be paid by card: 120,000 and 220,000 dong."""
    return place(basket_of(listing_make(price=100_000), listing_make(price=200_000)), provider="stripe").group


@pytest.fixture
def single():
    """One order of 120,000 dong."""
    return place(basket_of(listing_make(price=100_000)), provider="stripe").group


# -- The way there ------------------------------------------------------------------------------------------------


@LANGUAGES
def test_one_button_for_the_whole_purchase(client, group, language):
    response = client.get(page_url(group, language=language))
    text = page_text(response)

    assert [panel.state for panel in response.context["panels"]] == ["card", "card"]
    assert text.count(f'action="{page_url(group, "the/", language)}"') == 1
    assert words("Pay %(sum)s by card", language, sum=340_000) in text
    assert text.count(words("Paid together with the card payment above.", language)) == 2
    assert response.context["now"] is None
    with override(language):
        assert f"<h1>{gettext('Pay by card')}</h1>" in re.sub(r"\s*(</?h1>)\s*", r"\1", text)


@LANGUAGES
def test_press_leads_to_our_own_page_with_link_and_code(client, group, double, language):
    answer = press(client, group, language)

    page = page_now(group)
    assert (answer.status_code, answer["Location"]) == (303, page_url(group, f"the/{page.pk}/", language))
    assert (page.amount, page.language, page.by) == (340_000, language, group.phone)
    response = client.get(answer["Location"])
    text = page_text(response)
    assert response["Cache-Control"] == "private, no-store"
    assert page.url == double.sessions[0]["url"]
    assert re.search(rf'<a class="btn[^"]*" href="{re.escape(page.url)}" rel="noopener">', text)
    assert qr_of(page.url)["path"] in text
    for order in orders_of(group):
        assert order.consignment.cooperative.display_name in text
    assert words("Pay %(sum)s by card", language, sum=340_000) in text


def test_no_form_of_ours_leads_to_another_host(client, group):
    """Browsers hold the policy ``form-action 'self'`` against redirects too."""
    answer = press(client, group)

    assert answer["Location"].startswith("/")
    for page in (client.get(page_url(group)), client.get(answer["Location"])):
        assert "form-action 'self'" in page["Content-Security-Policy"]
        actions = re.findall(r'<form[^>]*action="([^"]*)"', page_text(page))
        assert all(action.startswith("/") for action in actions)


def test_goods_are_held_as_long_as_the_page_can_be_paid(client, group):
    before = timezone.now()
    press(client, group)

    page = page_now(group)
    for order in orders_of(group):
        assert attempts_of(order).get().expires_at == page.hold_until > before


def test_second_press_leads_to_the_same_page(client, group, double):
    addresses = {press(client, group)["Location"] for _ in range(3)}

    assert len(addresses) == 1
    assert len(double.sessions) == CheckoutSession.objects.count() == 1


def test_each_order_by_itself(client, group, double, settings):
    settings.STRIPE_COLLECTS = "order"
    for number, order in enumerate(orders_of(group)):
        double.account_add(f"acct_{number}")
        StripeAccount.objects.create(
            cooperative=order.consignment.cooperative, account_id=f"acct_{number}", charges_enabled=True
        )
    first, second = orders_of(group)

    text = page_text(client.get(page_url(group)))
    assert text.count(f'action="{page_url(group, "the/")}"') == 2
    assert f'name="number" value="{second.number}"' in text
    assert press(client, group, number=second.number).status_code == 303

    page = page_now(group)
    assert (page.amount, page.account) == (220_000, "acct_1")
    assert attempts_of(first).get().session_shares.count() == 0
    double.pay(page.session_id)
    come_back(client, page, group)
    assert states(client, group) == ["card", "paid"]
    assert press(client, group).status_code == 409
    assert CheckoutSession.objects.count() == 1


# -- And back -----------------------------------------------------------------------------------------------------


@LANGUAGES
def test_paid(client, group, double, language):
    press(client, group, language)
    page = page_now(group)
    double.pay(page.session_id)

    answer = come_back(client, page, group, language)

    assert (answer.status_code, answer["Location"]) == (303, page_url(group, language=language))
    assert "no-store" in answer["Cache-Control"]
    response = client.get(answer["Location"])
    assert [panel.state for panel in response.context["panels"]] == ["paid", "paid"]
    text = page_text(response)
    assert words("Received %(sum)s", language, sum=220_000) in text
    order = orders_of(group)[0]
    detail = client.get(page_url(group, f"{order.number}/", language))
    assert [(row["text"], row["amount"], row["reference"]) for row in detail.context["movements"]] == [
        (words("Paid by card", language), 120_000, "")
    ]
    assert page.session_id not in page_text(detail)


def test_coming_back_twice_books_once(client, group, double):
    press(client, group)
    page = page_now(group)
    double.pay(page.session_id)

    for _ in range(2):
        assert come_back(client, page, group).status_code == 303

    assert [order.sources.get().transactions.count() for order in orders_of(group)] == [1, 1]
    assert client.get(page_url(group, f"the/{page.pk}/"))["Location"] == page_url(group)
    assert press(client, group).status_code == 409
    assert CheckoutSession.objects.count() == 1


def test_the_address_proves_nothing(client, group):
    press(client, group)
    page = page_now(group)

    assert come_back(client, page, group).status_code == 303

    assert states(client, group) == ["card", "card"]
    assert words("Waiting for the card payment… nothing seen yet", "vi") in page_text(client.get(page_url(group)))


def test_paid_page_of_another_purchase_pays_nothing_here(client, group, single, double):
    press(client, single)
    page = page_now(single)
    double.pay(page.session_id)

    come_back(client, page, group)

    assert states(client, group) == ["card", "card"]
    page.refresh_from_db()
    assert page.state == "open"


@pytest.mark.parametrize("value", ["", "\x00", "' OR 1=1 --", "cs_" + "x" * 300, "chữ", "cs_unknown", "../../"])
def test_hostile_return(client, group, double, value):
    answer = client.get(page_url(group, "the/xong/"), {"session_id": value})

    assert (answer.status_code, answer["Location"]) == (303, page_url(group))
    assert double.requests == []


@pytest.mark.parametrize("tail", ["the/1/", "the/999999999999999999999999/", "the/0/"])
def test_no_such_page(client, group, single, tail):
    press(client, single)

    assert client.get(page_url(group, tail)).status_code == 404


def test_page_of_another_purchase(client, group, single):
    press(client, single)

    assert client.get(page_url(group, f"the/{page_now(single).pk}/")).status_code == 404


def test_order_of_another_purchase(client, group, single):
    assert press(client, group, number=orders_of(single)[0].number).status_code == 404
    assert press(client, group, number="\x00").status_code == 404
    assert CheckoutSession.objects.count() == 0


def test_methods(client, group):
    assert client.get(page_url(group, "the/")).status_code == 405
    assert client.post(page_url(group, "the/xong/")).status_code == 405
    assert client.post(page_url(group, "the/1/")).status_code == 405
    assert Client(enforce_csrf_checks=True).post(page_url(group, "the/")).status_code == 403
    assert client.post("/don-hang/22222222222222222222/the/").status_code == 404


# -- Not paid -----------------------------------------------------------------------------------------------------


@LANGUAGES
def test_left_the_page(client, single, language):
    press(client, single, language)

    text = page_text(client.get(page_url(single, "?the=thoi", language)))

    assert words("You left the payment page. Nothing was charged.", language) in text
    assert words("Pay %(sum)s by card", language, sum=120_000) in text
    assert f'data-page="{page_url(single, language=language)}"' in text


def test_left_the_page_is_said_only_while_it_is_true(client, single, double):
    press(client, single)
    page = page_now(single)
    double.pay(page.session_id)
    come_back(client, page, single)

    assert words("You left the payment page. Nothing was charged.", "vi") not in page_text(
        client.get(page_url(single, "?the=thoi"))
    )


def test_declined_card_leaves_the_page_open(client, single, double):
    press(client, single)
    page = page_now(single)
    double.pay(page.session_id, DECLINED)

    come_back(client, page, single)

    assert states(client, single) == ["card"]
    assert press(client, single)["Location"] == page_url(single, f"the/{page.pk}/")


@LANGUAGES
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("expired", "The payment page has run out. Nothing was charged."),
        ("failed", "The card payment did not go through. Nothing was charged."),
    ],
)
def test_page_without_a_payment(client, single, double, language, state, sentence):
    press(client, single)
    page = page_now(single)
    double.expire(page.session_id)
    CheckoutSession.objects.filter(pk=page.pk).update(state=state)

    text = page_text(client.get(page_url(single, language=language)))

    assert words(sentence, language) in text
    assert words("Try again, with another card if you like, or pay another way.", language) in text
    assert client.get(page_url(single, f"the/{page.pk}/")).status_code == 303
    again = press(client, single)
    assert again.status_code == 303
    assert page_now(single).pk != page.pk
    assert words(sentence, "vi") not in page_text(client.get(page_url(single)))


def test_page_that_ran_out_is_learnt_from_stripe(client, single, double):
    press(client, single)
    page = page_now(single)
    double.expire(page.session_id)

    come_back(client, page, single)

    assert words("The payment page has run out. Nothing was charged.", "vi") in page_text(client.get(page_url(single)))


@LANGUAGES
@pytest.mark.parametrize("faults", [["error"] * 3, ["limit"]])
def test_stripe_does_not_answer(client, single, double, faults, language):
    double.faults = list(faults)

    response = press(client, single, language)

    assert response.status_code == 503
    text = page_text(response)
    sentence = "The card service does not answer just now. Please try again in a few minutes, or pay another way."
    assert words(sentence, language) in text
    for way in ("vietqr", "cod"):
        assert f'name="provider" value="{way}"' in text
    assert attempts_of(orders_of(single)[0]).get().state == "pending"
    assert press(client, single).status_code == 303


def test_stripe_does_not_answer_on_the_way_back(client, single, double):
    press(client, single)
    page = page_now(single)
    double.pay(page.session_id)
    double.faults = ["error"] * 3

    assert come_back(client, page, single).status_code == 303

    assert states(client, single) == ["card"]
    assert come_back(client, page, single).status_code == 303
    assert states(client, single) == ["paid"]


@LANGUAGES
def test_cards_switched_off_meanwhile(client, single, settings, language):
    settings.STRIPE_SECRET_KEY = ""

    text = page_text(client.get(page_url(single, language=language)))
    response = press(client, single, language)

    assert words("Cards are not taken just now. Please pay another way.", language) in text
    assert 'name="provider" value="vietqr"' in text
    assert response.status_code == 409
    assert words("This order cannot be paid by card now. Please choose another way.", language) in page_text(response)
    assert CheckoutSession.objects.count() == 0


def test_provider_gone_from_the_settings(client, single, settings):
    settings.PAYMENT_PROVIDERS = WAYS[:2]
    providers.cache_clear()

    assert words("Cards are not taken just now. Please pay another way.", "vi") in page_text(
        client.get(page_url(single))
    )


def test_nothing_to_pay_by_card(client):
    group = place(basket_of(listing_make(price=100_000)), provider="vietqr").group

    response = press(client, group)

    assert response.status_code == 409
    assert CheckoutSession.objects.count() == 0


def test_paid_a_moment_ago_and_nobody_told_us(client, single, double):
    """The buyer paid, closed the tab, and presses again on the purchase's page."""
    press(client, single)
    double.pay(page_now(single).session_id)

    answer = press(client, single)

    assert (answer.status_code, answer["Location"]) == (303, page_url(single))
    assert states(client, single) == ["paid"]
    assert len(double.sessions) == 1


def test_hold_that_is_over(client, single, double):
    past = timezone.now() - timezone.timedelta(seconds=1)
    Attempt.objects.update(expires_at=past)

    assert press(client, single).status_code == 409

    assert states(client, single) == ["expired"]
    assert double.requests == []
