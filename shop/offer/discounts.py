"""What offers take off a line: whole dong, and never more than the line costs."""

from decimal import Decimal
from typing import Any

from oscar.core.loading import get_class

from shop.offer.rounding import whole_dong

LineDiscountRegistry = get_class("basket.utils", "LineDiscountRegistry")


class WholeDongDiscounts(LineDiscountRegistry):
    """Oscar's registry of a line's discounts.

    Oscar rounds the sum of a percentage over all lines but not each line's share, and gives the last line whatever
    rounding left over, which may be below zero or above its price. An order's lines would not add up to its total.
    """

    def discount(self, amount: Decimal, quantity: int, incl_tax: bool = True, offer: Any = None) -> None:
        """Note a discount of ``amount`` dong, rounded, within what is left of the line's price."""
        left = self._line.quantity * self._line.unit_effective_price - self.total
        super().discount(max(Decimal(0), min(whole_dong(amount), left)), quantity, incl_tax, offer)
