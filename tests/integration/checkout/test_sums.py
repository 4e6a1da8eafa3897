"""Whatever offers an operator invents: what was shown is what is owed, in whole dong, order by order."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from shop.checkout.parcels import Choice, cart_build
from shop.checkout.services import purchase_place
from shop.payment.services import attempts_of
from tests.factories import basket_of, cooperative_make, listing_make, recipient
from tests.factories.market import HOAN_KIEM, MY_THO, VINH_KIM, fresh
from tests.integration.checkout.offers import Benefit, Condition, offer_make, range_of

OrderDiscount = get_model("order", "OrderDiscount")
OrderLineDiscount = get_model("order", "OrderLineDiscount")

pytestmark = pytest.mark.django_db

prices = st.one_of(st.integers(1, 2_000), st.integers(1_000, 900_000))
percents = st.decimals(Decimal("0.01"), 100, places=2)
sums = st.decimals(1, 300_000, places=2)
small = st.integers(1, 4)
often = st.one_of(st.none(), st.integers(1, 3))


@st.composite
def offers(draw):
    """An offer as Oscar's own rules allow it; ``on`` is the number of a cooperative, or None for all goods."""
    kind = draw(st.sampled_from([choice for choice, _label in Benefit.TYPE_CHOICES]))
    value = {
        Benefit.PERCENTAGE: percents,
        Benefit.SHIPPING_PERCENTAGE: percents,
        Benefit.MULTIBUY: st.none(),
    }.get(kind, sums)
    conditions = [(Condition.COUNT, small), (Condition.COVERAGE, small)]
    if kind != Benefit.FIXED_PRICE:
        conditions.append((Condition.VALUE, sums))
    when, amount = draw(st.sampled_from(conditions))
    limited = kind in (Benefit.PERCENTAGE, Benefit.FIXED, Benefit.FIXED_UNIT)
    return {
        "kind": kind,
        "value": draw(value),
        "on": draw(st.one_of(st.none(), st.integers(0, 5))),
        "when": (when, draw(amount)),
        "max_affected_items": draw(often) if limited else None,
        "priority": draw(st.integers(0, 3)),
        "exclusive": draw(st.booleans()),
        "max_basket_applications": draw(often),
        "max_global_applications": draw(often),
        "max_discount": draw(st.one_of(st.none(), st.integers(1, 100_000))),
    }


baskets = st.lists(st.lists(st.tuples(prices, st.integers(1, 5)), min_size=1, max_size=4), min_size=1, max_size=6)


def shop_make(goods, wanted):
    """Cooperatives with their listings, a basket of them all, and offers; ``(cooperatives, basket, offers)``."""
    shelves, basket_lines = [], []
    for position, lines in enumerate(goods):
        cooperative = cooperative_make(rate=10_001 + 3_333 * position)
        shelf = [listing_make(cooperative, price=price, stock=50, ship_weight_g=700) for price, _units in lines]
        shelves.append(shelf)
        basket_lines += [(listing, units) for listing, (_price, units) in zip(shelf, lines, strict=True)]
    made = []
    for facts in wanted:
        facts = dict(facts)
        on = facts.pop("on")
        shelf = shelves[on % len(shelves)] if on is not None else []
        made.append((offer_make(on=range_of(*shelf), **facts), {listing.cooperative_id for listing in shelf}))
    return shelves, basket_of(*basket_lines), made


def whole(*amounts):
    """Whether all of them are whole dong."""
    return all(amount == int(amount) for amount in amounts)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # each example fills a database: shrinking one would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    goods=baskets,
    wanted=st.lists(offers(), max_size=4),
    services=st.lists(st.sampled_from(["", "pickup", "province", "south", "country", "nonsense"]), min_size=6),
    ward_code=st.sampled_from([MY_THO, VINH_KIM, HOAN_KIEM]),
)
def test_shown_is_owed_whatever_the_offers(goods, wanted, services, ward_code):
    with transaction.atomic():
        shelves, basket, made = shop_make(goods, wanted)
        check_purchase(shelves, basket, made, services, ward_code)
        transaction.set_rollback(True)


def check_purchase(shelves, basket, made, services, ward_code):
    """Place the basket and compare page, orders, lines and payments to the dong."""
    choices = {shelf[0].cooperative_id: Choice(service=services[n]) for n, shelf in enumerate(shelves)}
    cart = cart_build(fresh(basket), ward_code=ward_code, choices=choices)
    to = recipient(ward_code=ward_code)

    group = purchase_place(
        basket_id=basket.pk, recipient=to, choices=choices, shown_total=cart.total, by=to.phone
    ).group

    orders = [member.order for member in group.members.select_related("order__consignment")]
    assert len(orders) == len(shelves)
    assert sum(order.total_incl_tax for order in orders) == cart.total == cart.goods + cart.shipping
    for order, parcel in zip(orders, cart.parcels, strict=True):
        assert order.total_incl_tax == order.total_excl_tax == parcel.total
        assert order.shipping_incl_tax == parcel.shipping
        check_order(order)
        check_reach(order, made)


def check_order(order):
    """Lines and delivery make the total; discounts are whole and explain the difference."""
    lines = list(order.lines.all())
    goods = sum(line.line_price_incl_tax for line in lines)
    assert order.total_incl_tax == goods + order.shipping_incl_tax
    assert order.total_dong == goods + order.shipping_dong
    assert whole(order.total_incl_tax, order.shipping_incl_tax, *[line.line_price_incl_tax for line in lines])
    assert attempts_of(order).get().source.amount_allocated == order.total_incl_tax
    for line in lines:
        given_away = line.line_price_before_discounts_incl_tax - line.line_price_incl_tax
        noted = [row.amount for row in OrderLineDiscount.objects.filter(line=line)]
        assert line.line_price_incl_tax >= 0
        assert sum(noted) == given_away
        assert whole(*noted)
        assert all(amount >= 0 for amount in noted)
    saved = sum(line.line_price_before_discounts_incl_tax - line.line_price_incl_tax for line in lines)
    rows = list(order.discounts.all())
    assert sum(row.amount for row in rows if row.category == OrderDiscount.BASKET) == saved
    assert whole(*[row.amount for row in rows])


def check_reach(order, made):
    """An offer on one cooperative's goods touches no order of another; limits hold over all orders together."""
    used = {row.offer_id for row in order.discounts.all()}
    for offer, cooperatives in made:
        if cooperatives and order.consignment.cooperative_id not in cooperatives:
            assert offer.pk not in used
        offer.refresh_from_db()
        assert offer.num_applications <= (offer.max_global_applications or offer.num_applications)
