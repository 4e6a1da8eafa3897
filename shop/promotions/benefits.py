"""What the offers of cooperatives take off, in whole dong, as a buyer reckons it."""

from decimal import Decimal
from typing import Any

from oscar.apps.offer.benefits import MultibuyDiscountBenefit, PercentageDiscountBenefit, apply_discount
from oscar.apps.offer.results import ZERO_DISCOUNT, BasketDiscount

from shop.offer.rounding import whole_dong


def percent_off(price: Any, percent: Any) -> int:
    """Dong off one unit."""
    return int(whole_dong(Decimal(price) * Decimal(percent) / 100))


class PercentOff(PercentageDiscountBenefit):
    """Rounded for each unit, so that three cost three times the price on the card; at most ``cap`` dong an order."""

    class Meta:
        app_label = "promotions"
        proxy = True

    def apply(self, basket: Any, condition: Any, offer: Any, **kwargs: Any) -> BasketDiscount:
        left = offer.cooperative_offer.cap
        discount = Decimal(0)
        for price, line in self.get_applicable_lines(offer, basket):
            units = line.quantity_without_offer_discount(offer)
            amount = Decimal(percent_off(price, self.value)) * int(units)
            amount = amount if left is None else min(amount, left - discount)
            if amount > 0:
                apply_discount(line, amount, units, offer)
                discount += amount
        return BasketDiscount(discount)


class CheapestFree(MultibuyDiscountBenefit):
    """The cheapest unit that is left is free, once for every full set in the order.

    Oscar's own stops after one unit of a line, so that six of a kind under "buy two, get one" would give one.
    """

    class Meta:
        app_label = "promotions"
        proxy = True

    def apply(self, basket: Any, condition: Any, offer: Any, **kwargs: Any) -> BasketDiscount:
        for price, line in self.get_applicable_lines(offer, basket):
            if line.quantity_without_offer_discount(offer) > 0:
                apply_discount(line, price, 1, offer)
                condition.consume_items(offer, basket, [(line, price, 1)])
                return BasketDiscount(price)
        return ZERO_DISCOUNT
