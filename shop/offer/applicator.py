"""Offers applied to one cooperative's part of a basket after the other."""

from typing import Any

from oscar.apps.offer import applicator
from oscar.apps.offer.applicator import *  # noqa: F403  Oscar looks these classes up here


class Applicator(applicator.Applicator):
    """Oscar's applicator with discounts in whole dong."""

    def apply_offers(self, basket: Any, offers: list) -> None:
        """Start the lines' discounts afresh, apply, and count: the next part finds limited offers used that often."""
        # Oscar's module of the registry imports this one.
        from shop.offer.discounts import WholeDongDiscounts

        for line in basket.all_lines():
            line.discounts = WholeDongDiscounts(line)
        super().apply_offers(basket, offers)
        for application in basket.offer_applications:
            application["offer"].count(application)
