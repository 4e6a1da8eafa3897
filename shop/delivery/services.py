"""What sending a parcel costs, and whether it gets there fresh."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.core.dates import today
from shop.delivery.models import REACH, DeliveryService, Zone


@dataclass(frozen=True)
class Quote:
    """One way to send one parcel: price in dong, arrival as a span of days."""

    service: DeliveryService
    price: int
    expected_from: date
    expected_to: date

    @property
    def is_pickup(self) -> bool:
        return self.service.is_pickup


def zone_of(cooperative: Cooperative, ward_code: str) -> str:
    """Zone of an address as seen from the cooperative; its own province when the commune is not chosen yet."""
    if not ward_code:
        return Zone.PROVINCE
    return places.zone_between(cooperative.ward_code, ward_code)


def parcel_price(service: DeliveryService, weight_g: int) -> int:
    """Dong for a parcel of that many grams: the first band that holds it, or the last one and a fee per further kg."""
    rates = list(service.rates.all())
    if not rates:
        return 0
    for rate in rates:
        if weight_g <= rate.up_to_g:
            return rate.price
    over_kg = -(-(weight_g - rates[-1].up_to_g) // 1000)
    return rates[-1].price + over_kg * service.extra_per_kg


def quotes(services: Iterable[DeliveryService], zone: str, weight_g: int) -> list[Quote]:
    """The ways to send a parcel to a zone in the cooperative's order, pick-up last.

    ``services`` come with their rates prefetched.
    Of several services that go by the same zone rule, only the nearest zone that still reaches is offered:
    a parcel in the province is never charged as one across the country.
    """
    active = [service for service in services if service.is_active]
    reaching = [service for service in active if not service.is_pickup and REACH[service.zone] >= REACH[zone]]
    nearest = min((REACH[service.zone] for service in reaching), default=0)
    offered = [service for service in reaching if REACH[service.zone] == nearest]
    offered += [service for service in active if service.is_pickup]
    start = today()
    return [
        Quote(
            service,
            parcel_price(service, weight_g),
            start + timedelta(days=service.days_min),
            start + timedelta(days=service.days_max),
        )
        for service in offered
    ]


def arrives_fresh(quote: Quote, max_transit_days: int | None) -> bool:
    """Whether goods that last that many days on the road survive the slowest arrival. None lasts for ever."""
    return quote.is_pickup or max_transit_days is None or quote.service.days_max <= max_transit_days
