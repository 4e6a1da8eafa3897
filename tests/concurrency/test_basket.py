"""One shopper with many tabs and an impatient thumb."""

import pytest
from oscar.core.loading import get_model

from shop.basket.services import basket_add
from tests.concurrency.race import race, tally
from tests.factories import basket_of, listing_make
from tests.factories.market import fresh

Line = get_model("basket", "Line")
Product = get_model("catalogue", "Product")

pytestmark = pytest.mark.django_db(transaction=True)


def test_added_in_many_tabs_at_once_never_exceeds_the_shelf(figures):
    listing = listing_make(stock=7)
    basket = basket_of()

    def press():
        product = Product.objects.get(pk=listing.product_id)
        return basket_add(basket=fresh(basket), product=product, quantity=1).pk

    found = tally(race([press] * 24, workers=12))

    figures(f"24 presses of add, 7 units: {dict(found)}")
    assert found == {"ok": 7, "BasketError:short": 17}
    assert Line.objects.get().quantity == 7
