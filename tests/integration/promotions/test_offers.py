"""Offers of cooperatives: what each kind takes off, whose goods it reaches, and codes in mixed baskets."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.checkout.parcels import cart_build
from shop.checkout.services import PlacementRefused, purchase_place
from shop.fulfilment.services import consignment_refuse
from shop.order.models import Order
from shop.promotions.entering import VoucherRefused, basket_voucher_add, basket_voucher_remove
from shop.promotions.models import CooperativeOffer
from shop.promotions.services import (
    OfferData,
    OfferError,
    Voucher,
    offer_create,
    offer_stop,
    offer_update,
    voucher_create,
    vouchers_create,
)
from tests.factories import basket_of, cooperative_make, listing_make, recipient
from tests.factories.market import MY_THO, fresh
from tests.factories.promotions import own_code, own_offer

ConditionalOffer = get_model("offer", "ConditionalOffer")
Range = get_model("offer", "Range")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db


@pytest.fixture
def cooperative():
    return cooperative_make("HTX Vú sữa")


@pytest.fixture
def neighbour():
    return cooperative_make("HTX Xoài")


def cart_of(basket, user=None):
    return cart_build(fresh(basket), ward_code=MY_THO, user=user or AnonymousUser())


def buy(basket, user=None):
    total = cart_of(basket, user).total
    return purchase_place(
        basket_id=basket.pk, recipient=recipient(), choices={}, shown_total=total, by="x", user=user or AnonymousUser()
    )


def saved(basket, user=None):
    return cart_of(basket, user).saved


# -- Kinds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "extra", "units", "expected"),
    [
        ("percent", 10, {}, 1, 3_333),
        ("percent", 10, {}, 3, 9_999),
        ("percent", 50, {"cap": 20_000}, 2, 20_000),
        ("percent", 10, {"min_spend": 66_666}, 2, 6_666),
        ("percent", 10, {"min_spend": 66_667}, 2, 0),
        ("unit", 5_000, {}, 3, 15_000),
        ("unit", 50_000, {}, 2, 66_666),
        ("amount", 5_000, {}, 3, 5_000),
        ("amount", 500_000, {}, 2, 66_666),
        ("multibuy", 2, {}, 2, 0),
        ("multibuy", 2, {}, 3, 33_333),
        ("multibuy", 2, {}, 6, 66_666),
        ("multibuy", 1, {"max_uses": 2}, 8, 66_666),
        ("amount", 5_000, {"starts_at": timezone.now() + timedelta(days=1)}, 1, 0),
        ("amount", 5_000, {"ends_at": timezone.now() + timedelta(days=1)}, 1, 5_000),
    ],
)
def test_what_each_kind_takes_off(cooperative, kind, value, extra, units, expected):
    own_offer(cooperative, kind, value, **extra)

    assert saved(basket_of((listing_make(cooperative, price=33_333), units))) == expected


def test_the_cheapest_of_several_is_free(cooperative):
    own_offer(cooperative, "multibuy", 2)
    dear, cheap = listing_make(cooperative, price=90_000), listing_make(cooperative, price=20_000)

    assert saved(basket_of((dear, 2), (cheap, 1))) == 20_000
    assert saved(basket_of((dear, 3), (cheap, 3))) == 40_000


def test_a_code_comes_on_top_and_never_below_nothing(cooperative):
    own_offer(cooperative, "percent", 60)
    code = own_code(cooperative, "tet 50", value=50)
    basket = basket_of(listing_make(cooperative, price=100_000))
    basket_voucher_add(basket=basket, typed=" Tết-50 ")

    cart = cart_of(basket)

    assert cart.goods == 0
    assert cart.vouchers[0].code == code.code == "TET50"
    assert sum(saving.dong for saving in cart.parcels[0].savings) == 100_000


# -- Reach -------------------------------------------------------------------------------------------------------


def test_an_offer_on_all_goods_reaches_those_that_come_later_and_variants(cooperative, neighbour):
    own_offer(cooperative, value=10)
    own_offer(cooperative, "amount", 1_000, code_usage=Voucher.MULTI_USE)
    later, theirs = listing_make(cooperative, price=100_000), listing_make(neighbour, price=100_000)

    found = Range.objects.get(proxy_class__isnull=False)
    assert found.contains_product(later.product)
    assert not found.contains_product(theirs.product)
    assert Range.objects.filter(proxy_class__isnull=False).count() == 1
    cart = cart_of(basket_of(later, theirs))
    assert {parcel.cooperative: parcel.goods for parcel in cart.parcels} == {cooperative: 90_000, neighbour: 100_000}


@pytest.mark.parametrize("chosen", [True, False])
def test_a_variant_counts_by_its_own_stock_record(cooperative, neighbour, chosen):
    listing = listing_make(cooperative, price=100_000)
    child = Product.objects.create(title="Thùng 5 kg", structure="child", parent=listing.product)
    StockRecord.objects.create(
        product=child, partner=cooperative.partner, partner_sku="thung", price=50_000, num_in_stock=5
    )
    offer = own_offer(cooperative, value=10, listings=[listing] if chosen else [])
    basket = basket_of(listing)
    line = basket.lines.get()
    line.product, line.stockrecord = child, child.stockrecords.get()

    found = Range.remembering({offer.offer.benefit.range_id}, [line])[offer.offer.benefit.range_id]

    assert found.contains_product(child)
    assert Range.objects.get(pk=found.pk).contains_product(child)
    line.product, line.stockrecord = (theirs := listing_make(neighbour)).product, theirs.product.stockrecords.get()
    found = Range.remembering({offer.offer.benefit.range_id}, [line])[offer.offer.benefit.range_id]
    assert not found.contains_product(theirs.product)


def test_chosen_goods_only(cooperative):
    first, second = listing_make(cooperative, price=100_000), listing_make(cooperative, price=100_000)
    own_offer(cooperative, "amount", 150_000, listings=[first])

    cart = cart_of(basket_of(first, second))

    assert [item.total for item in cart.parcels[0].lines] == [0, 100_000]


def test_goods_of_a_neighbour_are_refused(cooperative, neighbour):
    with pytest.raises(OfferError) as refused:
        own_offer(cooperative, listings=[listing_make(neighbour)])

    assert refused.value.code == "goods"
    assert not CooperativeOffer.objects.exists()
    assert not ConditionalOffer.objects.exists()


def test_offers_and_codes_of_many_sellers_cost_few_queries():
    def queries(count):
        goods = []
        for _ in range(count):
            seller = cooperative_make()
            goods.append(listing_make(seller))
            own_offer(seller, value=10)
            own_offer(seller, "amount", 1_000, listings=[listing_make(seller)], code_usage=Voucher.MULTI_USE)
        basket = fresh(basket_of(*goods))
        with CaptureQueriesContext(connection) as asked:
            cart_build(basket, ward_code=MY_THO, user=AnonymousUser())
        return len(asked)

    assert queries(1) == queries(5) <= 16


# -- Codes -------------------------------------------------------------------------------------------------------


def test_a_code_in_a_basket_of_another_says_why_it_does_nothing(cooperative, neighbour):
    own_code(cooperative, "VUSUA10", value=10)
    basket = basket_of(listing_make(neighbour))
    basket_voucher_add(basket=basket, typed="vusua10")

    (row,) = cart_of(basket).vouchers

    assert (row.reason, row.saved, row.cooperative) == ("elsewhere", 0, cooperative)
    buy(basket)
    assert Voucher.objects.get().applications.count() == 0


@pytest.mark.parametrize(
    ("extra", "reason", "missing"),
    [
        ({"min_spend": 150_000}, "more", 50_000),
        ({"starts_at": timezone.now() + timedelta(days=2)}, "early", 0),
        ({"usage": Voucher.ONCE_PER_CUSTOMER}, "sign_in", 0),
        ({"kind": "multibuy", "value": 3}, "others", 0),
    ],
)
def test_reasons_why_a_code_does_nothing(cooperative, extra, reason, missing):
    own_code(cooperative, "MAGIAM", **extra)
    basket = basket_of(listing_make(cooperative, price=100_000))
    basket_voucher_add(basket=basket, typed="magiam")

    (row,) = cart_of(basket).vouchers

    assert (row.reason, row.missing, row.saved) == (reason, missing, 0)


def test_one_use_in_a_mixed_basket_and_again_once_the_order_came_to_nothing(cooperative, neighbour):
    code = own_code(cooperative, usage=Voucher.SINGLE_USE, kind="amount", value=10_000)
    goods, theirs = listing_make(cooperative), listing_make(neighbour)
    basket = basket_of(goods, theirs)
    basket_voucher_add(basket=basket, typed=code.code)

    group = buy(basket).group

    assert code.applications.count() == 1
    order = code.applications.get().order
    assert order.consignment.cooperative == cooperative
    again = basket_of(goods)
    basket_voucher_add(basket=again, typed=code.code)
    assert [row.reason for row in cart_of(again).vouchers] == ["used"]
    for member in group.members.all():
        consignment_refuse(consignment=member.order.consignment, reason="Hết hàng", by="x")
    assert saved(again) == 10_000


def test_once_for_each_customer(cooperative):
    own_code(cooperative, "MOTLAN", usage=Voucher.ONCE_PER_CUSTOMER, kind="amount", value=10_000)
    goods, person = listing_make(cooperative), User.objects.create_user(phone="+84912345678")
    other = User.objects.create_user(phone="+84912345679")
    for buyer, expected in ((person, 10_000), (person, 0), (other, 10_000)):
        basket = basket_of(goods)
        basket_voucher_add(basket=basket, typed="motlan")
        assert saved(basket, buyer) == expected
        buy(basket, buyer)


def test_a_code_that_was_used_meanwhile_is_no_error(cooperative):
    code = own_code(cooperative, usage=Voucher.SINGLE_USE, kind="amount", value=10_000)
    baskets = [basket_of(listing_make(cooperative)) for _ in range(2)]
    for basket in baskets:
        basket_voucher_add(basket=basket, typed=code.code)
    shown = cart_of(baskets[1]).total
    buy(baskets[0])

    with pytest.raises(PlacementRefused) as refused:
        purchase_place(basket_id=baskets[1].pk, recipient=recipient(), choices={}, shown_total=shown, by="x")

    assert refused.value.code == "changed"
    assert Order.objects.count() == 1


def test_the_last_code_of_a_cooperative_counts(cooperative, neighbour):
    for seller, code in ((cooperative, "MOT1"), (cooperative, "HAI2"), (neighbour, "BAO3")):
        own_code(seller, code)
    basket = basket_of(listing_make(cooperative))
    for typed in ("mot1", "bao3", "hai2", "hai2"):
        basket_voucher_add(basket=basket, typed=typed)

    assert sorted(basket.vouchers.values_list("code", flat=True)) == ["BAO3", "HAI2"]
    basket_voucher_remove(basket=basket, pk=Voucher.objects.get(code="BAO3").pk)
    assert [voucher.code for voucher in basket.voucher_list] == ["HAI2"]


@pytest.mark.parametrize(
    ("typed", "code"), [("", "empty"), ("🎁", "empty"), ("KHONGCO", "unknown"), ("x" * 999, "unknown")]
)
def test_codes_that_are_not_taken(cooperative, typed, code):
    basket = basket_of(listing_make(cooperative))

    with pytest.raises(VoucherRefused) as refused:
        basket_voucher_add(basket=basket, typed=typed)

    assert refused.value.code == code
    assert not basket.vouchers.exists()


# -- Services ----------------------------------------------------------------------------------------------------


def test_the_same_form_makes_one_offer(cooperative):
    data = OfferData(kind="percent", value=10, title="Mùa vú sữa")

    made = [offer_create(cooperative=cooperative, data=data, key="0" * 16, by="x") for _ in range(2)]

    assert made[0].pk == made[1].pk
    assert ConditionalOffer.objects.count() == 1


def test_two_lower_prices_for_one_thing_are_refused(cooperative, neighbour):
    first, second = listing_make(cooperative), listing_make(cooperative)
    running = own_offer(cooperative, listings=[first])
    own_offer(cooperative, listings=[second])
    own_offer(neighbour)
    own_offer(cooperative, code_usage=Voucher.MULTI_USE)

    for listings in ([first], []):
        with pytest.raises(OfferError) as refused:
            own_offer(cooperative, listings=listings)
        assert refused.value.code == "overlap"
    offer_stop(offer=running, by="x")
    own_offer(cooperative, listings=[first])


def test_stopping_is_for_good_and_ends_codes(cooperative):
    code = own_code(cooperative, "NGUNG1", kind="amount", value=10_000)
    offer = CooperativeOffer.objects.get()
    basket = basket_of(listing_make(cooperative))
    basket_voucher_add(basket=basket, typed="ngung1")
    shown = cart_of(basket).total
    for by in ("chị Ba", "anh Tư"):
        offer_stop(offer=offer, by=by)

    offer.refresh_from_db()
    assert (offer.state, offer.stopped_by) == ("stopped", "chị Ba")
    assert [row.reason for row in cart_of(basket).vouchers] == ["ended"]
    with pytest.raises(PlacementRefused):
        purchase_place(basket_id=basket.pk, recipient=recipient(), choices={}, shown_total=shown, by="x")
    with pytest.raises(OfferError):
        voucher_create(offer=offer, usage=code.usage, by="x")
    with pytest.raises(OfferError):
        offer_update(offer=offer, title="Lại", starts_at=None, ends_at=None, max_uses=None, budget=None, by="x")


def test_changing_days_and_limits(cooperative):
    code = own_code(cooperative, "DOINGAY")
    offer, end = CooperativeOffer.objects.get(), timezone.now() + timedelta(days=3)

    offer_update(offer=offer, title="Tên mới", starts_at=None, ends_at=end, max_uses=5, budget=90_000, by="x")

    code.refresh_from_db()
    offer = CooperativeOffer.objects.get()
    assert (offer.title, offer.offer.max_global_applications, code.end_datetime) == ("Tên mới", 5, end)


def test_codes_are_made_up_to_a_number_and_never_taken_from_others(cooperative, neighbour):
    own_code(neighbour, "XOAI10")
    offer = own_offer(cooperative, code_usage=Voucher.SINGLE_USE)
    for _ in range(2):
        vouchers_create(offer=offer, count=3, by="x")

    assert offer.offer.vouchers.count() == 3
    for code, problem in (("xoài 10", "taken"), ("ab", "code")):
        with pytest.raises(OfferError) as refused:
            voucher_create(offer=offer, usage=Voucher.SINGLE_USE, code=code, by="x")
        assert refused.value.code == problem
    assert Voucher.objects.count() == 4
