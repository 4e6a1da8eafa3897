"""The list of goods: stock in place, tabs, search, pause, archive, copy."""

from django.urls import reverse

from shop.listings.models import Listing
from shop.variants.services import variant_retire
from tests.factories.market import listing_make
from tests.factories.sizes import sizes_make

LIST = "/ban-hang/hang/"


def stock_url(listing):
    return reverse("seller:product-stock", args=[listing.pk])


def step_url(listing, step):
    return reverse("seller:product-step", args=[listing.pk, step])


def test_stock_and_price_in_place(owner_client, cooperative):
    listing = listing_make(cooperative, stock=10)
    record = listing.product.stockrecords.get()
    answer = owner_client.post(stock_url(listing), {"stock": "12", "seen": "10", "next": LIST + "?tab=low"})
    assert (answer.status_code, answer.url) == (303, LIST + "?tab=low")
    record.refresh_from_db()
    record.allocate(3)
    answer = owner_client.post(stock_url(listing), {"stock": "20", "seen": "12"}, headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.json()["left"]) == (409, 9)
    answer = owner_client.post(stock_url(listing), {"stock": "20", "seen": "12"})
    assert answer.status_code == 409 and 'value="20"' in answer.content.decode()
    record.refresh_from_db()
    assert record.num_in_stock == 12
    for typed in ("", "x", "-1", "9" * 30):
        assert owner_client.post(stock_url(listing), {"stock": typed}).status_code == 422
    assert owner_client.post(stock_url(listing), {"price": "1.5"}).status_code == 422
    assert owner_client.post(stock_url(listing), {"stock": "1", "next": "//evil.example/"}).url == LIST


def test_tabs_and_search(owner_client, cooperative, django_assert_max_num_queries):
    listing_make(cooperative, title="Bưởi da xanh", stock=3)
    listing_make(cooperative, title="Cam sành", state="draft")
    listing_make(cooperative, title="Quýt hồng", state="archived")

    def titles(query):
        return [row["listing"].product.title for row in owner_client.get(LIST + query).context["rows"]]

    assert titles("") == titles("?tab=low") == ["Bưởi da xanh"]
    assert (titles("?tab=draft"), titles("?tab=archived")) == (["Cam sành"], ["Quýt hồng"])
    assert (titles("?q=quyt+hong"), titles("?q=zzz"), titles("?tab=nope")) == (["Quýt hồng"], [], ["Bưởi da xanh"])
    counts = {tab["name"]: tab["count"] for tab in owner_client.get(LIST).context["product_tabs"]}
    assert counts == {"": 1, "low": 1, "draft": 1, "review": 0, "refused": 0, "paused": 0, "archived": 1}
    with django_assert_max_num_queries(16) as few:
        owner_client.get(LIST)
    for _n in range(5):
        listing_make(cooperative)
    with django_assert_max_num_queries(len(few)):
        owner_client.get(LIST)


def test_pause_archive_and_back(owner_client, cooperative):
    listing = listing_make(cooperative)
    steps = [("tam-dung", "paused"), ("ban-tiep", "published"), ("luu-tru", "archived"), ("lay-lai", "paused")]
    for step, state in steps:
        assert owner_client.post(step_url(listing, step)).status_code == 303
        assert Listing.objects.get().state == state
    assert owner_client.post(step_url(listing, "xoa")).status_code == 404
    assert owner_client.get(step_url(listing, "luu-tru")).status_code == 405


def test_a_step_that_is_not_possible_says_so(owner_client, cooperative):
    listing = listing_make(cooperative, state="draft")
    answer = owner_client.post(step_url(listing, "ban-tiep"))
    assert answer.status_code == 409 and answer.context["rows"][0]["problem"]
    assert Listing.objects.get().state == "draft"


def test_copy_twice_is_one(owner_client, cooperative):
    listing = listing_make(cooperative, title="Vú sữa hộp 3 kg")
    answers = [owner_client.post(step_url(listing, "nhan-ban"), {"key": "c"}) for _press in range(2)]
    copied = Listing.objects.get(state="draft")
    assert [answer.url for answer in answers] == [f"/ban-hang/hang/{copied.pk}/"] * 2


def test_goods_with_sizes_in_the_list(owner_client, cooperative, django_assert_max_num_queries):
    fruit = listing_make(cooperative, title="Vú sữa", price=50_000, stock=30)
    small, box = sizes_make(fruit, "túi 500 g", ("hộp 3 kg", 3_000, 270_000, 20))
    small.product.stockrecords.get().allocate(2)
    page = owner_client.get(LIST)
    (row,) = page.context["rows"]
    assert (row["left"], row["held"], row["is_low"], row["short"]) == (48, 2, False, [])
    text = page.content.decode()
    assert f"/ban-hang/hang/{fruit.pk}/quy-cach/" in text and "50.000" in text and "túi 500 g" in text
    assert stock_url(fruit) not in text  # a number for all sizes together would say nothing
    assert owner_client.get(LIST + "?tab=low").context["rows"] == []
    box.product.stockrecords.update(num_in_stock=3)
    (row,) = owner_client.get(LIST + "?tab=low").context["rows"]
    assert (row["left"], row["is_low"], row["short"]) == (31, True, [box])
    answer = owner_client.post(stock_url(fruit), {"stock": "5", "price": "1.000"})
    assert answer.status_code == 422 and box.product.stockrecords.get().num_in_stock == 3
    with django_assert_max_num_queries(18) as one:
        owner_client.get(LIST)
    for _n in range(4):
        sizes_make(listing_make(cooperative), "túi 500 g", ("hộp 2 kg", 2_000, 190_000, 9))
    with django_assert_max_num_queries(len(one)):
        owner_client.get(LIST)


def test_a_copy_brings_its_sizes_along(owner_client, cooperative):
    fruit = listing_make(cooperative, title="Vú sữa", price=50_000)
    more = ("hộp 3 kg", 3_000, 270_000, 20), ("hộp 5 kg", 5_000, 400_000, 1)
    _small, box, _large = sizes_make(fruit, "túi 500 g", *more)
    variant_retire(variant=box, by="test")
    for _press in range(2):
        assert owner_client.post(step_url(fruit, "nhan-ban"), {"key": "c"}).status_code == 303
    copied = Listing.objects.get(state="draft").product
    facts = [(one.size.label_vi, one.size.ship_weight_g, one.card_price, one.stock_left) for one in copied.sizes]
    assert facts == [("túi 500 g", 600, 50_000, 0), ("hộp 5 kg", 5_100, 400_000, 0)]


def test_pause_and_archive_goods_with_sizes(owner_client, cooperative):
    fruit = listing_make(cooperative)
    sizes_make(fruit, "túi 500 g", ("hộp 3 kg", 3_000, 270_000, 20))
    for step, state in [
        ("tam-dung", "paused"),
        ("luu-tru", "archived"),
        ("lay-lai", "paused"),
        ("ban-tiep", "published"),
    ]:
        assert owner_client.post(step_url(fruit, step)).status_code == 303
        assert Listing.objects.get().state == state
    assert fruit.product.sizes and fruit.product.stock_left == 30
