"""Oscar's order, with what every page about an order asks for."""

from oscar.apps.order.abstract_models import AbstractOrder


class Order(AbstractOrder):
    """One order of one cooperative. Status: pending, confirmed, completed, cancelled."""

    @property
    def total_dong(self) -> int:
        """What the buyer owes in dong: goods after discounts, and delivery."""
        return int(self.total_incl_tax)

    @property
    def shipping_dong(self) -> int:
        return int(self.shipping_incl_tax)

    @property
    def goods_dong(self) -> int:
        """Goods after discounts, in dong."""
        return self.total_dong - self.shipping_dong


from oscar.apps.order.models import *  # noqa: E402, F403  completes the fork; must come last
