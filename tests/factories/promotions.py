"""Offers of cooperatives, as their own pages make them."""

from itertools import count
from typing import Any

from shop.promotions.models import CooperativeOffer
from shop.promotions.services import OfferData, Voucher, offer_create, voucher_create

numbers = count(1)


def own_offer(cooperative: Any, kind: str = "percent", value: int = 10, **extra: Any) -> CooperativeOffer:
    """A running offer on all goods of the cooperative unless told otherwise."""
    fields = {"title": f"Khuyến mãi {next(numbers)}"} | extra
    return offer_create(
        cooperative=cooperative,
        data=OfferData(kind=kind, value=value, **fields),
        key=f"{next(numbers):016x}",
        by="chủ nhiệm",
    )


def own_code(cooperative: Any, code: str = "", *, usage: str = Voucher.MULTI_USE, **extra: Any) -> Any:
    """A voucher on an offer of its own."""
    offer = own_offer(cooperative, code_usage=usage, **extra)
    return voucher_create(offer=offer, usage=usage, code=code, by="chủ nhiệm")
