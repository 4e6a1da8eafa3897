"""Search: marks or none, the best match first, and a way out of nothing."""

import pytest

from tests.factories import cooperative_make, listing_make
from tests.integration.storefront.test_catalogue import hidden, names

pytestmark = pytest.mark.django_db
SEARCH = "/tim-kiem/"


def search(client, query, **more):
    return client.get(SEARCH, {"q": query, **more})


@pytest.mark.parametrize("typed", ["mam tom cha", "mắm tôm chà", "MẮM  TÔM", "mam", "cha go cong", "mắm tôm"])
def test_finds_with_and_without_marks(client, typed):
    listing_make(title="Mắm tôm chà Gò Công")
    listing_make(title="Gạo thơm")
    assert names(search(client, typed)) == ["Mắm tôm chà Gò Công"]


def test_d_with_and_without_bar(client):
    listing_make(title="Đường thốt nốt")
    assert names(search(client, "duong")) == ["Đường thốt nốt"]
    assert names(search(client, "dac san")) == ["Đường thốt nốt"]
    assert names(search(client, "đặc sản")) == ["Đường thốt nốt"]


def test_exact_marks_come_before_folded_ones(client):
    listing_make(title="Dừa xiêm")
    listing_make(title="Dưa hấu")
    assert names(search(client, "dưa")) == ["Dưa hấu", "Dừa xiêm"]
    assert names(search(client, "dừa")) == ["Dừa xiêm", "Dưa hấu"]


def test_a_capital_with_marks_matches_too(client):
    listing_make(title="Oi sấy")
    listing_make(title="Ổi nữ hoàng")
    listing_make(title="Nước oi")
    assert names(search(client, "ổi"))[0] == "Ổi nữ hoàng"


def test_the_name_comes_before_other_words(client):
    listing_make(title="Xoài cát")
    listing_make(cooperative_make("HTX Xoài"), title="Bánh tráng")
    assert names(search(client, "xoai")) == ["Xoài cát", "Bánh tráng"]


def test_synonyms(client):
    listing_make(title="Khóm Tân Phước")
    assert names(search(client, "dứa")) == ["Khóm Tân Phước"]


def test_cooperatives_stand_above_the_goods_at_most_three(client):
    for number in range(4):
        cooperative_make(f"HTX Xoài {number}")
    hidden(cooperative_make("HTX Xoài kín"))
    listing_make(title="Xoài cát")
    response = search(client, "xoai")
    assert [one.name for one in response.context["cooperatives"]] == ["HTX Xoài 0", "HTX Xoài 1", "HTX Xoài 2"]
    page = response.content.decode()
    assert page.index("HTX Xoài 0") < page.index('class="card__name"')


def test_query_is_echoed_escaped_and_cut(client):
    response = search(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in response.content.decode()
    assert "&lt;script&gt;" in response.content.decode()
    assert search(client, "a" * 5000).context["query"] == "a" * 100


@pytest.mark.parametrize("query", ["", " ", "\0", "%", "_", "***", "🥭", "\u202e", "a" * 5000, "o'); drop table"])
def test_nothing_breaks_it(client, query):
    listing_make()
    assert search(client, query).status_code == 200


def test_nothing_found_offers_shorter_searches_and_the_nearest(client):
    listing_make(title="Sầu riêng sấy")
    listing_make(title="Da cá sấy")
    response = search(client, "sầu riêng sấy muối")
    assert response.status_code == 200
    assert [one["query"] for one in response.context["tries"]] == ["sầu riêng sấy", "sầu riêng"]
    assert [product.title for product in response.context["nearest"]] == ["Sầu riêng sấy", "Da cá sấy"]


def test_facets_narrow_a_search_and_keep_the_query(client):
    listing_make(title="Xoài cát", ocop_set=1)
    listing_make(title="Xoài sấy", ocop_set=7)
    response = search(client, "xoai", bo="7")
    assert names(response) == ["Xoài sấy"]
    assert 'name="q" value="xoai"' in response.content.decode()
    assert names(search(client, "xoai", bo="7", nganh="do-uong")) == ["Xoài sấy"]


def test_english(client):
    listing_make(title="Xoài cát", title_en="Hoa Loc mango")
    page = client.get(f"/en{SEARCH}?q=mango").content.decode()
    assert "Hoa Loc mango" in page
    assert "Results for" in page


def test_budget_of_an_empty_result(client, django_assert_max_num_queries):
    listing_make(title="Sầu riêng sấy")
    search(client, "x")
    for query in ("zzz", "sầu riêng sấy muối"):
        with django_assert_max_num_queries(12):
            search(client, query)
