"""Buyers with a basket each, who agree to the sum that their page shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.checkout.models import OrderGroup
from shop.checkout.parcels import cart_build
from shop.checkout.services import purchase_place
from tests.factories import basket_of, choices_for, recipient
from tests.factories.market import MY_THO, fresh

StockRecord = get_model("partner", "StockRecord")


def buyer(basket: Basket, n: int = 0, **choice: str) -> Callable[[], Any]:
    """A job that places the basket; the sum is computed now, as when the page was opened."""
    choices = choices_for(basket, **choice)
    total = cart_build(fresh(basket), ward_code=MY_THO, choices=choices).total
    to = recipient(phone=f"+8490{n:07d}")
    return partial(purchase_place, basket_id=basket.pk, recipient=to, choices=choices, shown_total=total, by=to.phone)


def buyers(listing: Any, number: int, units: int = 1) -> list[Callable[[], Any]]:
    """That many buyers of the same listing. All see the same sum, so it is computed once."""
    first = buyer(basket_of((listing, units)))
    jobs = [first]
    for n in range(1, number):
        basket = basket_of((listing, units))
        to = recipient(phone=f"+8490{n:07d}")
        jobs.append(partial(first, basket_id=basket.pk, recipient=to, by=to.phone))
    return jobs


def held(listing: Any) -> int:
    """Units held by orders, as the database has it."""
    return StockRecord.objects.get(product_id=listing.product_id).num_allocated or 0


def groups() -> int:
    """Purchases made."""
    return OrderGroup.objects.count()
