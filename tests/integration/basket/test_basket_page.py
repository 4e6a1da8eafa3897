"""Adding to the basket and changing it: typed quantities, tampered ids, stock that moved."""

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.listings.models import Listing
from tests.factories import basket_of, listing_make
from tests.integration.checkout.pages import guest, page_text, said

Line = get_model("basket", "Line")
StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db

ADD, PAGE = "/gio-hang/them/", "/gio-hang/"
LANGUAGES = [("vi", ""), ("en", "/en")]
WHOLE = "Please type a whole number, 1 or more."
RUBBISH = [
    "",
    " ",
    "-1",
    "abc",
    "1.5",
    "1,5",
    "1e3",
    "+2",
    "0x10",
    "١٢",
    "²",
    "１２",
    "1 2",
    "1\x00",
    "9999999999",
    "9" * 400,
    "=1+1",
    "<b>1</b>",
]


@pytest.fixture
def listing():
    return listing_make(title="Vú sữa Lò Rèn", stock=10)


@pytest.fixture
def shopper(client, listing):
    """A guest with two units in the basket."""
    return guest(client, basket_of((listing, 2)))


@pytest.fixture
def line(shopper):
    return Line.objects.get()


def add(client, product, prefix="", **extra):
    return client.post(f"{prefix}{ADD}", {"product": product, **extra})


# -- Adding -------------------------------------------------------------------------------------------------------


def test_guest_gets_a_signed_basket_cookie(client, listing):
    response = add(client, listing.product_id, quantity="3")

    assert response["Location"] == reverse("basket:summary")
    basket = Basket.objects.get()
    assert response.cookies[settings.OSCAR_BASKET_COOKIE_OPEN].value == Signer().sign(basket.pk)
    assert [(row.product, row.quantity) for row in basket.lines.all()] == [(listing.product, 3)]


def test_added_twice_is_one_line(client, listing):
    add(client, listing.product_id, quantity="3")
    add(client, listing.product_id)

    assert Line.objects.get().quantity == 4


def test_script_gets_json(client, listing):
    response = client.post(ADD, {"product": listing.product_id}, headers={"X-Requested-With": "fetch"})
    assert response.json()["count"] == 1

    response = client.post(
        ADD, {"product": listing.product_id, "quantity": "10"}, headers={"X-Requested-With": "fetch"}
    )
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert Line.objects.get().quantity == 1


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES)
@pytest.mark.parametrize("quantity", ["0", *RUBBISH])
def test_add_rubbish_quantity(client, listing, quantity, language, prefix):
    response = add(client, listing.product_id, prefix, quantity=quantity)

    assert response.status_code == 422
    assert said(WHOLE, language) in page_text(response)
    assert not Line.objects.exists()


@pytest.mark.parametrize(("quantity", "problem"), [("11", "10"), ("501", "500"), ("999999999", "500")])
def test_add_more_than_there_is(client, listing, quantity, problem):
    response = add(client, listing.product_id, quantity=quantity)

    assert response.status_code == 422
    assert problem in response.context["error"]
    assert f'value="{quantity}"' in page_text(response)
    assert not Line.objects.exists()


def test_add_more_than_is_left_beside_what_is_in_the_basket(shopper, listing, line):
    assert add(shopper, listing.product_id, quantity="9").status_code == 422
    assert add(shopper, listing.product_id, quantity="8").status_code == 302
    line.refresh_from_db()
    assert line.quantity == 10


def test_add_what_others_hold(client, listing):
    StockRecord.objects.update(num_allocated=10)

    response = add(client, listing.product_id)

    assert response.status_code == 422
    assert said("This one has just sold out.", "vi") in page_text(response)


@pytest.mark.parametrize("product", ["", "0", "-1", "abc", "²", "999999", "9" * 30, "1; DROP", "\x00"])
def test_add_unknown_product(client, listing, product):
    assert add(client, product).status_code == 404
    assert not Basket.objects.exists()


@pytest.mark.parametrize("state", [state for state in Listing.State if state != Listing.State.PUBLISHED])
def test_add_what_is_not_on_sale(client, listing, state):
    Listing.objects.update(state=state)

    assert add(client, listing.product_id).status_code == 404


def test_add_from_a_closed_cooperative(client, listing):
    listing.cooperative.is_published = False
    listing.cooperative.save()

    assert add(client, listing.product_id).status_code == 404


def test_price_in_the_post_is_not_read(client, listing):
    add(client, listing.product_id, price="1", price_incl_tax="1", basket="1")

    assert Line.objects.get().price_incl_tax == 100_000


def test_get_of_the_form_address_leads_to_the_basket(client):
    assert client.get(ADD)["Location"] == reverse("basket:summary")


# -- Changing -----------------------------------------------------------------------------------------------------


def change(client, line, quantity, prefix="", **extra):
    return client.post(f"{prefix}{PAGE}", {f"q-{line.pk}": quantity, **extra})


def test_new_quantity(shopper, line):
    assert change(shopper, line, "5").status_code == 302
    line.refresh_from_db()
    assert line.quantity == 5


@pytest.mark.parametrize("data", [{"remove": "{pk}"}, {"q-{pk}": "0"}])
def test_take_out(shopper, line, data):
    shopper.post(PAGE, {key.format(pk=line.pk): value.format(pk=line.pk) for key, value in data.items()})

    assert not Line.objects.exists()
    assert said("Your basket is empty", "vi") in page_text(shopper.get(PAGE))


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES)
@pytest.mark.parametrize("quantity", RUBBISH)
def test_change_to_rubbish(shopper, line, quantity, language, prefix):
    response = change(shopper, line, quantity, prefix)

    assert response.status_code == 422
    assert said(WHOLE, language) in page_text(response)
    line.refresh_from_db()
    assert line.quantity == 2


def test_change_to_more_than_there_is_keeps_what_was_typed(shopper, line):
    response = change(shopper, line, "11")

    assert response.status_code == 422
    assert 'value="11"' in page_text(response)
    line.refresh_from_db()
    assert line.quantity == 2


def test_lines_of_other_baskets_and_unknown_lines_are_left_alone(shopper, line, listing):
    foreign = basket_of((listing, 7)).lines.get()

    shopper.post(PAGE, {f"q-{foreign.pk}": "1", "q-999999": "1", "q-abc": "1", "remove": str(foreign.pk)})

    foreign.refresh_from_db()
    line.refresh_from_db()
    assert (foreign.quantity, line.quantity) == (7, 2)


def test_to_checkout_only_when_nothing_is_wrong(shopper, line):
    assert change(shopper, line, "3", checkout="1")["Location"] == reverse("checkout:index")
    assert change(shopper, line, "11", checkout="1").status_code == 422


def test_short_line_can_be_lowered(shopper, line):
    StockRecord.objects.update(num_in_stock=1)
    assert shopper.get(PAGE).context["cart"].left_out[0].problem == "short"

    assert change(shopper, line, "1").status_code == 302
    assert not shopper.get(PAGE).context["cart"].left_out


def test_sold_out_line_stays_visible_and_can_go(shopper, line):
    StockRecord.objects.update(num_in_stock=0)
    assert said("Sold out.", "vi") in page_text(shopper.get(PAGE))

    shopper.post(PAGE, {"remove": str(line.pk)})

    assert not Line.objects.exists()


@pytest.mark.parametrize("address", [ADD, PAGE])
def test_missing_token_is_refused_with_our_page(shopper, line, listing, address):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shopper.cookies

    response = strict.post(address, {"product": listing.product_id, f"q-{line.pk}": "9"})

    assert response.status_code == 403
    assert "403_csrf.html" in [template.name for template in response.templates]
    line.refresh_from_db()
    assert line.quantity == 2


@pytest.mark.parametrize("cookie", ["", "1", "1:forged", "abc:def", "\u00b2", "x" * 3_000])
def test_forged_basket_cookie_is_an_empty_basket(client, listing, cookie):
    basket_of(listing)
    client.cookies[settings.OSCAR_BASKET_COOKIE_OPEN] = cookie

    response = client.get(PAGE)

    assert response.status_code == 200
    assert said("Your basket is empty", "vi") in page_text(response)


def test_guests_basket_comes_along_when_signing_in(shopper, line, listing):
    user = User.objects.create_user(phone="+84901234567")
    basket_of((listing, 1), listing_make(), owner=user)
    shopper.force_login(user)

    cart = shopper.get(PAGE).context["cart"]

    assert sorted(item.quantity for parcel in cart.parcels for item in parcel.lines) == [1, 2]
    assert Basket.open.count() == 1
