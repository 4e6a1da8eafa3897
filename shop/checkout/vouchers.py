"""Codes in a basket: what each takes off, or why it does nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from shop.basket.models import Basket
from shop.cooperatives.models import Cooperative


@dataclass(frozen=True)
class Saving:
    """Dong that an offer takes off the goods of a parcel; ``code`` when it came from a voucher."""

    title: str
    dong: int
    code: str = ""


@dataclass(frozen=True)
class VoucherLine:
    """A code in the basket. ``reason`` is empty when it saves something, else why it does not:

    ``early``, ``ended``, ``used``, ``sign_in``, ``elsewhere`` (nothing of its cooperative is in the basket), ``more``
    (``missing`` dong of goods are missing), ``others`` (it is for other goods of the cooperative, or for more of them).
    """

    pk: int
    code: str
    cooperative: Cooperative | None
    saved: int = 0
    reason: str = ""
    missing: int = 0
    starts_at: Any = None


def companion_of(offer: Any) -> Any:
    """The cooperative's side of an offer; None for one of the market's own."""
    return getattr(offer, "cooperative_offer", None)


def savings_of(part: Basket) -> list[Saving]:
    """What the offers that were applied to a part take off its goods."""
    found = []
    for application in part.offer_applications:
        if application["result"].affects_basket and application["discount"] > 0:
            companion, voucher = companion_of(application["offer"]), application["voucher"]
            title = companion.title if companion else application["name"]
            found.append(Saving(title, int(application["discount"]), voucher.code if voucher else ""))
    return found


def vouchers_used(part: Basket) -> list[Any]:
    """The vouchers whose offers were applied to a part."""
    return [application["voucher"] for application in part.offer_applications if application["voucher"]]


def voucher_lines(basket: Basket, parcels: Sequence[Any], user: Any) -> list[VoucherLine]:
    """Every code in the basket in the order of the codes."""
    return [voucher_line(voucher, parcels, user) for voucher in basket.voucher_list]


def voucher_line(voucher: Any, parcels: Sequence[Any], user: Any) -> VoucherLine:
    """One code with what it saves over all parcels, or the first reason why it saves nothing."""
    offer = next(iter(voucher.offers.all()), None)
    companion = companion_of(offer)
    cooperative = companion.cooperative if companion else None
    applied = [a for parcel in parcels for a in parcel.part.offer_applications if a["voucher"] == voucher]
    if applied:
        saved = sum(int(application["discount"]) for application in applied)
        return VoucherLine(voucher.pk, voucher.code, cooperative, saved)
    own = [parcel for parcel in parcels if cooperative is None or parcel.cooperative.pk == cooperative.pk]
    reason, missing = why_not(voucher, offer, own, user)
    return VoucherLine(voucher.pk, voucher.code, cooperative, 0, reason, missing, voucher.start_datetime)


def why_not(voucher: Any, offer: Any, parcels: Sequence[Any], user: Any) -> tuple[str, int]:
    """Why a code does nothing for the parcels of its cooperative, and the dong of goods that are missing."""
    gone = refusal_of(voucher, offer, user)
    if gone:
        return gone, 0
    if not parcels:
        return "elsewhere", 0
    condition = offer.condition
    most = max(parcel.goods_before for parcel in parcels)
    if condition.type == condition.VALUE and most < condition.value:
        return "more", int(condition.value) - most
    return "others", 0


def refusal_of(voucher: Any, offer: Any, user: Any) -> str:
    """Why nobody, or not this person, can use a code now; empty when they can."""
    now = timezone.now()
    if voucher.start_datetime > now:
        return "early"
    if voucher.end_datetime < now or offer is None or offer.status == offer.SUSPENDED:
        return "ended"
    if voucher.usage == voucher.ONCE_PER_CUSTOMER and not (user and user.is_authenticated):
        return "sign_in"
    if offer.get_max_applications() == 0 or not voucher.is_available_to_user(user)[0]:
        return "used"
    return ""
