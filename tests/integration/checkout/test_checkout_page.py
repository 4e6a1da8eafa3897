"""``/thanh-toan/`` through the whole site: what a browser, a broken browser and a forger get."""

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.checkout.models import OrderGroup
from shop.order.models import Order
from shop.storefront import checkout as checkout_views
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.integration.checkout.pages import checkout_form, guest, page_text, said

StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db

URL = "/thanh-toan/"
OPEN_BASKET = settings.OSCAR_BASKET_COOKIE_OPEN


@pytest.fixture
def listing():
    """Something to buy, in a shop of its own."""
    return listing_make(title="Vú sữa Lò Rèn", price=100_000, stock=10)


@pytest.fixture
def shopper(client, listing):
    """A guest with two units in the basket."""
    return guest(client, basket_of((listing, 2)))


def purchase():
    """The only purchase."""
    return OrderGroup.objects.get()


def assert_nothing_ordered():
    """The database as before the press."""
    assert OrderGroup.objects.count() == Order.objects.count() == 0
    assert not StockRecord.objects.filter(num_allocated__gt=0).exists()


def post(client, **changes):
    """Fill the form in, tamper with it, press the button."""
    return client.post(URL, checkout_form(client, **changes))


# -- The usual way ------------------------------------------------------------------------------------------------


def test_guest_orders_and_lands_on_the_purchase(shopper):
    response = post(shopper)

    assert response.status_code == 303
    assert response["Location"] == purchase().get_absolute_url()
    assert purchase().phone == "+84901234567"
    assert shopper.get(response["Location"]).status_code == 200


def test_english_form_makes_an_english_purchase(shopper):
    data = checkout_form(shopper)

    response = shopper.post("/en/thanh-toan/", data)

    assert purchase().language == "en"
    assert response["Location"].startswith("/en/don-hang/")


def test_signed_in_shopper_owns_the_purchase(client, listing):
    user = User.objects.create_user(phone="+84901234567", first_name="Thảo", last_name="Lê")
    client.force_login(user)
    basket_of((listing, 1), owner=user)

    post(client)

    assert purchase().user == user
    assert client.get("/gio-hang/").status_code == 200
    assert Basket.open.filter(owner=user).count() == 1


def test_get_after_the_purchase_leads_to_it(shopper):
    post(shopper)

    response = shopper.get(URL)

    assert (response.status_code, response["Location"]) == (303, purchase().get_absolute_url())


def test_get_with_an_empty_basket_leads_to_the_basket(client):
    response = client.get(URL)

    assert (response.status_code, response["Location"]) == (303, reverse("basket:summary"))


def test_get_with_new_goods_after_a_purchase_is_a_new_checkout(shopper):
    post(shopper)
    shopper.post(reverse("basket:add"), {"product": listing_make().product_id})

    assert shopper.get(URL).status_code == 200


# -- Pressed again ------------------------------------------------------------------------------------------------


def test_back_button_and_a_second_press_lead_to_the_purchase(shopper):
    data = checkout_form(shopper)
    first = shopper.post(URL, data)

    again = shopper.post(URL, data)
    changed = shopper.post(URL, {**data, "shown_total": "1", "phone": "rubbish", "street": ""})

    assert (again.status_code, changed.status_code) == (303, 303)
    assert again["Location"] == changed["Location"] == first["Location"]
    assert Order.objects.count() == 1


def test_two_tabs_make_one_purchase(client, listing):
    guest(client, basket_of(listing))
    one, two = checkout_form(client, name="Tab một"), checkout_form(client, name="Tab hai")

    first, second = client.post(URL, one), client.post(URL, two)

    assert first["Location"] == second["Location"]
    assert purchase().name == "Tab một"


def test_press_that_lost_the_race_still_ends_at_the_purchase(shopper, monkeypatch):
    """The other press commits after this one looked for a purchase and before it loads the basket."""
    data = checkout_form(shopper)
    basket = Basket.objects.get()
    original = checkout_views.posted_ward

    def other_press_first(request):
        place(basket)
        return original(request)

    monkeypatch.setattr(checkout_views, "posted_ward", other_press_first)

    response = shopper.post(URL, data)

    assert (response.status_code, response["Location"]) == (303, purchase().get_absolute_url())
    assert OPEN_BASKET not in response.cookies


def test_other_tab_changed_the_basket(shopper, listing):
    """More goods came in: the old sum is not the sum due any more."""
    data = checkout_form(shopper)
    shopper.post(reverse("basket:add"), {"product": listing.product_id, "quantity": "1"})

    response = shopper.post(URL, data)

    assert response.status_code == 409
    assert "320.000" in page_text(response)
    assert_nothing_ordered()


def test_guest_signs_in_while_the_form_is_open(shopper):
    """The basket of the form was merged into the account's: the shopper looks once more, then it works."""
    data = checkout_form(shopper)
    shopper.force_login(User.objects.create_user(phone="+84907654321"))

    assert shopper.post(URL, data).status_code == 409
    assert_nothing_ordered()
    assert post(shopper).status_code == 303


# -- What stays behind --------------------------------------------------------------------------------------------


def test_left_out_line_is_in_the_basket_afterwards(client, listing):
    gone = listing_make(title="Mận An Phước", stock=1)
    guest(client, basket_of(listing, gone))
    StockRecord.objects.filter(product=gone.product).update(num_in_stock=0)

    response = post(client)

    assert response.status_code == 303
    assert response.cookies[OPEN_BASKET]["httponly"]
    text = page_text(client.get("/gio-hang/"))
    assert "Mận An Phước" in text
    assert "Vú sữa Lò Rèn" not in text


def test_stock_gone_while_the_form_was_filled_in(shopper, listing):
    """Everything typed is still there; the page says what happened; nothing is held."""
    data = checkout_form(shopper)
    other = listing_make(price=5_000)
    shopper.post(reverse("basket:add"), {"product": other.product_id})
    StockRecord.objects.filter(product=listing.product).update(num_in_stock=1)

    response = shopper.post(URL, data)

    text = page_text(response)
    assert response.status_code == 409
    assert 'value="0901 234 567"' in text
    assert 'value="18 Trưng Trắc"' in text
    assert said("Stays in your basket", "vi") in text
    assert_nothing_ordered()


def test_price_changed_while_the_form_was_filled_in(shopper, listing):
    data = checkout_form(shopper)
    StockRecord.objects.filter(product=listing.product).update(price=150_000)

    response = shopper.post(URL, data)

    assert response.status_code == 409
    assert "320.000" in page_text(response)
    assert_nothing_ordered()
    assert response.context["cart"].total == 320_000
    assert shopper.post(URL, {**data, "shown_total": "320000"}).status_code == 303


# -- Forged and broken posts --------------------------------------------------------------------------------------


def test_basket_of_another_visitor_cannot_be_placed(shopper, listing):
    """Even with the token from the other visitor's page."""
    data = checkout_form(shopper)
    mallory = guest(Client(), basket_of(listing))

    response = mallory.post(URL, {**checkout_form(mallory), "basket": data["basket"]})

    assert response.status_code == 409
    assert_nothing_ordered()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "1",
        "1:forged",
        "x" * 5_000,
        "\x00",
        # The basket's own cookie is signed for another purpose.
        pytest.param("cookie", id="signed-cookie"),
    ],
)
def test_forged_basket_token_orders_nothing(shopper, token):
    if token == "cookie":
        token = Signer().sign(Basket.objects.get().pk)

    response = post(shopper, basket=token)

    assert response.status_code == 409
    assert_nothing_ordered()


def test_forged_basket_cookie_is_an_empty_basket(client, listing):
    basket = basket_of(listing)
    client.cookies[OPEN_BASKET] = f"{basket.pk}:forged"

    assert client.get(URL)["Location"] == reverse("basket:summary")


@pytest.mark.parametrize("total", ["", "0", "-220000", "219999", "220000.5", "220.000", "1e9", "²²⁰⁰⁰⁰", "9" * 40])
def test_tampered_sum_orders_nothing(shopper, total):
    response = post(shopper, shown_total=total)

    assert response.status_code == 409
    assert "220.000" in page_text(response)
    assert_nothing_ordered()


def test_prices_in_the_post_are_not_read(shopper, listing):
    line = Basket.objects.get().lines.get()
    extras = {"price": "1", f"q-{line.pk}": "1", "total": "1", f"price-{listing.product_id}": "1", "quantity": "1"}

    post(shopper, **extras)

    order = Order.objects.get()
    assert (order.total_dong, order.lines.get().quantity) == (220_000, 2)


@pytest.mark.parametrize("service", ["south", "nothing", "", "' OR 1=1 --", "<script>", "\x00"])
def test_unknown_delivery_falls_back(shopper, listing, service):
    response = post(shopper, **{f"service-{listing.cooperative_id}": service})

    assert response.status_code == 303
    assert Order.objects.get().shipping_code == "province"


def test_choices_of_other_cooperatives_and_rubbish_keys_are_ignored(shopper):
    other = cooperative_make()
    keys = {f"service-{other.pk}": "pickup", "service-": "pickup", "service-١": "pickup", "provider-9" * 9: "cod"}

    assert post(shopper, **keys).status_code == 303
    assert Order.objects.get().shipping_dong == 20_000


def test_provider_that_is_switched_off_falls_back(client):
    listing = listing_make(cooperative_make(accepts_cod=False))
    guest(client, basket_of(listing))

    response = post(client, **{f"provider-{listing.cooperative_id}": "cod"})

    assert response.status_code == 303
    assert Order.objects.get().sources.get().attempt.provider == "vietqr"


def test_missing_token_is_refused_with_our_page(shopper):
    data = checkout_form(shopper)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shopper.cookies

    response = strict.post(URL, data)

    assert response.status_code == 403
    assert "403_csrf.html" in [template.name for template in response.templates]
    assert_nothing_ordered()


def test_body_larger_than_allowed_is_refused_with_our_page(shopper):
    shopper.raise_request_exception = False

    response = post(shopper, note="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))

    assert response.status_code in {400, 413}
    assert "<h1>" in page_text(response)
    assert_nothing_ordered()


def test_more_fields_than_allowed_are_refused_with_our_page(shopper):
    shopper.raise_request_exception = False

    response = post(shopper, **{f"f{n}": "1" for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)})

    assert response.status_code == 400
    assert_nothing_ordered()


# -- The form's own rules -----------------------------------------------------------------------------------------

LANGUAGES = [("vi", ""), ("en", "/en")]


@pytest.mark.parametrize(("language", "prefix"), LANGUAGES)
@pytest.mark.parametrize(
    ("phone", "message"),
    [
        ("", "Please type the phone number."),
        ("không có", "A phone number has digits only, for example 0901 234 567."),
        ("0901 234 56", "A mobile number has 10 digits, for example 0901 234 567."),
        ("0901 234 5678", "A mobile number has 10 digits, for example 0901 234 567."),
        ("0123 456 7890", "Numbers with 11 digits were changed in 2018. Please give today's 10 digits."),
        ("+1 212 555 0100", "Please give a number in Viet Nam, for example 0901 234 567."),
        ("0273 3872 345", "Please give a mobile number: the driver sends a message."),
    ],
)
def test_wrong_phone_is_explained_by_the_field_and_kept(shopper, phone, message, language, prefix):
    data = checkout_form(shopper, phone=phone)

    response = shopper.post(f"{prefix}{URL}", data)

    assert response.status_code == 422
    assert [str(error) for error in response.context["form"].errors["phone"]] == [said(message, language)]
    text = page_text(response)
    assert said(message, language) in text
    assert 'value="Chị Thảo"' in text
    assert 'value="18 Trưng Trắc"' in text
    assert not phone or f'value="{phone}"' in text
    assert_nothing_ordered()


@pytest.mark.parametrize("phone", ["0901234567", "+84901234567", "84 901 234 567", "0901.234.567", " 0901-234-567 "])
def test_phone_however_people_write_it(shopper, phone):
    assert post(shopper, phone=phone).status_code == 303
    assert purchase().phone == "+84901234567"


@pytest.mark.parametrize("ward", ["00070", "99999", "", "28261'", "²"])
def test_commune_of_another_province_is_refused(shopper, ward):
    response = post(shopper, ward=ward)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["ward"]
    assert_nothing_ordered()


@pytest.mark.parametrize(("field", "value"), [("name", "  "), ("name", "x" * 121), ("street", ""), ("email", "thao@")])
def test_missing_and_overlong_fields(shopper, field, value):
    response = post(shopper, **{field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert_nothing_ordered()


def test_markup_in_a_name_is_text(shopper):
    response = post(shopper, name="<script>alert(1)</script>", note="</textarea><b>")

    page = shopper.get(response["Location"]).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_alcohol_needs_an_adult(client):
    guest(client, basket_of(listing_make(ocop_set=14)))

    refused = post(client)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["adult"]
    assert_nothing_ordered()

    assert post(client, adult="on").status_code == 303


def test_preview_says_nothing_is_wrong_while_typing_and_orders_nothing(shopper):
    data = checkout_form(shopper, phone="", street="", ward="")

    response = shopper.post(URL, data, headers={"X-Requested-With": "preview"})

    assert response.status_code == 200
    assert not response.context["form"].errors
    assert_nothing_ordered()
