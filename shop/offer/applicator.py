"""Offers applied to one cooperative's part of a basket after the other."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db.models import Q, QuerySet
from oscar.apps.offer import applicator
from oscar.apps.offer.applicator import *  # noqa: F403  Oscar looks these classes up here
from oscar.core.loading import get_model

#: What every look at an offer needs; whether it may be combined is asked for each line.
RELATED = ("condition", "benefit", "cooperative_offer__cooperative")


class Applicator(applicator.Applicator):
    """Oscar's applicator: discounts in whole dong, and as many queries for twelve lines as for one."""

    def get_offers(self, basket: Any, user: Any = None, request: Any = None) -> list:
        """The offers by priority, each knowing already which of the basket's products are in its ranges.

        Offers of cooperatives that have nothing in the basket are not even read.
        """
        lines = basket.all_lines()
        sellers = {line.stockrecord.partner_id for line in lines if line.stockrecord}
        offers = [*self.get_basket_offers(basket, user), *self.get_site_offers(sellers)]
        offers.sort(key=lambda offer: -offer.priority)
        if offers:
            self.ranges_fill(offers, lines)
        return offers

    def get_site_offers(self, sellers: Iterable[int] | None = None) -> QuerySet:
        """Offers without a code: the market's own, and those of these partners."""
        found = super().get_site_offers().select_related(*RELATED).prefetch_related("combinations")
        if sellers is None:
            return found
        theirs = Q(cooperative_offer__cooperative__partner__in=sellers)
        return found.filter(Q(cooperative_offer__isnull=True) | theirs)

    def get_basket_offers(self, basket: Any, user: Any) -> list:
        """Offers of the codes in the basket that this person may use now."""
        found = []
        for voucher in basket.voucher_list if basket.id else ():
            if voucher.is_active() and voucher.is_available_to_user(user)[0]:
                for offer in voucher.offers.all():
                    if offer.is_open:
                        # Counters run ahead while parts are reckoned; the basket's own list must not remember that.
                        used = copy(offer)
                        used.set_voucher(voucher)
                        found.append(used)
        return found

    def ranges_fill(self, offers: list, lines: list) -> None:
        """Ask for all ranges at once. Oscar makes a new proxy for every look at a rule, which forgets its range."""
        for offer in offers:
            offer.condition, offer.benefit = offer.condition.proxy(), offer.benefit.proxy()
        rules = [rule for offer in offers for rule in (offer.condition, offer.benefit) if rule.range_id]
        Range = get_model("offer", "Range")
        ranges = Range.remembering({rule.range_id for rule in rules}, lines)
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
