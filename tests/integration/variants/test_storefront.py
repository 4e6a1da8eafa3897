"""Sizes as shoppers meet them: cards, filters, the product's page, basket, checkout and orders."""

import json
import re

import pytest

from shop.basket.models import Basket
from shop.checkout.parcels import cart_build
from shop.listings.lookup import line_title, listing_of
from shop.partner.models import StockRecord
from shop.variants.services import variant_retire
from tests.factories.market import MY_THO, cooperative_make, fresh, listing_make, place
from tests.factories.sizes import sizes_make

pytestmark = pytest.mark.django_db
MORE = (("túi 1 kg", 1000, 85_000, 4), ("hộp 5 kg", 5000, 400_000, 30))


@pytest.fixture
def listing(db):
    return listing_make(
        cooperative_make("HTX Vú sữa"), title="Vú sữa Lò Rèn", title_en="Star apple", price=45_000, stock=7
    )


@pytest.fixture
def sizes(listing):
    return sizes_make(listing, "túi 500 g", *MORE)


def page_of(client, listing, query=""):
    response = client.get(listing.product.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def card_of(page, title):
    return re.search(rf'<li class="card.*?{title}.*?</li>', page, re.DOTALL)[0]


def titles(client, query):
    page = client.get(f"/san-pham/{query}").content.decode()
    return re.findall(r'class="card__name"><a href="[^"]+">([^<]+)</a>', page)


def radios(page):
    return re.findall(r'<input type="radio" name="product" value="(\d+)"( disabled| checked)?', page)


# --- Cards and lists ------------------------------------------------------------------------------------------------
def test_card_says_from_and_leads_to_the_choice(client, listing, sizes):
    card = card_of(client.get("/san-pham/").content.decode(), "Vú sữa Lò Rèn")
    assert re.search(r'class="price">\S+ 45\.000\xa0₫<', card)
    assert "túi 500 g · 90.000\xa0₫/kg" in card
    assert "<form" not in card
    assert f'href="{listing.product.get_absolute_url()}#buy"' in card


def test_card_of_the_only_size_left_adds_it(client, listing, sizes):
    for size in sizes[1:]:
        variant_retire(variant=size, by="test")
    card = card_of(client.get("/san-pham/").content.decode(), "Vú sữa Lò Rèn")
    assert 'class="price">45.000\xa0₫<' in card
    assert f'name="product" value="{sizes[0].product_id}"' in card


def test_price_on_the_card_is_of_what_can_be_had_and_sold_out_means_all(client, listing, sizes):
    StockRecord.objects.filter(product=sizes[0].product).update(num_in_stock=0)
    page = client.get("/san-pham/").content.decode()
    assert "85.000\xa0₫" in card_of(page, "Vú sữa Lò Rèn")
    assert "card--sold" not in page
    StockRecord.objects.update(num_in_stock=0)
    page = client.get("/san-pham/").content.decode()
    assert "card--sold" in page
    assert "45.000\xa0₫" in card_of(page, "Vú sữa Lò Rèn")


def test_filter_and_sort_by_price_look_at_the_sizes(client, listing, sizes):
    listing_make(title="Dừa", price=60_000)
    assert titles(client, "?xep=gia-thap") == ["Vú sữa Lò Rèn", "Dừa"]
    assert titles(client, "?tu=80000&den=90000") == ["Vú sữa Lò Rèn"]
    assert titles(client, "?tu=100000&den=200000") == []
    StockRecord.objects.filter(product=sizes[0].product).update(num_in_stock=0)
    assert titles(client, "?xep=gia-thap") == ["Dừa", "Vú sữa Lò Rèn"]
    assert titles(client, "?den=50000") == []
    StockRecord.objects.update(num_in_stock=0)
    assert titles(client, "?den=50000") == ["Vú sữa Lò Rèn"]


def test_pages_with_sizes_cost_as_much_as_without(client, django_assert_max_num_queries):
    for number in range(6):
        sizes_make(listing_make(title=f"Gạo {number}"), "túi 500 g", *MORE)
    client.get("/san-pham/")
    for address in ("/san-pham/", "/san-pham/?tu=1000&xep=gia-cao", "/san-pham/?xep=ten", "/tim-kiem/?q=gao"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


# --- The product's page ---------------------------------------------------------------------------------------------
def test_tiles_with_price_per_kilo_and_stock(client, listing, sizes, django_assert_max_num_queries):
    StockRecord.objects.filter(product=sizes[1].product).update(num_in_stock=0)
    with django_assert_max_num_queries(14):
        page = page_of(client, listing)
    bag, kilo, box = (str(size.product_id) for size in sizes)
    assert radios(page) == [(bag, " checked"), (kilo, " disabled"), (box, "")]
    assert '<input type="hidden" name="product"' not in page
    assert "90.000\xa0₫/kg" in page
    assert "80.000\xa0₫/kg" in page
    assert "js/sizes" in page


def test_an_address_chooses_a_size_and_its_weight_counts_for_delivery(client, listing, sizes):
    light = page_of(client, listing)
    box = sizes[2].product
    heavy = page_of(client, listing, f"?quy-cach={box.pk}")
    assert (str(box.pk), " checked") in radios(heavy)
    price = r'<b class="num">([\d.]+)\xa0₫</b></li>'
    assert re.findall(price, light)[0] == "20.000"
    assert re.findall(price, heavy)[0] == "24.000"
    for odd in ("x", "999999", ""):
        assert (str(sizes[0].product_id), " checked") in radios(page_of(client, listing, f"?quy-cach={odd}"))


def test_the_address_of_a_size_leads_to_its_product(client, listing, sizes):
    child = sizes[1].product
    response = client.get(f"/san-pham/x-{child.pk}/")
    assert (response.status_code, response["Location"]) == (301, child.get_absolute_url())
    assert response["Location"] == f"{listing.product.get_absolute_url()}?quy-cach={child.pk}"
    listing.state = "paused"
    listing.save()
    assert client.get(f"/san-pham/x-{child.pk}/").status_code == 404


def test_machines_read_an_offer_for_each_size(client, listing, sizes):
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page_of(client, listing), re.DOTALL)[1])
    assert [(one["name"], one["price"]) for one in data["offers"]] == [
        ("Vú sữa Lò Rèn, túi 500 g", "45000"),
        ("Vú sữa Lò Rèn, túi 1 kg", "85000"),
        ("Vú sữa Lò Rèn, hộp 5 kg", "400000"),
    ]


# --- Basket and orders ----------------------------------------------------------------------------------------------
def test_without_a_script_the_chosen_radio_is_what_is_added(client, listing, sizes):
    for size, units in ((sizes[0], 2), (sizes[1], 1)):
        posted = {"product": size.product_id, "quantity": units}
        assert client.post("/gio-hang/them/", posted)["Location"] == "/gio-hang/"
    page = client.get("/gio-hang/").content.decode()
    assert "túi 500 g · 45.000" in page
    assert "túi 1 kg · 85.000" in page
    cart = cart_build(fresh(Basket.objects.get()), ward_code=MY_THO)
    (parcel,) = cart.parcels
    assert [(item.title, item.weight_g) for item in parcel.lines] == [
        ("Vú sữa Lò Rèn, túi 500 g", 1_200),
        ("Vú sữa Lò Rèn, túi 1 kg", 1_100),
    ]
    assert (parcel.weight_g, parcel.goods) == (2_300, 175_000)


def test_no_size_is_guessed(client, listing, sizes):
    plain = client.post("/gio-hang/them/", {"product": listing.product_id, "quantity": "3"})
    assert plain.status_code == 422
    assert len(radios(plain.content.decode())) == 3
    assert 'value="3"' in plain.content.decode()
    asked = {"product": listing.product_id}
    told = client.post("/gio-hang/them/", asked, headers={"X-Requested-With": "fetch"})
    assert (told.status_code, list(told.json())) == (422, ["error"])
    variant_retire(variant=sizes[1], by="test")
    variant_retire(variant=sizes[2], by="test")
    assert client.post("/gio-hang/them/", {"product": sizes[1].product_id}).status_code == 422
    assert not Basket.objects.exists()
    assert client.post("/gio-hang/them/", asked).status_code == 302


def test_orders_name_the_size_and_hold_its_own_stock(listing, sizes):
    basket = Basket.objects.create()
    basket = fresh(basket)
    basket.add_product(sizes[0].product, 2)
    basket.add_product(sizes[1].product, 1)
    order = place(basket).group.members.get().order
    assert list(order.lines.values_list("title", "quantity")) == [
        ("Vú sữa Lò Rèn, túi 500 g", 2),
        ("Vú sữa Lò Rèn, túi 1 kg", 1),
    ]
    held = StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")
    assert list(held) == [(7, 2), (4, 1), (30, None)]
    line = order.lines.first()
    assert (listing_of(line.product), line_title(line)) == (listing, "Vú sữa Lò Rèn, túi 500 g")


def test_a_retired_size_in_a_basket_is_no_longer_on_sale(listing, sizes):
    basket = fresh(Basket.objects.create())
    basket.add_product(sizes[0].product, 1)
    variant_retire(variant=sizes[0], by="test")
    cart = cart_build(fresh(basket), ward_code=MY_THO)
    assert ([item.problem for item in cart.left_out], cart.parcels) == (["closed"], [])


def test_the_basket_costs_the_same_with_more_sizes(sizes, django_assert_max_num_queries):
    basket = fresh(Basket.objects.create())
    basket.add_product(sizes[0].product, 1)
    with django_assert_max_num_queries(12):
        cart_build(fresh(basket), ward_code=MY_THO)
    basket.add_product(sizes[1].product, 1)
    basket.add_product(sizes[2].product, 1)
    with django_assert_max_num_queries(12):
        cart_build(fresh(basket), ward_code=MY_THO)
