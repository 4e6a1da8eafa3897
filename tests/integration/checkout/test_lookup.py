"""``/tra-cuu/``: number and phone open the purchase; guessing does not."""

import pytest
from django.core.cache import cache

from shop.core.codes import display_number
from shop.storefront import lookup
from tests.factories import basket_of, listing_make, place
from tests.integration.checkout.pages import page_text, said

pytestmark = pytest.mark.django_db

URL = "/tra-cuu/"


@pytest.fixture
def group():
    return place(basket_of(listing_make())).group


@pytest.fixture
def number(group):
    return group.members.get().order.number


def ask(client, number, phone="0901 234 567", prefix=""):
    return client.post(f"{prefix}{URL}", {"number": number, "phone": phone})


def test_number_and_phone_open_the_purchase(client, group, number):
    response = ask(client, number)

    assert (response.status_code, response["Location"]) == (303, group.get_absolute_url())


def test_number_however_people_type_it(client, group, number):
    shown = display_number(number)

    for typed in (shown, shown.lower(), f" {shown} ", number[2:], shown.replace("-", " "), f"đt{number[2:]}"):
        cache.clear()
        assert ask(client, typed)["Location"] == group.get_absolute_url()


def test_right_number_with_another_phone_is_unknown(client, number):
    response = ask(client, number, "0907 654 321")

    assert response.status_code == 404
    assert said("No order with this number and phone. Please check both.", "vi") in page_text(response)
    assert 'value="0907 654 321"' in page_text(response)


def test_right_phone_with_a_wrong_number_is_unknown(client, group):
    assert ask(client, "DT22222222").status_code == 404


@pytest.mark.parametrize(("language", "prefix"), [("vi", ""), ("en", "/en")])
def test_empty_form(client, language, prefix):
    response = ask(client, "", "", prefix)

    assert response.status_code == 422
    assert said("Please type the order number.", language) in page_text(response)
    assert said("Please type the phone number.", language) in page_text(response)


@pytest.mark.parametrize("number", ["'; DROP TABLE", "\x00", "²" * 8, "x" * 41, "<script>"])
def test_rubbish_finds_nothing(client, number):
    assert ask(client, number).status_code in {404, 422}


def test_guessing_is_stopped_and_so_is_the_right_answer(client, group, number):
    for _ in range(lookup.TRIES):
        assert ask(client, "DT22222222").status_code == 404

    response = ask(client, number)

    assert response.status_code == 429
    assert said("Too many tries. Please wait 15 minutes, or call us.", "vi") in page_text(response)
    assert client.get(URL).status_code == 200


def test_one_guesser_does_not_stop_others(client, group, number):
    for _ in range(lookup.TRIES + 1):
        ask(client, "DT22222222")

    response = client.post(URL, {"number": number, "phone": "0901234567"}, REMOTE_ADDR="10.0.0.9")

    assert response.status_code == 303
