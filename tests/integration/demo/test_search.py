"""What people type finds what they mean among the sample goods."""

import pytest

from shop.listings.models import Listing


def titles(query):
    return set(Listing.objects.published().matching(query).values_list("product__title", flat=True))


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("mam tom cha", "Mắm tôm chà Gò Công"),
        ("Mắm Tôm Chà", "Mắm tôm chà Gò Công"),
        ("duong", "Quýt đường Lai Vung"),
        ("khom", "Khóm Tân Phước"),
        ("thom", "Khóm Tân Phước"),
        ("dứa", "Khóm Tân Phước"),
        ("vinh kim", "Vú sữa Lò Rèn Vĩnh Kim"),
        ("htx vu sua", "Vú sữa Lò Rèn Vĩnh Kim"),
        ("star apple", "Vú sữa Lò Rèn Vĩnh Kim"),
        ("lai vung", "Nem Lai Vung"),
        ("trà sen", "Trà lá sen túi lọc"),
        ("chè sen", "Trà lá sen túi lọc"),
        ("ruou", "Rượu sen Tháp Mười"),
    ],
)
def test_found(demo, query, title):
    assert title in titles(query)


@pytest.mark.parametrize(
    ("query", "count"), [("mam tom cha", 1), ("vinh kim", 1), ("sau rieng", 5), ("iphone", 0), ("", 129)]
)
def test_nothing_else_is_found(demo, query, count):
    assert len(titles(query)) == count


def test_words_in_any_order(demo):
    assert titles("go cong gao") == titles("gao go cong") == {"Gạo VD20 Gò Công"}
