"""The buyer's own pages: what to pay, what was paid, what goes back, where the parcels are."""

from shop.storefront.orders.panels import OrderPanel

__all__ = ["OrderPanel"]
