"""What a cooperative decides about its offers. Oscar does the reckoning: conditions, benefits, ranges and vouchers.

An offer reaches the goods of its own cooperative only: its range is either all goods of the cooperative's partner or a
list of its listings, and parts of a basket are reckoned one partner at a time (``shop.basket.splitting``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative
from shop.listings.models import Listing
from shop.promotions.codes import code_fold, code_is_valid, code_new
from shop.promotions.models import CooperativeOffer
from shop.promotions.ranges import class_path

Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Range = get_model("offer", "Range")
Voucher = get_model("voucher", "Voucher")

Kind = CooperativeOffer.Kind
MOST_OFFERS = 30
MOST_CODES = 200
#: A voucher of Oscar's must end; one without an end ends here.
FOREVER = datetime(2099, 12, 31, tzinfo=timezone.get_default_timezone())
#: Codes come before what needs no code, and both may be given on the same goods.
PRIORITY = {True: 20, False: 10}


class OfferError(Exception):
    """Nothing was changed. ``code``: ``value``, ``goods``, ``dates``, ``overlap`` (``offer`` is in the way),
    ``stopped``, ``too_many``, ``code`` (too short or too long), ``taken``."""

    def __init__(self, code: str, offer: CooperativeOffer | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.offer = offer


@dataclass(frozen=True)
class OfferData:
    """An offer as its form gives it. ``value``: percent, dong, or the X of "buy X, get one free".

    ``listings`` are empty for all goods. ``code_usage`` is one of Oscar's usages; empty for an offer without a code.
    ``max_uses`` are orders (sets of "buy X"), ``budget`` dong given away in all, ``cap`` dong in one order.
    """

    kind: str
    value: int
    title: str
    listings: Sequence[Listing] = field(default=())
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    min_spend: int = 0
    max_uses: int | None = None
    budget: int | None = None
    cap: int | None = None
    code_usage: str = ""


@transaction.atomic
def offer_create(*, cooperative: Cooperative, data: OfferData, key: str, by: str) -> CooperativeOffer:
    """Open an offer. ``key`` comes from the form: the same key again answers with the offer it made."""
    cooperative = Cooperative.objects.select_for_update().get(pk=cooperative.pk)
    known = CooperativeOffer.objects.filter(key=key, cooperative=cooperative).first()
    if known:
        return known
    data_check(cooperative, data)
    if open_offers(cooperative).count() >= MOST_OFFERS:
        raise OfferError("too_many")
    overlap_check(cooperative, data)
    goods = range_for(cooperative, data.listings, key)
    offer = ConditionalOffer.objects.create(
        name=f"{data.title[:90]} · {key}",
        offer_type=ConditionalOffer.VOUCHER if data.code_usage else ConditionalOffer.SITE,
        exclusive=False,
        priority=PRIORITY[bool(data.code_usage)],
        condition=condition_create(cooperative, data, goods),
        benefit=benefit_create(data, goods),
        start_datetime=data.starts_at,
        end_datetime=data.ends_at,
        max_global_applications=data.max_uses,
        max_discount=data.budget,
        max_basket_applications=None if data.kind == Kind.MULTIBUY else 1,
    )
    return CooperativeOffer.objects.create(
        offer=offer, cooperative=cooperative, kind=data.kind, title=data.title, all_goods=not data.listings,
        cap=data.cap if data.kind == Kind.PERCENT else None, key=key, created_by=by,
    )  # fmt: skip


@transaction.atomic
def offer_update(
    *, offer: CooperativeOffer, title: str, starts_at: datetime | None, ends_at: datetime | None,
    max_uses: int | None, budget: int | None, by: str,
) -> CooperativeOffer:  # fmt: skip
    """Another title, other dates or limits. What it gives stays: buyers have read it."""
    row = ConditionalOffer.objects.select_for_update().get(pk=offer.offer_id)
    offer.refresh_from_db()
    if offer.stopped_at or row.is_suspended:
        raise OfferError("stopped")
    if starts_at and ends_at and ends_at <= starts_at:
        raise OfferError("dates")
    if not offer.needs_code:
        chosen = [] if offer.all_goods else listings_of(offer)
        overlap_check(offer.cooperative, OfferData(offer.kind, 1, title, chosen, starts_at, ends_at), besides=offer)
    row.start_datetime, row.end_datetime = starts_at, ends_at
    row.max_global_applications, row.max_discount = max_uses, budget
    row.save()
    row.vouchers.update(start_datetime=starts_at or offer.created_at, end_datetime=ends_at or FOREVER)
    offer.title, offer.offer = title, row
    offer.save(update_fields=["title"])
    return offer


@transaction.atomic
def offer_stop(*, offer: CooperativeOffer, by: str) -> CooperativeOffer:
    """End an offer and its codes now, for good. Orders that have it keep it; open checkouts are asked again."""
    row = ConditionalOffer.objects.select_for_update().get(pk=offer.offer_id)
    offer.refresh_from_db()
    offer.offer = row
    if offer.stopped_at:
        return offer
    row.suspend()
    row.vouchers.filter(end_datetime__gt=timezone.now()).update(end_datetime=timezone.now())
    offer.stopped_at, offer.stopped_by = timezone.now(), by
    offer.save(update_fields=["stopped_at", "stopped_by"])
    return offer


@transaction.atomic
def voucher_create(*, offer: CooperativeOffer, usage: str, code: str = "", by: str) -> Any:
    """A code for the offer: the typed one, folded, or a new one. One that the offer has already comes back as it is."""
    row = ConditionalOffer.objects.select_for_update().get(pk=offer.offer_id)
    if row.is_suspended:
        raise OfferError("stopped")
    typed = code_fold(code)
    if code and not code_is_valid(typed):
        raise OfferError("code")
    wanted = typed or code_free()
    known = Voucher.objects.filter(code=wanted).first()
    if known:
        if known.offers.filter(pk=row.pk).exists():
            return known
        raise OfferError("taken")
    if row.vouchers.count() >= MOST_CODES:
        raise OfferError("too_many")
    voucher = Voucher.objects.create(
        name=wanted, code=wanted, usage=usage,
        start_datetime=row.start_datetime or timezone.now(), end_datetime=row.end_datetime or FOREVER,
    )  # fmt: skip
    voucher.offers.add(row)
    return voucher


@transaction.atomic
def vouchers_create(*, offer: CooperativeOffer, count: int, by: str) -> list[Any]:
    """Codes for one use each, up to ``count`` in all: pressed twice, it makes no more."""
    row = ConditionalOffer.objects.select_for_update().get(pk=offer.offer_id)
    missing = min(count, MOST_CODES) - row.vouchers.count()
    return [voucher_create(offer=offer, usage=Voucher.SINGLE_USE, by=by) for _ in range(max(0, missing))]


# -- Parts -------------------------------------------------------------------------------------------------------


def open_offers(cooperative: Cooperative) -> Any:
    """Offers that run or will run."""
    not_over = Q(offer__end_datetime__isnull=True) | Q(offer__end_datetime__gte=timezone.now())
    return CooperativeOffer.objects.filter(not_over, cooperative=cooperative, offer__status=ConditionalOffer.OPEN)


def data_check(cooperative: Cooperative, data: OfferData) -> None:
    """Refuse values that make no offer, and goods of anybody else."""
    limits = {Kind.PERCENT: 90, Kind.MULTIBUY: 20}
    if not 1 <= data.value <= limits.get(Kind(data.kind), 100_000_000):
        raise OfferError("value")
    if any(listing.cooperative_id != cooperative.pk for listing in data.listings):
        raise OfferError("goods")
    if data.starts_at and data.ends_at and data.ends_at <= data.starts_at:
        raise OfferError("dates")
    if data.ends_at and data.ends_at <= timezone.now():
        raise OfferError("dates")


def overlap_check(cooperative: Cooperative, data: OfferData, besides: CooperativeOffer | None = None) -> None:
    """One offer without a code at a time for the same goods: a buyer reads one lower price, not two."""
    if data.code_usage:
        return
    others = open_offers(cooperative).automatic().select_related("offer__benefit")
    for other in others.exclude(pk=besides.pk if besides else 0):
        if not in_time(other.offer, data.starts_at or timezone.now(), data.ends_at):
            continue
        if other.all_goods or not data.listings:
            raise OfferError("overlap", other)
        theirs = other.offer.benefit.range.included_products
        if theirs.filter(pk__in=[listing.product_id for listing in data.listings]).exists():
            raise OfferError("overlap", other)


def in_time(offer: Any, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Whether the offer runs at any moment of that span."""
    begins_later = ends_at and offer.start_datetime and offer.start_datetime > ends_at
    return not begins_later and not (offer.end_datetime and offer.end_datetime < starts_at)


def range_of_all(cooperative: Cooperative) -> Any:
    """Everything that the cooperative sells, now and later."""
    path = class_path(cooperative.partner_id)
    return Range.objects.get_or_create(proxy_class=path, defaults={"name": f"Mọi món · {cooperative.partner_id}"})[0]


def range_for(cooperative: Cooperative, listings: Sequence[Listing], key: str) -> Any:
    """The goods that the offer is for."""
    if not listings:
        return range_of_all(cooperative)
    chosen = Range.objects.create(name=f"{cooperative.name[:60]} · {key}")
    through = Range.included_products.through
    through.objects.bulk_create(through(range=chosen, product_id=listing.product_id) for listing in listings)
    return chosen


def listings_of(offer: CooperativeOffer) -> list[Listing]:
    """The chosen listings; none when it is for all goods."""
    if offer.all_goods:
        return []
    found = Listing.objects.filter(product__includes=offer.offer.benefit.range_id, cooperative=offer.cooperative_id)
    return list(found.select_related("product").order_by("product__title"))


def condition_create(cooperative: Cooperative, data: OfferData, goods: Any) -> Any:
    """From which basket on it applies. A least sum counts all goods of the cooperative."""
    if data.kind == Kind.MULTIBUY:
        return Condition.objects.create(type=Condition.COUNT, value=data.value + 1, range=goods)
    if data.min_spend:
        return Condition.objects.create(type=Condition.VALUE, value=data.min_spend, range=range_of_all(cooperative))
    return Condition.objects.create(type=Condition.COUNT, value=1, range=goods)


def benefit_create(data: OfferData, goods: Any) -> Any:
    """What it gives."""
    fields = {
        Kind.PERCENT: {"proxy_class": "shop.promotions.benefits.PercentOff", "value": data.value},
        Kind.MULTIBUY: {"proxy_class": "shop.promotions.benefits.CheapestFree"},
        Kind.UNIT: {"type": Benefit.FIXED_UNIT, "value": data.value},
        Kind.AMOUNT: {"type": Benefit.FIXED, "value": data.value},
    }
    return Benefit.objects.create(range=goods, **fields[Kind(data.kind)])


def code_free() -> str:
    """A code that nobody has."""
    code = code_new()
    while Voucher.objects.filter(code=code).exists():
        code = code_new()
    return code
