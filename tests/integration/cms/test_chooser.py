"""The officers' list of goods: searched without marks, only what is on sale."""

import json

import pytest

from shop.certifications.models import Certification
from shop.core.dates import today
from tests.factories import listing_make

CHOOSER = "/quan-tri/san-pham-chooser/"


@pytest.fixture
def results(desk):
    """Call it with the words typed for the list's text."""
    return lambda words="": desk.get(f"{CHOOSER}results/", {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["mam tom", "Mắm tôm", "MAM TOM CHA", "mam tom go cong"])
def test_finds_with_and_without_marks(results, words):
    listing_make(title="Mắm tôm chà Gò Công")
    listing_make(title="Xoài cát Hòa Lộc")
    page = results(words)
    assert "Mắm tôm chà Gò Công" in page and "Xoài" not in page


def test_finds_by_cooperative(results):
    listing = listing_make(title="Bánh phồng")
    listing.cooperative.name = "HTX Tân Phước"
    listing.cooperative.save()
    listing.save()
    assert "Bánh phồng" in results("tan phuoc")


def test_shows_cooperative_price_stars_and_stock(results):
    listing = listing_make(title="Hạt sen", price=128_000, stock=7)
    Certification.objects.create(
        listing=listing, stars=5, decision_no="1", decision_date=today(), issuer="UBND", status="verified"
    )
    page = results()
    for word in (listing.cooperative.name, "128.000\xa0₫", "OCOP 5", ">7<"):
        assert word in "".join(line.strip() for line in page.splitlines())


@pytest.mark.parametrize("state", ["draft", "review", "paused", "refused", "archived"])
def test_offers_only_what_is_on_sale(results, state):
    listing_make(title="Món chưa bán", state=state)
    assert "Món chưa bán" not in results()


def test_no_hit_says_so_and_offers_nothing(results):
    listing_make(title="Hạt sen")
    assert "Hạt sen" not in results("khong co mon nay")


def test_list_costs_the_same_with_more_goods(desk, django_assert_max_num_queries):
    for _n in range(15):
        listing_make()
    desk.get(f"{CHOOSER}results/")
    with django_assert_max_num_queries(12):
        desk.get(f"{CHOOSER}results/")


def test_choice_gives_key_and_title(desk):
    product = listing_make(title="Hạt sen").product
    answer = json.loads(desk.get(f"{CHOOSER}chosen/{product.pk}/").content)
    assert (answer["result"]["id"], answer["result"]["title"]) == (str(product.pk), "Hạt sen")


def test_chooser_is_closed_to_strangers(client, trees):
    assert client.get(f"{CHOOSER}results/").status_code == 302
