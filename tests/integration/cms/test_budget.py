"""A page costs the same few queries, whatever it shows."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.models import HomePage
from shop.core.dates import today
from shop.listings.models import month_bit
from tests.factories import listing_make
from tests.factories.promotions import own_offer
from tests.integration.cms.conftest import hero, home_with, page_make, picks, season, story_make


def full_home(trees, language: str) -> None:
    goods = [listing_make(season=month_bit(today().month)) for _n in range(8)]
    stories = [story_make(trees, language=language, slug=f"chuyen-{n}") for n in range(4)]
    home_with(
        trees[language],
        hero(button_product=goods[0].product_id),
        season(),
        ("calendar", {}),
        picks(*[listing.product for listing in goods[:5]]),
        ("stories", {"title": "", "stories": [stories[0].pk, stories[2].pk]}),
        ("sectors", {}),
        ("steps", {"steps": [{"title": "Chọn", "text": "Một giỏ."}]}),
        ("figures", {}),
        ("text", {"text": "<p>Chợ của tỉnh.</p>"}),
    )


def queries_of(client, address: str) -> int:
    """Queries of a stranger's request with every cache empty, but for the table of content types."""
    cache.clear()
    ContentType.objects.get_for_model(HomePage)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("language", "address"), [("vi", "/"), ("en", "/en/")])
def test_home_within_thirteen_queries(client, trees, language, address):
    page_make(trees, language=language)
    full_home(trees, language)
    assert queries_of(client, address) <= 13


def test_home_costs_the_same_with_more_goods(client, trees):
    full_home(trees, "vi")
    before = queries_of(client, "/")
    for _n in range(20):
        listing_make(season=month_bit(today().month))
    assert queries_of(client, "/") == before


def test_story_costs_the_same_with_more_goods(client, trees):
    goods = [listing_make().product_id for _n in range(6)]
    story_make(trees, slug="mot", body=[("products", {"products": goods[:1]})])
    story_make(trees, slug="nhieu", body=[("products", {"products": goods[:3]}), ("products", {"products": goods[3:]})])
    assert queries_of(client, "/cau-chuyen/mot/") == queries_of(client, "/cau-chuyen/nhieu/")


def test_footer_costs_one_query_a_minute(client, trees, django_assert_num_queries, rf):
    from cms.context import site_links

    page_make(trees)
    cache.clear()
    with django_assert_num_queries(1):
        assert [entry["url"] for entry in site_links(rf.get("/"))["site_footer"]] == ["/doi-tra/"]
    with django_assert_num_queries(0):
        site_links(rf.get("/"))


def test_lower_prices_on_picks_and_in_texts_cost_the_same_for_each(client, trees):
    goods = [listing_make(price=120_000) for _n in range(5)]
    own_offer(goods[0].cooperative, value=10)
    home_with(trees["vi"], picks(goods[0].product))
    before = queries_of(client, "/")
    page = client.get("/").content.decode()
    assert "108.000" in page and "<s>120.000" in page
    home_with(trees["vi"], picks(*[listing.product for listing in goods]))
    assert queries_of(client, "/") == before
