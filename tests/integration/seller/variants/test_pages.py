"""Sizes in the workspace: who may, what is typed, and what the shop sells afterwards."""

import pytest

from shop.partner.models import StockRecord
from shop.seller.variants.texts import weight_text
from shop.variants.models import Variant
from tests.factories.market import listing_make
from tests.factories.sizes import sizes_make

pytestmark = pytest.mark.django_db
TYPED = {"label_vi": "túi 1 kg", "net_weight_g": "1 kg", "price": "85.000", "stock": "4"}


@pytest.fixture
def listing(cooperative):
    unit = {"unit_vi": "túi 500 g", "unit_en": "500 g bag", "net_weight_g": 500, "ship_weight_g": 600}
    return listing_make(cooperative, title="Gạo", price=45_000, stock=7, **unit)


def url(listing, rest=""):
    return f"/ban-hang/hang/{listing.pk}/quy-cach/{rest}"


def test_the_first_new_size_keeps_what_was_sold(owner_client, listing):
    assert "túi 500 g" in owner_client.get(url(listing)).content.decode()
    answer = owner_client.post(url(listing, "moi/"), TYPED)
    assert (answer.status_code, answer["Location"]) == (303, url(listing))
    rows = Variant.objects.values_list(
        "label_vi", "label_en", "net_weight_g", "ship_weight_g", "product__stockrecords__price"
    )
    assert list(rows) == [("túi 500 g", "500 g bag", 500, 600, 45_000), ("túi 1 kg", "", 1000, 1100, 85_000)]
    page = owner_client.get(url(listing)).content.decode()
    assert "90.000\xa0₫/kg" in page
    assert owner_client.post(url(listing, "moi/"), TYPED).status_code == 303
    assert Variant.objects.count() == 2


def test_a_quick_choice_fills_the_form(owner_client, listing):
    page = owner_client.get(url(listing, "moi/?nhanh=5kg")).content.decode()
    for value in ("thùng 5 kg", "5 kg", "5,5 kg", "450.000"):
        assert f'value="{value}"' in page
    assert owner_client.get(url(listing, "moi/?nhanh=x")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"label_vi": "\u202e"}, "label_vi"),
        ({"net_weight_g": "1"}, "net_weight_g"),
        ({"net_weight_g": "1,5"}, "net_weight_g"),
        ({"net_weight_g": "", "ship_weight_g": ""}, "ship_weight_g"),
        ({"ship_weight_g": "900 g"}, "ship_weight_g"),
        ({"price": "0"}, "price"),
        ({"price": "99999999999"}, "price"),
        ({"stock": "-1"}, "stock"),
        ({"stock": "nhiều"}, "stock"),
    ],
)
def test_what_makes_no_sense_stays_typed_and_changes_nothing(owner_client, listing, typed, field):
    answer = owner_client.post(url(listing, "moi/"), TYPED | typed)
    assert answer.status_code == 422
    assert f"id_{field}-error" in answer.content.decode()
    assert 'value="85.000"' in answer.content.decode() or field == "price"
    assert not Variant.objects.exists()


def test_the_same_name_again_is_a_conflict(owner_client, listing):
    answer = owner_client.post(url(listing, "moi/"), TYPED | {"label_vi": "Túi 500 g"})
    assert answer.status_code == 409
    assert "id_label_vi-error" in answer.content.decode()
    listing.product.refresh_from_db()
    assert (listing.product.is_standalone, Variant.objects.count()) == (True, 0)


def test_change_price_and_stock_beside_orders(owner_client, listing):
    size = sizes_make(listing)[0]
    StockRecord.objects.update(num_allocated=2)
    page = owner_client.get(url(listing, f"{size.pk}/")).content.decode()
    assert 'name="stock_seen" value="5"' in page
    typed = {"label_vi": "túi 500 g", "net_weight_g": "500 g", "ship_weight_g": "600", "price": "50.000"}
    answer = owner_client.post(url(listing, f"{size.pk}/"), typed | {"stock": "3", "stock_seen": "5"})
    assert answer.status_code == 303
    assert StockRecord.objects.values_list("price", "num_in_stock", "num_allocated").get() == (50_000, 5, 2)
    moved = owner_client.post(url(listing, f"{size.pk}/"), typed | {"stock": "9", "stock_seen": "5"})
    assert moved.status_code == 409
    assert 'name="stock_seen" value="3"' in moved.content.decode()
    assert StockRecord.objects.get().num_in_stock == 5


def test_stop_and_sell_again(owner_client, listing):
    bag, kilo = sizes_make(listing, "túi 500 g", ("túi 1 kg", 1000, 85_000, 4))
    assert owner_client.get(url(listing, f"{bag.pk}/ngung-ban/")).status_code == 405
    assert owner_client.post(url(listing, f"{bag.pk}/ngung-ban/")).status_code == 303
    assert owner_client.post(url(listing, f"{kilo.pk}/ngung-ban/")).status_code == 409
    assert list(Variant.objects.order_by("pk").values_list("is_active", flat=True)) == [False, True]
    assert owner_client.post(url(listing, f"{bag.pk}/ban-lai/")).status_code == 303
    assert Variant.objects.filter(is_active=True).count() == 2


def test_others_goods_do_not_exist_and_packers_do_not_price(client, listing, neighbour, cooperative, member):
    size = sizes_make(listing)[0]
    other = sizes_make(listing_make(neighbour))[0]
    pages = ("", "moi/", f"{size.pk}/")
    client.force_login(member(neighbour, "owner"))
    assert [client.get(url(listing, page)).status_code for page in pages] == [404, 404, 404]
    assert client.post(url(listing, f"{size.pk}/ngung-ban/")).status_code == 404
    client.force_login(member(cooperative, "packer"))
    assert [client.get(url(listing, page)).status_code for page in pages] == [403, 403, 403]
    assert client.post(url(listing, "moi/"), TYPED).status_code == 403
    client.force_login(member(cooperative, "seller"))
    assert client.get(url(listing, f"{other.pk}/")).status_code == 404
    assert client.get(f"/ban-hang/hang/{'9' * 30}/quy-cach/").status_code == 404
    assert Variant.objects.count() == 2


def test_the_list_costs_the_same_for_any_number(owner_client, listing, django_assert_max_num_queries):
    more = [(f"túi {n} kg", n * 1000, n * 85_000, 4) for n in range(1, 9)]
    sizes_make(listing, "túi 500 g", *more)
    owner_client.get(url(listing))
    with django_assert_max_num_queries(16):
        owner_client.get(url(listing))


@pytest.mark.parametrize(
    ("grams", "text"), [(None, ""), (500, "500 g"), (1000, "1 kg"), (10_500, "10,5 kg"), (1050, "1,05 kg")]
)
def test_weights_as_people_type_them(grams, text):
    assert weight_text(grams) == text
