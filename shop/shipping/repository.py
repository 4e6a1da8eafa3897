"""The ways to send one part of a basket, shipping offers applied."""

from typing import Any

from oscar.apps.shipping import repository

from shop.shipping.methods import Delivery


class Repository(repository.Repository):
    """Methods for one cooperative's part; its quotes are computed where address and weight are known."""

    def get_available_shipping_methods(self, basket: Any, shipping_addr: Any = None, **kwargs: Any) -> list[Delivery]:
        """``quotes=`` are the delivery quotes of the part."""
        return [Delivery(quote) for quote in kwargs.get("quotes", ())]
