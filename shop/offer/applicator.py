"""Offers applied to one cooperative's part of a basket after the other."""

from typing import Any

from oscar.apps.offer import applicator
from oscar.apps.offer.applicator import *  # noqa: F403  Oscar looks these classes up here
from oscar.core.loading import get_model


class Applicator(applicator.Applicator):
    """Oscar's applicator: discounts in whole dong, and as many queries for twelve lines as for one."""

    def get_offers(self, basket: Any, user: Any = None, request: Any = None) -> list:
        """The offers by priority, each knowing already which of the basket's products are in its ranges."""
        offers = super().get_offers(basket, user, request)
        if offers:
            self.ranges_fill(offers, {line.product_id for line in basket.all_lines()})
        return offers

    def ranges_fill(self, offers: list, products: set[int]) -> None:
        """Ask once per range. Oscar makes a new proxy for every look at a rule, which forgets its range."""
        for offer in offers:
            offer.condition, offer.benefit = offer.condition.proxy(), offer.benefit.proxy()
        rules = [rule for offer in offers for rule in (offer.condition, offer.benefit) if rule.range_id]
        ranges = get_model("offer", "Range").objects.in_bulk({rule.range_id for rule in rules})
        for found in ranges.values():
            found.remember(products)
        for rule in rules:
            rule.range = ranges[rule.range_id]

    def apply_offers(self, basket: Any, offers: list) -> None:
        """Start the lines' discounts afresh, apply, and count: the next part finds limited offers used that often."""
        # Oscar's module of the registry imports this one.
        from shop.offer.discounts import WholeDongDiscounts

        for line in basket.all_lines():
            line.discounts = WholeDongDiscounts(line)
        super().apply_offers(basket, offers)
        for application in basket.offer_applications:
            application["offer"].count(application)
