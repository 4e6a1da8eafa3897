"""Changes to a basket: each one a transaction that leaves no line below one unit or above what is left."""

from typing import Any

from django.conf import settings
from django.db import transaction

from shop.basket.models import Basket


class BasketError(Exception):
    """The change was not made. ``code``: ``quantity``, ``sold_out``, ``short``, ``too_many``, ``placed``, ``choose``.

    ``left`` units remain.
    """

    def __init__(self, code: str, left: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.left = left


def quantity_parse(typed: Any, *, allow_zero: bool = False) -> int:
    """A quantity as people type it; raises BasketError("quantity") for anything but a whole number in range."""
    text = str(typed or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BasketError("quantity")
    number = int(text)
    if number < (0 if allow_zero else 1):
        raise BasketError("quantity")
    if number > settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD:
        raise BasketError("too_many", settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD)
    return number


@transaction.atomic
def basket_add(*, basket: Basket, product: Any, quantity: int) -> Any:
    """Put ``quantity`` more units in; the basket line. Never more in all than can be ordered now."""
    basket_lock(basket.pk)
    left = product.stock_left
    if left == 0:
        raise BasketError("sold_out")
    there = 0
    if basket.pk:
        there = sum(line.quantity for line in basket.lines.filter(product=product))
    if there + quantity > left:
        raise BasketError("short", left)
    if not basket.is_quantity_allowed(quantity)[0]:
        raise BasketError("too_many", settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD)
    line, _ = basket.add_product(product, quantity)
    return line


@transaction.atomic
def line_quantity_set(*, line: Any, quantity: int) -> None:
    """Set a line's units; 0 takes it out."""
    basket_lock(line.basket_id)
    if quantity == 0:
        line.delete()
        return
    left = max(0, line.stockrecord.net_stock_level) if line.stockrecord else 0
    if quantity > left:
        raise BasketError("short" if left else "sold_out", left)
    line.quantity = quantity
    line.save(update_fields=["quantity"])


def basket_lock(pk: int | None) -> None:
    """Two tabs of one shopper change the basket one after the other, and never once it has been ordered."""
    if pk and not Basket.objects.select_for_update().get(pk=pk).can_be_edited:
        raise BasketError("placed")
