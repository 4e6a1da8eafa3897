"""Free delivery, offers and codes of one cooperative never touch another: each parcel is what it would be alone."""

import os

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shop.basket.models import Basket
from shop.checkout.parcels import cart_build
from shop.checkout.services import purchase_place
from shop.delivery.models import DeliveryService
from shop.partner.models import StockRecord
from shop.partner.strategy import MarketStrategy
from shop.promotions.services import OfferError, Voucher
from tests.factories import cooperative_make, listing_make, recipient
from tests.factories.market import MY_THO
from tests.factories.promotions import own_code, own_offer

pytestmark = pytest.mark.django_db
EXAMPLES = 2_000 if os.environ.get("STRESS") else 160
SELLERS, SHELF = 4, 3
NOBODY = AnonymousUser()

prices = st.one_of(st.integers(1, 3_000), st.integers(1, 400).map(lambda n: n * 1_000))
sums = st.one_of(st.integers(1, 5_000), st.integers(1, 600).map(lambda n: n * 1_000))
maybe = st.one_of(st.none(), sums)
VALUES = {"percent": st.integers(1, 90), "unit": sums, "amount": sums, "multibuy": st.integers(1, 4)}


@st.composite
def offers(draw):
    """One offer of any kind, with or without a code, on all goods or some."""
    kind = draw(st.sampled_from(sorted(VALUES)))
    return {
        "kind": kind,
        "value": draw(VALUES[kind]),
        "on": draw(st.sets(st.integers(0, SHELF - 1), max_size=2)),
        "has_code": draw(st.booleans()),
        "extra": {
            "min_spend": 0 if kind == "multibuy" else draw(st.one_of(st.just(0), sums)),
            "cap": draw(maybe) if kind == "percent" else None,
            "budget": draw(maybe),
            "max_uses": draw(st.one_of(st.none(), st.integers(1, 3))),
        },
    }


lines = st.lists(st.tuples(prices, st.integers(1, 6)), min_size=1, max_size=SHELF)
rules = st.tuples(maybe, st.one_of(st.just(0), st.integers(1, 40_000)))
sellers = st.lists(st.tuples(lines, rules, st.lists(offers(), max_size=2)), min_size=2, max_size=SELLERS)


@pytest.fixture
def market():
    """Four cooperatives with three goods each; every example sets prices, rules and offers of its own."""
    found = []
    for position in range(SELLERS):
        cooperative = cooperative_make(rate=10_001 + 3_333 * position)
        found.append((cooperative, [listing_make(cooperative, stock=500) for _ in range(SHELF)]))
    return found


def basket_with(parts, codes):
    """An open basket with the lines of these sellers and these codes."""
    basket = Basket.objects.create()
    rows = []
    for shelf, wanted in parts:
        for listing, (price, units) in zip(shelf, wanted, strict=False):
            record = listing.product.stockrecords.all()[0]
            rows.append(
                basket.lines.model(
                    basket=basket, product=listing.product, stockrecord=record, quantity=units,
                    line_reference=f"{listing.product_id}", price_currency="VND", price_excl_tax=price,
                )
            )  # fmt: skip
    basket.lines.bulk_create(rows)
    basket.vouchers.set(codes)
    return again(basket)


def again(basket):
    """The basket as another request loads it."""
    loaded = Basket.objects.get(pk=basket.pk)
    loaded.strategy = MarketStrategy()
    return loaded


def offers_make(cooperative, shelf, wanted):
    """The seller's offers as far as they do not overlap, and the codes that they need."""
    codes = []
    for facts in wanted:
        extra = facts["extra"] | {"listings": [shelf[n] for n in sorted(facts["on"])]}
        make = own_code if facts["has_code"] else own_offer
        extra |= {"usage": Voucher.SINGLE_USE} if facts["has_code"] else {}
        try:
            made = make(cooperative, kind=facts["kind"], value=facts["value"], **extra)
        except OfferError as error:
            assert error.code == "overlap"
            continue
        codes += [made] if facts["has_code"] else []
    return codes


def told(parcel):
    """Everything that a buyer reads about a parcel's sums."""
    ways = [(way.code, way.price, way.quote.packing, way.quote.is_free) for way in parcel.deliveries]
    lines = sorted((item.product.pk, item.quantity, item.total) for item in parcel.lines)
    savings = [(saving.title, saving.dong, saving.code) for saving in parcel.savings]
    return lines, parcel.goods, savings, ways, parcel.missing_for_free, parcel.shipping, parcel.total


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(wanted=sellers, is_placed=st.integers(0, 7).map(lambda n: n == 5))
def test_each_parcel_is_what_it_would_be_alone(market, wanted, is_placed):
    with transaction.atomic():
        check(market, wanted, is_placed)
        transaction.set_rollback(True)


def check(market, wanted, is_placed):
    """One basket of all sellers against one basket of each."""
    parts, codes = [], []
    for (cooperative, shelf), (goods, (free_over, packing), offered) in zip(market, wanted, strict=False):
        for listing, (price, _units) in zip(shelf, goods, strict=False):
            StockRecord.objects.filter(product=listing.product_id).update(price=price)
            listing.product._prefetched_objects_cache = {}
        services = DeliveryService.objects.filter(cooperative=cooperative)
        services.exclude(zone="pickup").update(free_over=free_over, packing_fee=packing)
        parts.append((shelf, goods))
        codes.append(offers_make(cooperative, shelf, offered))

    basket = basket_with(parts, [code for own in codes for code in own])
    cart = cart_build(basket, ward_code=MY_THO, user=NOBODY)
    assert len(cart.parcels) == len(parts)
    for parcel, part, own in zip(cart.parcels, parts, codes, strict=True):
        alone = cart_build(basket_with([part], own), ward_code=MY_THO, user=NOBODY)
        assert told(parcel) == told(alone.parcels[0])
        assert parcel.goods_before - parcel.goods == sum(saving.dong for saving in parcel.savings)
        assert 0 <= parcel.goods <= parcel.goods_before
    assert cart.total == sum(parcel.total for parcel in cart.parcels)
    if is_placed:
        check_orders(basket, cart)


def check_orders(basket, cart):
    """What was shown is what is owed, order by order; codes are used up only where they took something off."""
    shown = [(parcel.cooperative.pk, parcel.goods, parcel.shipping, parcel.total) for parcel in cart.parcels]
    used = {row.code: row.saved > 0 for row in cart.vouchers}

    group = purchase_place(
        basket_id=basket.pk, recipient=recipient(), choices={}, shown_total=cart.total, by="x", user=NOBODY
    ).group

    orders = [member.order for member in group.members.select_related("order__consignment")]
    owed = [
        (order.consignment.cooperative_id, order.goods_dong, order.shipping_dong, order.total_dong) for order in orders
    ]
    assert owed == shown
    assert sum(order.total_incl_tax for order in orders) == cart.total
    for voucher in Voucher.objects.filter(code__in=used):
        assert voucher.applications.count() == int(used[voucher.code])
