"""What sending a parcel costs, when it leaves, and whether it gets there fresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.core.dates import now
from shop.delivery.calendar import ALWAYS, Calendar, Closed, Start, calendar_of, start_of
from shop.delivery.models import REACH, DeliveryService, Zone


@dataclass(frozen=True)
class Quote:
    """One way to send one parcel: price in dong with packing, the day it leaves, arrival as a span of days.

    ``packing`` is the part of the price that is the box; ``is_free``: the goods reached the sum from which on
    delivery costs nothing; ``closed``: the closed days that the parcel has to wait for.
    """

    service: DeliveryService
    price: int
    expected_from: date
    expected_to: date
    packing: int = 0
    is_free: bool = False
    leaves_on: date | None = None
    closed: Closed | None = None

    @property
    def is_pickup(self) -> bool:
        return self.service.is_pickup


def zone_of(cooperative: Cooperative, ward_code: str) -> str:
    """Zone of an address as seen from the cooperative; its own province when the commune is not chosen yet."""
    if not ward_code:
        return Zone.PROVINCE
    return places.zone_between(cooperative.ward_code, ward_code)


def is_free(service: DeliveryService, goods: int) -> bool:
    """Whether goods of that many dong, after discounts, are sent for nothing."""
    return service.free_over is not None and goods >= service.free_over


def carriage_price(service: DeliveryService, weight_g: int) -> int:
    """Dong for the road alone: the first band that holds the parcel, or the last one and a fee per further kg."""
    rates = list(service.rates.all())
    if not rates:
        return 0
    for rate in rates:
        if weight_g <= rate.up_to_g:
            return rate.price
    over_kg = -(-(weight_g - rates[-1].up_to_g) // 1000)
    return rates[-1].price + over_kg * service.extra_per_kg


def parcel_price(service: DeliveryService, weight_g: int, goods: int = 0) -> int:
    """Dong that the buyer pays for a parcel of that many grams with goods of that many dong; packing is in it."""
    return 0 if is_free(service, goods) else carriage_price(service, weight_g) + service.packing_fee


def offered_to(services: Iterable[DeliveryService], zone: str) -> list[DeliveryService]:
    """The services that buyers in a zone can choose, in the cooperative's order, pick-up last.

    Of several services that go by the same zone rule, only the nearest zone that still reaches is offered:
    a parcel in the province is never charged as one across the country.
    """
    active = [service for service in services if service.is_active]
    reaching = [service for service in active if not service.is_pickup and REACH[service.zone] >= REACH[zone]]
    nearest = min((REACH[service.zone] for service in reaching), default=0)
    offered = [service for service in reaching if REACH[service.zone] == nearest]
    return offered + [service for service in active if service.is_pickup]


def quotes(
    services: Iterable[DeliveryService],
    zone: str,
    weight_g: int,
    *,
    goods: int = 0,
    calendar: Calendar = ALWAYS,
    fresh: bool = False,
) -> list[Quote]:
    """The ways to send a parcel to a zone; ``services`` come with their rates prefetched.

    ``goods`` are dong after discounts. ``fresh`` goods leave on the days for fresh goods only. No way leads out of a
    cooperative that is closed for longer than anybody looks ahead.
    """
    moment = now()
    starts = {kind: start_of(calendar, moment, fresh=fresh, is_pickup=kind) for kind in (True, False)}
    return [
        quote_of(service, weight_g, goods, starts[service.is_pickup])
        for service in offered_to(services, zone)
        if starts[service.is_pickup]
    ]


def quote_of(service: DeliveryService, weight_g: int, goods: int, start: Start) -> Quote:
    """What the buyer is told about one service."""
    free = is_free(service, goods)
    return Quote(
        service=service,
        price=parcel_price(service, weight_g, goods),
        expected_from=start.day + timedelta(days=service.days_min),
        expected_to=start.day + timedelta(days=service.days_max),
        packing=0 if free else service.packing_fee,
        is_free=free and carriage_price(service, weight_g) + service.packing_fee > 0,
        leaves_on=start.day,
        closed=start.closed,
    )


def parcel_quotes(
    cooperative: Cooperative, ward_code: str, *, weight_g: int, goods: int, transit_days: int | None
) -> list[Quote]:
    """What a cooperative asks for one parcel, by all of its rules: product page, basket, checkout and order ask here.

    ``goods`` are dong after discounts, ``transit_days`` those of the most perishable thing in it (None: it keeps).
    Also names ways that are too slow; see ``arrives_fresh``. Reads ``delivery_services__rates``, ``closed_days`` and
    ``delivery_rules`` of the cooperative: prefetch them.
    """
    return quotes(
        cooperative.delivery_services.all(),
        zone_of(cooperative, ward_code),
        weight_g,
        goods=goods,
        calendar=calendar_of(cooperative),
        fresh=transit_days is not None,
    )


def arrives_fresh(quote: Quote, max_transit_days: int | None) -> bool:
    """Whether goods that last that many days on the road survive the slowest arrival. None lasts for ever."""
    return quote.is_pickup or max_transit_days is None or quote.service.days_max <= max_transit_days
