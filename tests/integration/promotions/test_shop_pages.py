"""What shoppers see of offers: lower prices on cards and pages, the field for a code in basket and checkout."""

import json

import pytest
from django.test import Client
from django.utils import translation

from shop.order.models import Order
from shop.promotions.prices import LowerPrices
from tests.factories import basket_of, cooperative_make, listing_make
from tests.factories.promotions import own_code, own_offer
from tests.factories.sizes import sizes_make
from tests.integration.checkout.pages import checkout_form, guest, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return listing_make(cooperative_make("HTX Vú sữa"), price=120_000, title="Vú sữa")


@pytest.mark.parametrize("address", ["/san-pham/", None])
def test_the_lower_price_stands_beside_the_old_one(client, listing, address):
    own_offer(listing.cooperative, value=10, title="Mùa vú sữa")

    page = page_text(client.get(address or listing.product.get_absolute_url()))

    assert "108.000" in page
    assert "<s>120.000\u00a0₫</s>" in page


@pytest.mark.parametrize(
    ("kind", "value", "extra", "price"),
    [
        ("percent", 10, {}, 108_000),
        ("unit", 20_000, {}, 100_000),
        ("unit", 500_000, {}, 0),
        ("percent", 10, {"cap": 5_000}, None),
        ("percent", 10, {"min_spend": 1}, None),
        ("amount", 20_000, {}, None),
        ("multibuy", 2, {}, None),
        ("percent", 10, {"code_usage": "Multi-use"}, None),
    ],
)
def test_only_what_holds_for_every_unit_is_promised(listing, kind, value, extra, price):
    own_offer(listing.cooperative, kind, value, **extra)

    found = LowerPrices().of(listing.product, 120_000, listing.cooperative_id)

    assert (found.price if found else None) == price


def test_machines_read_the_lower_price_too(client, listing):
    _small, box = sizes_make(listing, "túi 500 g", ("hộp 3 kg", 3_000, 500_000, 4))
    own_offer(listing.cooperative, value=10)

    page = client.get(listing.product.get_absolute_url())

    prices = [one["price"] for one in json.loads(page.context["json_ld"])["offers"]]
    assert prices == ["108000", "450000"]
    assert "108.000" in page.context["meta_description"]
    assert "120.000" not in page.context["meta_description"]
    box.product.stockrecords.update(num_in_stock=0)  # what is sold out keeps its last price
    again = client.get(listing.product.get_absolute_url())
    assert json.loads(again.context["json_ld"])["offers"][1]["price"] == "500000"


def test_a_refused_quantity_is_told_with_the_lower_price(client, listing):
    own_offer(listing.cooperative, value=10)
    answer = client.post("/gio-hang/them/", {"product": listing.product_id, "quantity": "99"})
    text = page_text(answer)
    assert answer.status_code == 422 and "108.000" in text and "<s>120.000\u00a0₫</s>" in text


def test_claims_are_the_producers_own(client, listing):
    listing.claims = "VietGAP số <b>TT-01</b> 100%"
    listing.save(update_fields=["claims"])
    with translation.override("en"):
        text = client.get(f"/en{listing.product.get_absolute_url()}".replace("/en/en", "/en")).content.decode()
    assert "The producer declares" in text and "VietGAP số &lt;b&gt;TT-01&lt;/b&gt; 100% (the province" in text


def test_a_lower_price_of_one_is_not_that_of_another(listing):
    own_offer(listing.cooperative, listings=[listing])
    other, theirs = listing_make(listing.cooperative), listing_make()

    assert LowerPrices().of(listing.product, 120_000, listing.cooperative_id)
    assert LowerPrices().of(other.product, 120_000, listing.cooperative_id) is None
    assert LowerPrices().of(theirs.product, 120_000, theirs.cooperative_id) is None


def test_a_code_in_the_basket(listing):
    code = own_code(listing.cooperative, "TET2027", kind="amount", value=20_000)
    client = guest(Client(), basket_of(listing))

    assert client.post("/gio-hang/", {"voucher": "tết 2027", "update": "1"}).status_code == 302
    page = client.get("/gio-hang/")
    assert page.context["cart"].goods == 100_000
    assert "TET2027" in page_text(page)
    client.post("/gio-hang/", {"voucher_remove": str(code.pk)})
    assert client.get("/gio-hang/").context["cart"].goods == 120_000


def test_a_wrong_code_stays_in_its_field(listing):
    client = guest(Client(), basket_of(listing))

    answer = client.post("/gio-hang/", {"voucher": "<b>SAI", "checkout": "1"})

    assert answer.status_code == 422
    assert 'value="&lt;b&gt;SAI"' in answer.content.decode()


def test_a_code_at_checkout_is_taken_before_anything_is_ordered(listing):
    own_code(listing.cooperative, "TET2027", kind="amount", value=20_000)
    client = guest(Client(), basket_of(listing))
    form = checkout_form(client)

    wrong = client.post("/thanh-toan/", form | {"voucher": "KHONGCO"})
    assert wrong.status_code == 422
    assert "18 Trưng Trắc" in page_text(wrong)
    taken = client.post("/thanh-toan/", form | {"voucher": "tet2027"})
    assert taken.status_code == 200
    assert taken.context["cart"].goods == 100_000
    assert not Order.objects.exists()
    preview = client.post("/thanh-toan/", form | {"voucher": "halb"}, headers={"X-Requested-With": "preview"})
    assert preview.status_code == 200
    placed = client.post("/thanh-toan/", form | {"shown_total": str(taken.context["cart"].total)})
    assert placed.status_code in (302, 303)
    assert Order.objects.get().goods_dong == 100_000
