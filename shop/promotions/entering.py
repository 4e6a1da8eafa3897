"""Codes that shoppers type into their basket."""

from typing import Any

from django.db import transaction
from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.promotions.codes import code_fold

Voucher = get_model("voucher", "Voucher")
MOST_IN_BASKET = 10


class VoucherRefused(Exception):
    """The code was not taken. ``code``: ``empty``, ``unknown``, ``too_many``, ``placed``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def basket_voucher_add(*, basket: Basket, typed: str) -> Any:
    """Put a code into a basket; twice is once. Of each cooperative the last code counts: the one before goes.

    Whether it saves anything is reckoned with the sums (``shop.checkout.vouchers``), not here.
    """
    code = code_fold(typed)
    if not code:
        raise VoucherRefused("empty")
    voucher = Voucher.objects.filter(code=code).first()
    if voucher is None:
        raise VoucherRefused("unknown")
    row = Basket.objects.select_for_update().get(pk=basket.pk)
    if not row.can_be_edited:
        raise VoucherRefused("placed")
    seller = seller_of(voucher)
    for other in row.vouchers.exclude(pk=voucher.pk):
        if seller and seller_of(other) == seller:
            row.vouchers.remove(other)
    if row.vouchers.count() >= MOST_IN_BASKET:
        raise VoucherRefused("too_many")
    row.vouchers.add(voucher)
    basket.vouchers_forget()
    return voucher


@transaction.atomic
def basket_voucher_remove(*, basket: Basket, pk: int) -> None:
    """Take a code out; one that is not in is no error."""
    row = Basket.objects.select_for_update().get(pk=basket.pk)
    if row.can_be_edited:
        row.vouchers.remove(*row.vouchers.filter(pk=pk))
    basket.vouchers_forget()


def seller_of(voucher: Any) -> int | None:
    """The cooperative whose code it is; None for one of the market's own."""
    return voucher.offers.values_list("cooperative_offer__cooperative", flat=True).first()
