"""Sizes begin, change and end without breaking baskets, orders and their stock."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.models import Line as BasketLine
from shop.fulfilment.services import order_expire
from shop.offer.models import Range
from shop.partner.models import StockRecord
from shop.payment.attempts.models import Attempt
from shop.variants.models import Variant
from shop.variants.services import (
    VariantError,
    variant_add,
    variant_restore,
    variant_retire,
    variant_update,
    variants_start,
)
from tests.factories.market import basket_of, fresh, listing_make, place
from tests.factories.sizes import sizes_make

pytestmark = pytest.mark.django_db
BAG = {"label_vi": "túi 500 g", "net_weight_g": 500, "ship_weight_g": 600}
KILO = {"label_vi": "túi 1 kg", "net_weight_g": 1000, "ship_weight_g": 1100, "price": 85_000, "stock": 4}


def refused(service, **options):
    with pytest.raises(VariantError) as error:
        service(by="test", **options)
    return error.value.code


# --- Start ------------------------------------------------------------------------------------------------------
def test_the_old_product_becomes_the_parent_of_its_first_size():
    listing = listing_make(title="Vú sữa", price=45_000, stock=7)
    record = StockRecord.objects.get(product=listing.product)
    variant = variants_start(product=listing.product, by="lanh", **BAG)
    listing.product.refresh_from_db()
    record.refresh_from_db()
    assert (listing.product.is_parent, listing.product.stockrecords.count()) == (True, 0)
    assert (record.product, record.price, record.num_in_stock) == (variant.product, 45_000, 7)
    assert (variant.product.parent, variant.product.get_title()) == (listing.product, "Vú sữa, túi 500 g")
    assert (variant.changed_by, variant.position) == ("lanh", 0)


def test_open_baskets_move_to_the_size_and_can_be_ordered():
    listing = listing_make(stock=7)
    basket = basket_of((listing, 2))
    variant = variants_start(product=listing.product, by="test", **BAG)
    line = basket.lines.get()
    assert (line.product, line.line_reference) == (variant.product, f"{variant.product_id}_{line.stockrecord_id}")
    again, created = fresh(basket).add_product(variant.product, 1)
    assert (again, created, BasketLine.objects.get().quantity) == (line, False, 3)
    order = place(basket).group.members.get().order
    assert order.lines.get().product == variant.product
    assert StockRecord.objects.get().num_allocated == 3


def test_open_orders_keep_their_product_and_free_the_right_stock():
    listing = listing_make(title="Vú sữa", stock=7)
    order = place(basket_of((listing, 2)), provider="vietqr").group.members.get().order
    variant = sizes_make(listing, "túi 500 g", ("túi 1 kg", 1000, 85_000, 4))[0]
    line = order.lines.get()
    assert (line.product_id, line.title, line.stockrecord.product_id) == (
        listing.product_id,
        "Vú sữa",
        variant.product_id,
    )
    assert list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")) == [(7, 2), (4, None)]
    Attempt.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert order_expire(order=order) is True
    assert list(StockRecord.objects.order_by("pk").values_list("num_in_stock", "num_allocated")) == [(7, 0), (4, None)]


def test_start_again_answers_with_the_first_size():
    listing = listing_make()
    first = variants_start(product=listing.product, by="test", **BAG)
    assert variants_start(product=listing.product, by="test", **{**BAG, "label_vi": "hộp"}) == first
    assert Variant.objects.count() == 1


def test_what_is_unclear_is_refused_and_nothing_changes():
    listing = listing_make()
    child = sizes_make(listing)[0].product
    assert refused(variants_start, product=child, **BAG) == "child"
    bare = listing_make().product
    bare.stockrecords.all().delete()
    assert refused(variants_start, product=bare, **BAG) == "stock"
    odd = listing_make().product
    type(odd).objects.filter(pk=odd.pk).update(structure="parent")
    assert refused(variants_start, product=odd, **BAG) == "sizes"
    heavy = listing_make().product
    assert refused(variants_start, product=heavy, **{**BAG, "ship_weight_g": 400}) == "weights"
    heavy.refresh_from_db()
    assert (heavy.is_standalone, heavy.stockrecords.count(), Variant.objects.count()) == (True, 1, 1)


# --- Add, change, end -----------------------------------------------------------------------------------------------
def test_a_size_is_added_once_and_the_lightest_comes_first():
    listing = listing_make(title="Gạo", price=45_000)
    assert refused(variant_add, parent=listing.product, **KILO) == "not_parent"
    sizes_make(listing, "túi 2 kg", net_weight_g=2000)
    one = variant_add(parent=listing.product, by="test", **KILO)
    assert variant_add(parent=listing.product, by="test", **KILO) == one
    assert refused(variant_add, parent=listing.product, **{**KILO, "label_vi": "TUI 1 KG", "price": 9}) == "same_label"
    assert list(Variant.objects.values_list("label_vi", flat=True)) == ["túi 1 kg", "túi 2 kg"]
    record = StockRecord.objects.get(product=one.product)
    assert (record.partner, record.price, record.num_in_stock) == (listing.cooperative.partner, 85_000, 4)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"label_vi": " "}, "label"),
        ({"net_weight_g": 0}, "weights"),
        ({"ship_weight_g": 900}, "weights"),
        ({"price": 0}, "price"),
        ({"stock": -1}, "quantity"),
    ],
)
def test_values_that_make_no_sense(bad, code):
    listing = listing_make()
    sizes_make(listing)
    assert refused(variant_add, parent=listing.product, **{**KILO, **bad}) == code
    assert Variant.objects.count() == 1


def test_stock_is_what_can_still_be_ordered_and_orders_in_between_are_kept():
    listing = listing_make(price=45_000, stock=7)
    variant = sizes_make(listing)[0]
    StockRecord.objects.update(num_allocated=2)
    variant_update(variant=variant, price=50_000, stock=9, stock_seen=5, by="test", **BAG)
    assert StockRecord.objects.values_list("price", "num_in_stock", "num_allocated").get() == (50_000, 11, 2)
    # The second of two clicks finds it done.
    variant_update(variant=variant, price=50_000, stock=9, stock_seen=5, by="test", **BAG)
    assert StockRecord.objects.get().num_in_stock == 11
    assert refused(variant_update, variant=variant, price=60_000, stock=3, stock_seen=5, **BAG) == "stock_moved"
    assert StockRecord.objects.values_list("price", "num_in_stock").get() == (50_000, 11)


def test_the_weight_of_what_orders_hold_stays():
    listing = listing_make(stock=7)
    variant = sizes_make(listing)[0]
    StockRecord.objects.update(num_allocated=1)
    other = {**BAG, "net_weight_g": 400}
    assert refused(variant_update, variant=variant, price=1_000, stock=6, stock_seen=6, **other) == "held"
    StockRecord.objects.update(num_allocated=0)
    assert variant_update(variant=variant, price=1_000, stock=7, stock_seen=7, by="test", **other).net_weight_g == 400


def test_retire_and_restore():
    listing = listing_make()
    bag, kilo = sizes_make(listing, "túi 500 g", ("túi 1 kg", 1000, 85_000, 4))
    assert variant_retire(variant=bag, by="lanh").is_active is False
    assert variant_retire(variant=bag, by="lanh").is_active is False
    bag.product.refresh_from_db()
    assert bag.product.is_public is False
    assert refused(variant_retire, variant=kilo) == "last"
    assert variant_restore(variant=bag, by="lanh").is_active is True
    assert [one.size.label_vi for one in type(bag.product).objects.get(pk=listing.product_id).sizes] == [
        "túi 500 g",
        "túi 1 kg",
    ]


def test_an_offer_on_the_product_is_one_on_its_sizes():
    listing = listing_make()
    offered = get_model("offer", "Range").objects.create(name="Tháng này", slug="thang-nay")
    offered.add_product(listing.product)
    bag = sizes_make(listing)[0].product
    assert offered.contains_product(bag) is True
    line = SimpleNamespace(product_id=bag.pk, product=bag, stockrecord=bag.stock_record)
    assert Range.remembering({offered.pk}, [line])[offered.pk].contains_product(bag) is True
