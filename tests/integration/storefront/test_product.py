"""One product's page: the price here and at your door, the stars that still hold, the seller who answers for it."""

import json
import re
from datetime import date, timedelta

import pytest
from django.utils import translation

from shop.core.dates import add_months, today
from shop.demo.bulk import listings_make
from shop.listings.models import ALL_YEAR, Listing, month_bit
from tests.factories import cooperative_make, listing_make
from tests.factories.market import HOAN_KIEM, MY_THO
from tests.integration.storefront.test_catalogue import certify, hidden

pytestmark = pytest.mark.django_db


def page_of(client, listing, prefix=""):
    with translation.override("vi"):
        address = listing.product.get_absolute_url()
    response = client.get(prefix + address)
    assert response.status_code == 200
    return response.content.decode()


def linked_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


# --- Address and cost -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [30, 10_000])
def test_query_budget_does_not_grow(client, django_assert_max_num_queries, count):
    listing = listing_make()
    listings_make(count)
    page_of(client, listing)
    with django_assert_max_num_queries(14):
        page_of(client, listing)


def test_sets_no_cookie(client):
    assert not client.get(listing_make().product.get_absolute_url()).cookies


def test_wrong_name_in_the_address_leads_to_the_right_one(client):
    product = listing_make().product
    response = client.get(f"/san-pham/ten-cu-{product.pk}/?a=1")
    assert response.status_code == 301
    assert response["Location"] == product.get_absolute_url() + "?a=1"
    assert client.get(f"/en/san-pham/ten-cu-{product.pk}/")["Location"].startswith("/en/san-pham/")


def test_what_is_not_on_sale_is_404(client):
    for state in set(Listing.State.values) - {"published"}:
        product = listing_make(state=state).product
        assert client.get(product.get_absolute_url()).status_code == 404
        assert client.get(product.get_absolute_url() + "qr.svg").status_code == 404
    unseen = listing_make(hidden(cooperative_make())).product
    assert client.get(unseen.get_absolute_url()).status_code == 404
    for number in ("0", "999999", "9" * 19, "9" * 40):
        assert client.get(f"/san-pham/x-{number}/").status_code == 404


# --- Price and stock ------------------------------------------------------------------------------------------------
def test_price_unit_kilo_price_and_stock(client):
    listing = listing_make(price=195_000, stock=12, net_weight_g=3000, unit_vi="thùng 3 kg", unit_en="3 kg box")
    page = page_of(client, listing)
    assert "195.000\xa0₫" in page
    assert "65.000\xa0₫/kg" in page
    assert 'max="12"' in page
    english = page_of(client, listing, "/en")
    assert "195,000\xa0₫" in english
    assert "3 kg box" in english
    assert "12 left" in english


def test_add_and_buy_now_post_the_product(client):
    listing = listing_make()
    page = page_of(client, listing)
    assert 'action="/gio-hang/them/"' in page
    assert f'name="product" value="{listing.product.pk}"' in page
    assert 'name="now"' in page


def test_sold_out_offers_no_button_and_says_when_there_is_more(client):
    next_month = today().month % 12 + 1
    listing = listing_make(stock=0, season=month_bit(next_month))
    other = listing_make(title="Còn đây")
    page = page_of(client, listing, "/en")
    assert 'name="now"' not in page
    assert 'id="quantity"' not in page
    assert "The next harvest begins in" in page
    assert other.product.title in page
    assert linked_data(page)["offers"]["availability"].endswith("OutOfStock")


def test_allocated_stock_counts_as_gone(client):
    listing = listing_make(stock=5)
    listing.product.stockrecords.update(num_allocated=5)
    assert 'name="now"' not in page_of(client, listing)


# --- Certificate ----------------------------------------------------------------------------------------------------
def test_certificate_panel(client):
    listing = listing_make()
    row = certify(listing, stars=5, decision_no="557/QĐ-UBND", is_sample=True)
    page = page_of(client, listing, "/en")
    assert "OCOP 5 stars" in page
    assert "557/QĐ-UBND" in page
    assert f"Valid until the end of {row.expires_on - timedelta(days=1):%d/%m/%Y}" in page
    assert "Sample data" in page


def test_badge_is_gone_on_the_first_day_after_36_months(client, monkeypatch):
    listing = listing_make()
    certify(listing, stars=4, decision_date=date(2026, 1, 31))
    for day, shown in ((date(2029, 1, 30), True), (date(2029, 1, 31), False)):
        monkeypatch.setattr("shop.certifications.models.today", lambda day=day: day)
        page = page_of(client, listing, "/en")
        assert ("ocop-badge-4" in page) is shown
        assert ('href="#certificate"' in page) is shown
        assert ("Once OCOP 4 stars (until 30/01/2029)" in page) is not shown


def test_refused_and_revoked_certificates_are_not_named(client):
    listing = listing_make()
    for status in ("draft", "submitted", "rejected", "revoked"):
        certify(listing, status=status, decision_date=add_months(today(), -40), decision_no=f"so {status}")
    page = page_of(client, listing)
    assert 'id="certificate"' not in page
    assert "so revoked" not in page


# --- Delivery -------------------------------------------------------------------------------------------------------
def test_delivery_to_the_default_and_to_the_chosen_commune(client):
    listing = listing_make(cooperative_make(rate=22_000))
    page = page_of(client, listing)
    assert "Phường Mỹ Tho" in page
    assert "22.000\xa0₫" in page
    client.cookies["noi-nhan"] = HOAN_KIEM
    page = page_of(client, listing)
    assert "Phường Hoàn Kiếm" in page
    assert "47.000\xa0₫" in page


def test_too_far_says_why_and_still_offers_collection(client):
    listing = listing_make(max_transit_days=2)
    client.cookies["noi-nhan"] = HOAN_KIEM
    response = client.get("/en" + listing.product.get_absolute_url())
    offer = response.context["offer"]
    assert [way.quote.is_pickup for way in offer.ways] == [True]
    assert "2 days on the road" in offer.refusal
    assert "It cannot be sent there" in response.content.decode()


def test_nobody_goes_there(client):
    cooperative = cooperative_make()
    cooperative.delivery_services.filter(zone="country").delete()
    client.cookies["noi-nhan"] = HOAN_KIEM
    page = page_of(client, listing_make(cooperative), "/en")
    assert "does not send to Phường Hoàn Kiếm" in page


@pytest.mark.parametrize("cookie", ["00000", "<script>", "28261' OR 1=1", ""])
def test_a_damaged_cookie_is_the_default_place(client, cookie):
    client.cookies["noi-nhan"] = cookie
    assert "Phường Mỹ Tho" in page_of(client, listing_make())


# --- What the law wants, and what sellers may not do ----------------------------------------------------------------
def test_seller_legal_data(client):
    cooperative = cooperative_make(tax_code="1201234567", representative="Trần Thị Lành", address="Ấp Vĩnh Quí")
    page = page_of(client, listing_make(cooperative))
    for text in (cooperative.legal_name, "1201234567", "Trần Thị Lành", "Ấp Vĩnh Quí, Xã Vĩnh Kim, Đồng Tháp"):
        assert text in page


def test_alcohol_and_functional_food(client):
    assert "For adults of 18" in page_of(client, listing_make(ocop_set=14), "/en")
    assert "For adults of 18" not in page_of(client, listing_make(ocop_set=17), "/en")
    phrase = "Thực phẩm này không phải là thuốc, không có tác dụng thay thế thuốc chữa bệnh"
    for prefix in ("", "/en"):
        assert phrase in page_of(client, listing_make(ocop_set=18), prefix)


def test_seller_text_cannot_leave_its_place(client):
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    cooperative = cooperative_make("HTX" + evil[:60], intro_vi=evil, address=evil[:100])
    listing = listing_make(cooperative, title=evil, summary_vi=evil, ingredients_vi=evil, storage_vi=evil)
    certify(listing, issuer=evil, decision_no="<b>1</b>")
    page = page_of(client, listing)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>1</b>" not in page
    assert linked_data(page)["name"] == evil


# --- Round about ----------------------------------------------------------------------------------------------------
def test_related_goods_are_in_stock_in_season_first_and_not_itself(client):
    listing = listing_make(title="Món này")
    for number in range(4):
        listing_make(title=f"Quanh năm {number}")
    listing_make(title="Đang mùa", season=month_bit(today().month))
    listing_make(title="Hết hàng", season=month_bit(today().month), stock=0)
    response = client.get(listing.product.get_absolute_url())
    titles = [product.title for product in response.context["related"]]
    assert len(titles) == 4
    assert titles[0] == "Đang mùa"
    assert not {"Món này", "Hết hàng"} & set(titles)


def test_season_in_words():
    from shop.storefront.product import season_text

    assert season_text(ALL_YEAR) == ""
    assert season_text(0b110000000111) == "tháng 11 đến tháng 3"
    assert season_text(0b000000010001) == "tháng 1, tháng 5"


def test_qr_code_leads_to_the_page(client):
    product = listing_make().product
    response = client.get(product.get_absolute_url() + "qr.svg")
    assert response["Content-Type"].startswith("image/svg+xml")
    assert b"<svg" in response.content
    assert b"<script" not in response.content
    assert "public" in response["Cache-Control"]


def test_canonical_and_linked_data(client):
    listing = listing_make(price=195_000)
    page = page_of(client, listing)
    address = f"http://testserver{listing.product.get_absolute_url()}"
    assert f'<link rel="canonical" href="{address}">' in page
    data = linked_data(page)
    assert data["offers"]["price"] == "195000"
    assert data["offers"]["priceCurrency"] == "VND"
    assert data["offers"]["url"] == address


# --- The place ------------------------------------------------------------------------------------------------------
def test_communes_of_a_province(client):
    response = client.get("/noi-nhan/xa-phuong/?province=82")
    assert ["28576", "Xã Vĩnh Kim"] in response.json()["communes"]
    assert "public" in response["Cache-Control"]
    for unknown in ("", "99", "%00", "x" * 500):
        assert client.get(f"/noi-nhan/xa-phuong/?province={unknown}").status_code == 400


def test_a_place_is_kept_in_a_plain_cookie(client):
    response = client.post("/noi-nhan/", {"province": "82", "ward": "28576", "next": "/san-pham/?sao=4"})
    assert response.status_code == 302
    assert response["Location"] == "/san-pham/?sao=4"
    assert response.cookies["noi-nhan"].value == "28576"
    assert "Xã Vĩnh Kim" in page_of(client, listing_make())


@pytest.mark.parametrize("foreign", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil", ""])
def test_it_never_leads_to_another_site(client, foreign):
    response = client.post("/noi-nhan/", {"province": "82", "ward": "28576", "next": foreign})
    assert response["Location"] == "/san-pham/"


@pytest.mark.parametrize("ward", ["", "00000", HOAN_KIEM, "x"])
def test_a_commune_that_does_not_fit_is_refused_with_words(client, ward):
    response = client.post("/en/noi-nhan/", {"province": "82", "ward": ward})
    assert response.status_code == 422
    assert re.search("Please choose (a|the) commune or ward", response.content.decode())
    assert "noi-nhan" not in response.cookies


def test_without_script_another_province_brings_its_communes(client):
    response = client.post("/noi-nhan/", {"province": "01", "ward": MY_THO, "communes": "1"})
    assert response.status_code == 200
    assert "Phường Hoàn Kiếm" in response.content.decode()
    assert not response.cookies


def test_forged_posts_are_refused(csrf_client):
    place = {"province": "82", "ward": "28576"}
    assert csrf_client.post("/noi-nhan/", place).status_code == 403
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert csrf_client.post("/noi-nhan/", place, headers={"origin": origin}).status_code == 403
    assert csrf_client.post("/noi-nhan/", place, headers={"origin": "http://testserver"}).status_code == 302
    assert csrf_client.post("/noi-nhan/", place, headers={"referer": "http://testserver/san-pham/"}).status_code == 302


@pytest.fixture
def csrf_client():
    from django.test import Client

    return Client(enforce_csrf_checks=True)
