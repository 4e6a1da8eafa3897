"""The editor of one product: drafts, mistakes, pictures, changes of what is on sale."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from oscar.core.loading import get_model

from shop.listings.models import Listing, ListingChange, PhotoUpload
from tests.factories.market import listing_make
from tests.factories.sizes import sizes_make
from tests.integration.listings.pictures import GIF, picture

NEW = "/ban-hang/hang/moi/"
MONTHS = [str(n) for n in range(1, 13)]
TYPED = {
    "title": "Xoài cát Hòa Lộc",
    "price": "85.000",
    "unit_vi": "kg",
    "net_weight_g": "1 kg",
    "stock": "40",
    "ward_code": "28576",
    "season": MONTHS,
    "ocop_set": "",
    "key": "k-1",
}
FETCH = {"X-Requested-With": "fetch"}
ProductImage = get_model("catalogue", "ProductImage")


def photo(name="IMG_1.jpg", content=None):
    return SimpleUploadedFile(name, content or picture(), "image/jpeg")


def url_of(listing):
    return f"/ban-hang/hang/{listing.pk}/"


def test_the_form_starts_at_home_and_all_year(owner_client):
    page = owner_client.get(NEW)
    assert page.status_code == 200
    form = page.context["form"]
    assert (form["ward_code"].value(), form.chosen_months) == ("28576", set(range(1, 13)))
    assert "Số" not in page.headers.get("Set-Cookie", "")


def test_a_photo_a_name_a_price_and_sent(owner_client, cooperative):
    answer = owner_client.post(NEW, TYPED | {"photos": [photo()], "do": "send"})
    listing = Listing.objects.get()
    assert (answer.status_code, answer.url) == (303, "/ban-hang/hang/?tab=review")
    assert (listing.state, listing.cooperative, listing.ocop_set, listing.ship_weight_g) == (
        "review",
        cooperative,
        1,
        1_100,
    )
    assert (listing.product.card_price, listing.product.stock_left) == (85_000, 40)
    assert listing.product.images.count() == 1


def test_a_double_click_makes_one_product(owner_client):
    for _press in range(2):
        assert owner_client.post(NEW, TYPED | {"do": "save"}).status_code == 303
    assert Listing.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(owner_client):
    wrong = {"price": "chín mươi", "stock": "-2", "net_weight_g": "nặng", "season": [], "summary_vi": "<b>Ngon</b>"}
    answer = owner_client.post(NEW, TYPED | wrong | {"photos": [photo()], "do": "send"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert sorted(form.errors) == ["net_weight_g", "price", "season", "stock"]
    html = answer.content.decode()
    assert 'value="chín mươi"' in html and "&lt;b&gt;Ngon&lt;/b&gt;" in html and "<b>Ngon" not in html
    listing = Listing.objects.get()  # what was right is a draft with its picture
    assert (listing.state, listing.product.title, listing.product.images.count()) == ("draft", "Xoài cát Hòa Lộc", 1)
    assert listing.product.card_price is None
    assert f'action="{url_of(listing)}"' in html


def test_sending_asks_for_what_is_missing(owner_client):
    answer = owner_client.post(NEW, {"title": "", "season": MONTHS, "key": "k", "do": "send"})
    assert answer.status_code == 422
    assert {"title", "price", "unit_vi", "net_weight_g", "stock", "ocop_set"} <= set(answer.context["form"].errors)
    assert Listing.objects.get().state == "draft"


def test_bad_pictures_are_named_and_the_rest_is_kept(owner_client):
    answer = owner_client.post(NEW, TYPED | {"photos": [photo(), photo("x.gif", GIF)], "do": "send"})
    assert answer.status_code == 422
    assert len(answer.context["problems"]) == 1 and answer.context["problems"][0].startswith("x.gif: ")
    listing = Listing.objects.get()
    assert (listing.state, listing.product.images.count(), listing.product.card_price) == ("draft", 1, 85_000)


def test_a_huge_request_is_refused_unread(owner_client):
    answer = owner_client.generic("POST", NEW, b"", CONTENT_LENGTH=str(60 * 1024 * 1024))
    assert answer.status_code == 413
    assert not Listing.objects.exists()


def test_a_draft_saves_itself(owner_client):
    facts = owner_client.post(NEW, {"title": "Mứt gừng", "season": MONTHS, "key": "k"}, headers=FETCH).json()
    listing = Listing.objects.get()
    assert (facts["url"], facts["errors"], facts["set"]) == (url_of(listing), {}, 7)
    answer = owner_client.post(facts["url"], TYPED | {"price": "abc", "title": "Mứt dừa"}, headers=FETCH)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["price"])
    listing = Listing.objects.get()
    assert (listing.product.title, listing.product.stock_left, listing.state) == ("Mứt dừa", 40, "draft")


def test_words_on_sale_wait_and_the_price_does_not(owner_client, cooperative):
    listing = listing_make(cooperative, title="Vú sữa", stock=9)
    typed = TYPED | {"title": "Vú sữa Lò Rèn", "stock": "9", "stock_seen": "9", "unit_vi": "hộp 1 kg", "ocop_set": "1"}
    answer = owner_client.post(url_of(listing), typed | {"net_weight_g": "", "do": "send"})
    assert answer.status_code == 303
    live = Listing.objects.get()
    assert (live.product.title, live.product.card_price) == ("Vú sữa", 85_000)
    assert ListingChange.objects.get().values == {"title": "Vú sữa Lò Rèn"}
    assert "Vú sữa Lò Rèn" in owner_client.get(url_of(listing)).content.decode()
    owner_client.post(reverse("seller:product-step", args=[listing.pk, "rut-lai"]))
    assert ListingChange.objects.get().state == "withdrawn"


def test_goods_with_sizes_have_their_prices_elsewhere(owner_client, cooperative):
    listing = listing_make(cooperative, title="Vú sữa", price=50_000)
    sizes_make(listing, "túi 500 g", ("hộp 3 kg", 3_000, 270_000, 20))
    text = owner_client.get(url_of(listing)).content.decode()
    assert "túi 500 g" in text and "hộp 3 kg" in text and f"{url_of(listing)}quy-cach/" in text
    assert 'name="price"' not in text and 'name="stock"' not in text
    typed = {name: value for name, value in TYPED.items() if name not in ("price", "stock")}
    assert owner_client.post(url_of(listing), typed | {"title": "Vú sữa", "do": "send"}).status_code == 303
    prices = [size.card_price for size in Listing.objects.get().product.sizes]
    assert prices == [50_000, 270_000]
    answer = owner_client.post(url_of(listing), TYPED | {"title": "Vú sữa", "price": "1.000"})
    assert answer.status_code == 422 and [size.card_price for size in Listing.objects.get().product.sizes] == prices


def test_a_mistake_changes_nothing_of_what_is_on_sale(owner_client, cooperative):
    listing = listing_make(cooperative, title="Vú sữa", price=100_000)
    answer = owner_client.post(url_of(listing), TYPED | {"stock": "nhiều"})
    assert answer.status_code == 422
    assert Listing.objects.get().product.card_price == 100_000 and not ListingChange.objects.exists()


def test_what_others_read_is_not_emptied(owner_client, cooperative):
    listing = listing_make(cooperative, title="Vú sữa", state="review")
    answer = owner_client.post(url_of(listing), TYPED | {"title": " ", "unit_vi": ""})
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["title", "unit_vi"]
    listing = Listing.objects.get()
    assert (listing.product.title, listing.unit_vi, listing.product.card_price) == ("Vú sữa", "hộp 1 kg", 100_000)


def test_the_reason_stands_in_the_editor_and_on_the_list(owner_client, cooperative):
    listing = listing_make(cooperative, state="refused", refusal="Hình <mờ>")
    assert "Hình &lt;mờ&gt;" in owner_client.get(url_of(listing)).content.decode()
    assert "Hình &lt;mờ&gt;" in owner_client.get("/ban-hang/hang/?tab=refused").content.decode()


def test_pictures_in_parts(owner_client, cooperative):
    listing = listing_make(cooperative, state="draft")
    content = picture(size=(900, 700))
    plan = owner_client.post(url_of(listing) + "hinh/bat-dau/", {"size": len(content)}, headers=FETCH).json()

    def put(at, part):
        address = f"{plan['chunk']}?offset={at}"
        return owner_client.post(address, part, content_type="application/octet-stream", headers=FETCH)

    assert put(0, content[:2_000]).json() == {"offset": 2_000}
    assert (put(9_999, b"x").status_code, put(0, b"x" * 2_000_000).status_code) == (409, 413)
    assert owner_client.head(plan["chunk"])["Upload-Offset"] == "2000"
    assert owner_client.post(plan["finish"], headers=FETCH).status_code == 409
    put(2_000, content[2_000:])
    done = owner_client.post(plan["finish"], headers=FETCH)
    assert done.status_code == 200 and b"<img" in done.content
    row = ProductImage.objects.get()
    owner_client.post(url_of(listing) + "hinh/", {"photo": f"delete:{row.pk}"}, headers=FETCH)
    assert not ProductImage.objects.exists()


@pytest.mark.parametrize("size", ["", "0", "-1", "x", "9" * 30])
def test_a_size_that_is_none(owner_client, cooperative, size):
    listing = listing_make(cooperative, state="draft")
    assert owner_client.post(url_of(listing) + "hinh/bat-dau/", {"size": size}).status_code == 422
    assert not PhotoUpload.objects.exists()


def test_goods_of_others_do_not_exist(owner_client, neighbour):
    theirs = listing_make(neighbour, title="Xoài nhà bên")
    upload = PhotoUpload.objects.create(listing=theirs, cooperative=neighbour, token="abc", size=9)
    gets = [url_of(theirs), f"/ban-hang/hang/hinh/{upload.token}/"]
    posts = [*gets, *(url_of(theirs) + tail for tail in ("hinh/", "hinh/bat-dau/", "so-luong/", "buoc/luu-tru/"))]
    posts.append(f"/ban-hang/hang/hinh/{upload.token}/xong/")
    assert {owner_client.get(url).status_code for url in gets} == {404}
    assert {owner_client.post(url, TYPED).status_code for url in posts} == {404}
    assert "nhà bên" not in owner_client.get("/ban-hang/hang/?q=xoai").content.decode()
    assert Listing.objects.get().state == "published"


@pytest.mark.parametrize("role", ["packer", "accountant"])
def test_goods_are_not_for_everybody(client, cooperative, member, role):
    client.force_login(member(cooperative, role))
    listing = listing_make(cooperative)
    for url in ("/ban-hang/hang/", NEW, url_of(listing)):
        assert client.get(url).status_code == 403
    assert client.post(url_of(listing) + "so-luong/", {"stock": "1"}).status_code == 403
    assert listing.product.stockrecords.get().num_in_stock == 10
