"""What a cooperative decides about sending: services with their rates, hours and weekdays, closed days.

Every function is one transaction and may be called twice. The sums of open checkouts change with it: placing an order
reckons afresh and refuses a sum that is no longer right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from shop.cooperatives.models import Cooperative
from shop.core.text import slugify_vi
from shop.delivery.models import EVERY_DAY, ClosedDays, DeliveryRate, DeliveryRules, DeliveryService, Zone
from shop.delivery.quoting import Quote, arrives_fresh, parcel_price, parcel_quotes, quotes, zone_of

__all__ = ["Quote", "arrives_fresh", "parcel_price", "parcel_quotes", "quotes", "zone_of"]

MOST_SERVICES = 20
MOST_STEPS = 8
MOST_CLOSED = 40
LONGEST_CLOSED = 60
#: In the list the nearest zone comes first, collecting last: the order in which they are offered.
ZONE_ORDER = [Zone.COMMUNE, Zone.PROVINCE, Zone.SOUTH, Zone.COUNTRY, Zone.PICKUP]


class DeliveryError(Exception):
    """Nothing was changed. ``code``: ``too_many``, ``steps``, ``days``, ``weekdays``, ``order``, ``long``, ``past``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class ServiceData:
    """A service as its form gives it: dong and grams. ``steps`` are (up to grams, dong)."""

    name_vi: str
    zone: str
    name_en: str = ""
    note_vi: str = ""
    days_min: int = 0
    days_max: int = 0
    steps: Sequence[tuple[int, int]] = ()
    extra_per_kg: int = 0
    free_over: int | None = None
    packing_fee: int = 0


@transaction.atomic
def service_save(
    *, cooperative: Cooperative, data: ServiceData, by: str, service: DeliveryService | None = None, key: str = ""
) -> DeliveryService:
    """Add a service (``key`` of the form makes a second press harmless) or change one, with all of its rates."""
    steps = sorted(data.steps)
    if (
        data.zone != Zone.PICKUP
        and not 1 <= len(steps) <= MOST_STEPS
        or len({grams for grams, _ in steps}) < len(steps)
    ):
        raise DeliveryError("steps")
    if data.days_min > data.days_max:
        raise DeliveryError("days")
    Cooperative.objects.select_for_update().get(pk=cooperative.pk)
    service = service or service_by_key(cooperative, key) or service_new(cooperative, data.name_vi, key)
    if service.name_vi != data.name_vi or data.name_en:
        service.name_en = data.name_en
    service.name_vi, service.zone, service.extra_per_kg = data.name_vi, data.zone, data.extra_per_kg
    if service.note_vi != data.note_vi:
        service.note_vi, service.note_en = data.note_vi, ""
    service.days_min, service.days_max = data.days_min, data.days_max
    service.free_over, service.packing_fee = data.free_over, data.packing_fee
    service.position = ZONE_ORDER.index(Zone(data.zone))
    service.save()
    service.rates.all().delete()
    DeliveryRate.objects.bulk_create(
        DeliveryRate(service=service, up_to_g=grams, price=price) for grams, price in steps
    )
    return service


def service_by_key(cooperative: Cooperative, key: str) -> DeliveryService | None:
    """The service that the same form made a moment ago."""
    return cooperative.delivery_services.filter(code__endswith=f"-{key}").first() if key else None


def service_new(cooperative: Cooperative, name: str, key: str) -> DeliveryService:
    """An unsaved service with a code of its own."""
    if cooperative.delivery_services.count() >= MOST_SERVICES:
        raise DeliveryError("too_many")
    return DeliveryService(cooperative=cooperative, code=f"{slugify_vi(name)[:24] or 'giao'}-{key}"[:40])


@transaction.atomic
def service_switch(*, service: DeliveryService, on: bool, by: str) -> None:
    """Offer the service to buyers, or stop offering it; its rates are kept."""
    DeliveryService.objects.filter(pk=service.pk).update(is_active=on)


@transaction.atomic
def service_remove(*, service: DeliveryService, by: str) -> None:
    """Take the service away with its rates. Orders know their delivery by name and keep it."""
    DeliveryService.objects.filter(pk=service.pk).delete()


@transaction.atomic
def rules_set(
    *, cooperative: Cooperative, cut_off: time | None, weekdays: int, fresh_weekdays: int, by: str
) -> DeliveryRules:
    """When parcels leave. ``weekdays`` are masks with Monday in bit 0; none at all is refused (``weekdays``)."""
    if not weekdays & EVERY_DAY or not weekdays & fresh_weekdays & EVERY_DAY:
        raise DeliveryError("weekdays")
    values = {"cut_off": cut_off, "weekdays": weekdays & EVERY_DAY, "fresh_weekdays": fresh_weekdays & EVERY_DAY}
    return DeliveryRules.objects.update_or_create(cooperative=cooperative, defaults=values)[0]


@transaction.atomic
def closed_add(
    *, cooperative: Cooperative, first_day: date, last_day: date, reason: str, on: date, by: str
) -> ClosedDays:
    """Close on these days, both ends included; ``on`` is today. The same days again only change the reason."""
    if last_day < first_day:
        raise DeliveryError("order")
    if (last_day - first_day).days >= LONGEST_CLOSED:
        raise DeliveryError("long")
    if last_day < on:
        raise DeliveryError("past")
    Cooperative.objects.select_for_update().get(pk=cooperative.pk)
    coming = ClosedDays.objects.filter(cooperative=cooperative, last_day__gte=on)
    known = coming.filter(first_day=first_day, last_day=last_day).exists()
    if not known and coming.count() >= MOST_CLOSED:
        raise DeliveryError("too_many")
    return ClosedDays.objects.update_or_create(
        cooperative=cooperative, first_day=first_day, last_day=last_day, defaults={"reason": reason}
    )[0]


@transaction.atomic
def closed_remove(*, closed: ClosedDays, by: str) -> None:
    """Open again on these days."""
    ClosedDays.objects.filter(pk=closed.pk).delete()
