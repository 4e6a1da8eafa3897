"""Order numbers that cannot be guessed."""

from typing import Any

from oscar.apps.order import utils
from oscar.apps.order.utils import *  # noqa: F403  Oscar looks these classes up here

from shop.core.codes import order_number_new
from shop.order.models import Order


class OrderNumberGenerator(utils.OrderNumberGenerator):
    """Random, short enough to read over the phone, the same for every basket never twice."""

    def order_number(self, basket: Any = None) -> str:
        number = order_number_new()
        while Order.objects.filter(number=number).exists():
            number = order_number_new()
        return number


class OrderCreator(utils.OrderCreator):
    """Oscar's creator; the stock of all orders of a purchase is held together, after the last one."""

    def update_stock_records(self, line: Any) -> None:
        """Nothing here: see ``shop.checkout.services.stock_hold``."""
