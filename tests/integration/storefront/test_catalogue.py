"""The list of goods: what it shows, how it is narrowed and sorted, and what it costs."""

import re

import pytest

from shop.catalogue.models import Category
from shop.certifications.models import Certification
from shop.core.dates import add_months, today
from shop.demo.bulk import listings_make
from shop.listings.models import ALL_YEAR, Listing, month_bit
from tests.factories import cooperative_make, listing_make
from tests.factories.market import HOAN_KIEM

pytestmark = pytest.mark.django_db
INDEX = "/san-pham/"
OFF_SEASON = ALL_YEAR & ~month_bit(today().month)
THIS_MONTH = month_bit(today().month)


def certify(listing, stars=4, **extra):
    fields = {"decision_no": "12/QĐ-UBND", "decision_date": today(), "issuer": "UBND tỉnh", "status": "verified"}
    return Certification.objects.create(listing=listing, stars=stars, **(fields | extra))


def hidden(cooperative):
    """The same cooperative, not published."""
    cooperative.is_published = False
    cooperative.save()
    return cooperative


def names(response):
    """Titles of the cards in their order."""
    return re.findall(r'class="card__name"><a href="[^"]+">([^<]+)</a>', response.content.decode())


# --- What it costs --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [30, 10_000])
def test_query_budget_does_not_grow(client, django_assert_max_num_queries, count):
    listings_make(count)
    client.get(INDEX)
    addresses = (INDEX, f"{INDEX}?sao=4&mua={today().month}&giao=1&tu=1000&xep=gia-cao", f"{INDEX}?xep=ten")
    for address in (*addresses, "/danh-muc/thuc-pham/", "/tim-kiem/?q=xoai"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_sets_no_cookie_and_starts_no_session(client):
    listing_make()
    response = client.get(INDEX)
    assert response.status_code == 200
    assert not response.cookies


# --- What it shows --------------------------------------------------------------------------------------------------
def test_unpublished_goods_and_sellers_are_not_shown(client):
    listing_make(title="Món đang bán")
    for state in set(Listing.State.values) - {"published"}:
        listing_make(title=f"Món {state}", state=state)
    listing_make(hidden(cooperative_make()), title="Món của nơi chưa mở")
    assert names(client.get(INDEX)) == ["Món đang bán"]


def test_seller_text_is_escaped(client):
    seller = cooperative_make("HTX <script>alert(1)</script>")
    listing_make(seller, title="<img src=x onerror=alert(2)>", unit_vi="<b>hộp</b>")
    page = client.get(INDEX).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>hộp" not in page


def test_both_languages(client):
    listing_make(title="Xoài cát", title_en="Hoa Loc mango", unit_en="3 kg box")
    assert "Xoài cát" in client.get(INDEX).content.decode()
    english = client.get(f"/en{INDEX}").content.decode()
    assert "Hoa Loc mango" in english
    assert "1 product." in english


def test_page_out_of_range_is_404_and_nonsense_is_the_first_page(client):
    listings_make(30)
    assert len(names(client.get(INDEX))) == 24
    assert len(names(client.get(f"{INDEX}?page=2"))) == 6
    assert client.get(f"{INDEX}?page=abc").status_code == 200
    assert client.get(f"{INDEX}?page=-1").status_code == 200
    for number in ("3", "99999", "9" * 30, "9" * 5000):
        assert client.get(f"{INDEX}?page={number}").status_code == 404


@pytest.mark.parametrize(
    "nonsense",
    ["sao=9", "sao=x", "mua=13", "xa=00000", "htx=%00", "bo=99", "nganh=khong", "xep=lung-tung", "giao=2", "la=1"],
)
def test_unknown_parameters_are_ignored(client, nonsense):
    listing_make(title="Vẫn thấy")
    response = client.get(f"{INDEX}?{nonsense}")
    assert response.status_code == 200
    assert names(response) == ["Vẫn thấy"]


@pytest.mark.parametrize("price", ["tu=x", "den=1,5", "tu=-1", "tu=" + "9" * 5000, "tu=500&den=100"])
def test_bad_price_is_said(client, price):
    listing_make()
    response = client.get(f"/en{INDEX}?{price}")
    assert response.status_code == 200
    assert "Write prices as numbers" in response.content.decode()


# --- Facets ---------------------------------------------------------------------------------------------------------
def test_stars_filter_follows_the_dates(client):
    certify(listing_make(title="Bốn sao"))
    certify(listing_make(title="Hết hạn hôm nay"), decision_date=add_months(today(), -36))
    certify(listing_make(title="Chưa duyệt"), status="submitted")
    certify(listing_make(title="Ba sao"), stars=3)
    assert names(client.get(f"{INDEX}?sao=4")) == ["Bốn sao"]
    assert sorted(names(client.get(f"{INDEX}?sao=4&sao=3"))) == ["Ba sao", "Bốn sao"]


def test_season_sector_set_commune_cooperative_and_price(client):
    seller = cooperative_make(ward_code="28429")
    listing_make(seller, title="Xoài", season=THIS_MONTH, ocop_set=1, price=50_000)
    listing_make(title="Rượu", ocop_set=14, price=200_000)
    listing_make(title="Mật", ocop_set=4, price=100_000)
    assert names(client.get(f"{INDEX}?mua={today().month}")) == ["Xoài"]
    assert sorted(names(client.get(f"{INDEX}?mua=quanh-nam"))) == ["Mật", "Rượu"]
    assert names(client.get(f"{INDEX}?nganh=do-uong")) == ["Rượu"]
    assert names(client.get(f"{INDEX}?nganh=thuc-pham&bo=4")) == ["Mật"]
    assert names(client.get(f"{INDEX}?xa=28429")) == ["Xoài"]
    assert names(client.get(f"{INDEX}?htx={seller.slug}")) == ["Xoài"]
    assert names(client.get(f"{INDEX}?tu=60.000&den=100.000")) == ["Mật"]
    assert names(client.get(f"{INDEX}?mua={today().month}&nganh=do-uong")) == []


def test_counts_tell_what_a_tick_would_give(client):
    listing_make(season=THIS_MONTH, ocop_set=1)
    listing_make(ocop_set=1)
    listing_make(ocop_set=14)
    groups = {group.name: group for group in client.get(f"{INDEX}?nganh=thuc-pham").context["groups"]}
    assert {option.value: option.count for option in groups["nganh"].options} == {"thuc-pham": 2, "do-uong": 1}
    assert {option.value: option.count for option in groups["mua"].options} == {str(today().month): 1, "quanh-nam": 1}


def test_chosen_facets_are_chips_that_can_be_taken_off(client):
    listing_make(ocop_set=1)
    page = client.get(f"/en{INDEX}?nganh=thuc-pham&sao=4&page=1").content.decode()
    assert 'href="?nganh=thuc-pham"' in page
    assert 'href="?sao=4"' in page
    assert "noindex" in page


def test_delivered_to_me(client):
    near, far = cooperative_make(), cooperative_make()
    far.delivery_services.filter(zone__in=["south", "country"]).delete()
    listing_make(near, title="Đi xa được")
    listing_make(near, title="Tươi, chỉ hai ngày", max_transit_days=2)
    listing_make(far, title="Chỉ trong tỉnh")
    assert len(names(client.get(f"{INDEX}?giao=1"))) == 3
    client.cookies["noi-nhan"] = HOAN_KIEM
    assert names(client.get(f"{INDEX}?giao=1")) == ["Đi xa được"]


# --- Order ----------------------------------------------------------------------------------------------------------
def test_season_then_stars_then_newest(client):
    listing_make(title="Cũ")
    listing_make(title="Mới")
    certify(listing_make(title="Năm sao", season=OFF_SEASON), stars=5)
    listing_make(title="Đang mùa", season=THIS_MONTH)
    assert names(client.get(INDEX)) == ["Đang mùa", "Năm sao", "Mới", "Cũ"]


def test_sorted_by_price_and_by_vietnamese_name(client):
    for title, price in (("Đường", 2_000), ("Dừa", 3_000), ("Áo", 1_000), ("Ấm", 4_000)):
        listing_make(title=title, price=price)
    assert names(client.get(f"{INDEX}?xep=gia-thap")) == ["Áo", "Đường", "Dừa", "Ấm"]
    assert names(client.get(f"{INDEX}?xep=gia-cao")) == ["Ấm", "Dừa", "Đường", "Áo"]
    assert names(client.get(f"{INDEX}?xep=ten")) == ["Áo", "Ấm", "Dừa", "Đường"]


# --- Categories -----------------------------------------------------------------------------------------------------
def test_sector_and_set_pages(client):
    sector = Category.add_root(name="Thực phẩm", slug="thuc-pham", code="sector-1")
    sector.add_child(name="Rau quả", slug="rau-qua", code="set-1")
    listing_make(title="Xoài", ocop_set=1)
    listing_make(title="Gạo", ocop_set=3)
    listing_make(title="Rượu", ocop_set=14)
    assert sorted(names(client.get("/danh-muc/thuc-pham/"))) == ["Gạo", "Xoài"]
    assert names(client.get("/danh-muc/rau-qua/")) == ["Xoài"]
    assert names(client.get("/en/danh-muc/rau-qua/")) == ["Xoài"]


def test_unknown_category_is_404(client):
    Category.add_root(name="Khác", slug="khac", code="")
    assert client.get("/danh-muc/khong-co/").status_code == 404
    assert client.get("/danh-muc/khac/").status_code == 404
