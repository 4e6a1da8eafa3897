"""Offers under a rush: counted exactly, never given more often than they may be."""

import pytest
from oscar.core.loading import get_model

from shop.order.models import Order
from shop.promotions.entering import basket_voucher_add
from tests.concurrency.buyers import buyer, buyers, held
from tests.concurrency.race import Troubles, race, tally
from tests.factories import basket_of, cooperative_make, listing_make
from tests.factories.promotions import own_code
from tests.integration.checkout.offers import Benefit, offer_make, range_of

ConditionalOffer = get_model("offer", "ConditionalOffer")

pytestmark = pytest.mark.django_db(transaction=True)


def test_last_uses_of_a_limited_offer(figures):
    """20 buyers saw the lower price, five get it; the others are asked again and nothing is held for them."""
    listing = listing_make(stock=100)
    offer = offer_make(Benefit.FIXED, 10_000, max_global_applications=5)

    found = tally(race(buyers(listing, 20), workers=20))

    offer = ConditionalOffer.objects.get(pk=offer.pk)
    figures(f"20 buyers, offer good for 5: {dict(found)}, used {offer.num_applications} times")
    assert found == {"ok": 5, "PlacementRefused:changed": 15}
    assert (offer.num_applications, offer.num_orders, int(offer.total_discount)) == (5, 5, 50_000)
    assert held(listing) == 5


def test_offers_that_orders_use_in_different_order(figures):
    """Half the baskets meet the general offer first, half the cooperative's own: no deadlock, every use counted."""
    first, second = cooperative_make(), cooperative_make()
    plain, special = listing_make(first, stock=1_000), listing_make(second, stock=1_000)
    general = offer_make(Benefit.FIXED, 1_000, max_basket_applications=1, exclusive=False)
    own = offer_make(Benefit.FIXED, 2_000, on=range_of(special), max_basket_applications=1, exclusive=False, priority=9)
    jobs = []
    for n in range(20):
        jobs += [buyer(basket_of(plain, special), n), buyer(basket_of(special), n)]
    troubles = Troubles()

    found = tally(race(jobs, workers=20, troubles=troubles))

    figures(f"40 baskets over two offers: {dict(found)}, {troubles.count} refused by the database on the way")
    assert found == {"ok": 40}
    assert troubles.count == 0
    assert Order.objects.count() == 60
    assert ConditionalOffer.objects.get(pk=general.pk).num_orders == 60
    assert ConditionalOffer.objects.get(pk=own.pk).num_orders == 40


def test_a_code_for_one_use(figures):
    """20 buyers have the same code in their baskets: one gets it, the others are shown the new sum."""
    listing = listing_make(stock=100)
    code = own_code(listing.cooperative, kind="amount", value=10_000, usage="Single use")
    jobs = []
    for n in range(20):
        basket = basket_of(listing)
        basket_voucher_add(basket=basket, typed=code.code)
        jobs.append(buyer(basket, n))

    found = tally(race(jobs, workers=20))

    figures(f"20 buyers, one code for one use: {dict(found)}")
    assert found == {"ok": 1, "PlacementRefused:changed": 19}
    assert code.applications.count() == 1
    assert held(listing) == 1
