"""What the province picks: with a reason, for a time, and only what can be bought."""

from datetime import timedelta

import pytest

from shop.core.dates import today
from shop.partner.models import StockRecord
from tests.factories import listing_make
from tests.integration.cms.conftest import home_with, picks


@pytest.fixture
def shown(client, trees):
    """Call it for the text of the home page."""
    return lambda: client.get("/").content.decode()


def test_pick_carries_its_label_reason_and_last_day(shown, trees):
    listing = listing_make(title="Hạt sen sấy")
    until = today() + timedelta(days=3)
    home_with(trees["vi"], picks(listing.product, until=until, reason="Sen của sáu mươi hộ."))
    page = shown()
    assert "Hạt sen sấy" in page and "Sen của sáu mươi hộ." in page
    assert until.strftime("%d/%m/%Y") in page and "chip--pick" in page


def test_pick_stays_on_its_last_day(shown, trees):
    home_with(trees["vi"], picks(listing_make(title="Món cuối ngày").product, until=today()))
    assert "Món cuối ngày" in shown()


def test_expired_pick_leaves_with_its_heading(shown, trees):
    home_with(trees["vi"], picks(listing_make(title="Món hết hạn").product, until=today() - timedelta(days=1)))
    page = shown()
    assert "Món hết hạn" not in page and 'id="picks"' not in page


def test_sold_out_pick_leaves(shown, trees):
    listing = listing_make(title="Món bán chạy", stock=5)
    home_with(trees["vi"], picks(listing.product))
    assert "Món bán chạy" in shown()
    StockRecord.objects.filter(product=listing.product).update(num_allocated=5)
    assert "Món bán chạy" not in shown()


@pytest.mark.parametrize("state", ["draft", "paused", "archived"])
def test_unpublished_pick_leaves(shown, trees, state):
    home_with(trees["vi"], picks(listing_make(title="Món tạm nghỉ", state=state).product))
    assert "Món tạm nghỉ" not in shown()


def test_deleted_product_leaves_no_hole(shown, trees):
    listing = listing_make(title="Món bị xóa")
    home_with(trees["vi"], picks(listing.product, listing_make(title="Món còn lại").product))
    listing.product.delete()
    page = shown()
    assert "Món bị xóa" not in page and "Món còn lại" in page


@pytest.mark.parametrize(("number", "leads"), [(1, 1), (2, 0), (3, 1), (4, 0)])
def test_one_large_pick_over_pairs(shown, trees, number, leads):
    home_with(trees["vi"], picks(*[listing_make().product for _n in range(number)]))
    assert shown().count("pick pick--lead") == leads
