"""The cooperatives: finding one, and all that a buyer may want to know about it."""

import pytest

from shop.demo.bulk import listings_make
from tests.factories import cooperative_make, listing_make
from tests.integration.storefront.test_catalogue import certify, hidden, names

pytestmark = pytest.mark.django_db
INDEX = "/hop-tac-xa/"


def found(response):
    return [one.name for one in response.context["page_obj"]]


@pytest.mark.parametrize("count", [30, 10_000])
def test_query_budget_does_not_grow(client, django_assert_max_num_queries, count):
    listing = listings_make(count)[0]
    addresses = (INDEX, f"{INDEX}?q=xoai", listing.cooperative.get_absolute_url())
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(15):  # one of them: prices of offers
            assert client.get(address).status_code == 200


def test_in_alphabetical_order_with_the_number_of_goods(client):
    mango = cooperative_make("HTX Xoài")
    cooperative_make("HTX Đường")
    cooperative_make("HTX Dừa")
    hidden(cooperative_make("HTX Kín"))
    listing_make(mango)
    listing_make(mango)
    listing_make(mango, state="draft")
    response = client.get(INDEX)
    assert found(response) == ["HTX Dừa", "HTX Đường", "HTX Xoài"]
    assert "2 products" in client.get(f"/en{INDEX}").content.decode()
    assert not response.cookies


def test_by_name_without_marks_and_by_commune(client):
    cooperative_make("HTX Đường Sa Đéc", ward_code="29905")
    cooperative_make("HTX Xoài")
    assert found(client.get(f"{INDEX}?q=duong")) == ["HTX Đường Sa Đéc"]
    assert found(client.get(f"{INDEX}?xa=29905")) == ["HTX Đường Sa Đéc"]
    assert found(client.get(f"{INDEX}?q=xoai&xa=29905")) == []


@pytest.mark.parametrize("nonsense", ["xa=00000", "xa=%00", "page=abc", "la=1", "q=%00"])
def test_nonsense_is_ignored(client, nonsense):
    cooperative_make()
    response = client.get(f"{INDEX}?{nonsense}")
    assert response.status_code == 200
    assert len(found(response)) == 1


def test_a_page_too_far_is_404(client):
    cooperative = cooperative_make()
    for address in (INDEX, cooperative.get_absolute_url()):
        assert client.get(f"{address}?page=2").status_code == 404
        assert client.get(f"{address}?page={'9' * 5000}").status_code == 404


def test_detail_shows_goods_rates_papers_and_legal_data(client):
    cooperative = cooperative_make("HTX Xoài", rate=22_000, tax_code="1201234567", intro_vi="Bốn mươi hộ trồng xoài.")
    listing_make(title="Món của hàng xóm")
    certify(listing_make(cooperative, title="Xoài cát"), decision_no="412/QĐ-UBND")
    certify(listing_make(cooperative, title="Xoài nháp", state="draft"), decision_no="413/QĐ-UBND")
    response = client.get(cooperative.get_absolute_url())
    page = response.content.decode()
    assert names(response) == ["Xoài cát", "Món của hàng xóm"]
    for text in ("22.000\xa0₫", "412/QĐ-UBND", "1201234567", "Bốn mươi hộ", cooperative.legal_name):
        assert text in page
    assert "413/QĐ-UBND" not in page
    assert not response.cookies


def test_goods_are_paginated(client):
    listings_make(1)
    cooperative = cooperative_make()
    for _number in range(25):
        listing_make(cooperative)
    assert len(names(client.get(cooperative.get_absolute_url()))) == 24
    assert len(names(client.get(cooperative.get_absolute_url() + "?page=2"))) == 1


def test_unpublished_is_404(client):
    assert client.get(hidden(cooperative_make()).get_absolute_url()).status_code == 404
    assert client.get(f"{INDEX}khong-co/").status_code == 404


def test_seller_text_is_escaped(client):
    evil = "<script>alert(1)</script>"
    cooperative = cooperative_make(evil, intro_vi=evil, address=evil, representative=evil, pickup_vi=evil)
    for address in (INDEX, cooperative.get_absolute_url()):
        assert evil not in client.get(address).content.decode()


def test_without_goods_or_delivery(client):
    cooperative = cooperative_make()
    cooperative.delivery_services.all().delete()
    page = client.get("/en" + cooperative.get_absolute_url()).content.decode()
    assert "Nothing on sale at the moment" in page
    assert "sends no parcels yet" in page


def test_english(client):
    cooperative = cooperative_make(name_en="Mango Growers", intro_en="Forty families.")
    page = client.get("/en" + cooperative.get_absolute_url()).content.decode()
    assert "Mango Growers" in page
    assert "Forty families." in page
    assert "Delivery" in page
