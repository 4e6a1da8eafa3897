"""Ways to send for the demo's producers, with rates as small carriers in the delta ask for.

Days decide who gets fresh goods: what lasts two days reaches the South and not the North, what keeps goes everywhere.
"""

from dataclasses import dataclass

from shop.cooperatives.models import Cooperative
from shop.delivery.models import DeliveryRate, DeliveryService, Zone
from shop.demo.source import draw


@dataclass(frozen=True)
class Plan:
    """One service: days on the road, (grams, dong from, dong to) by band, and (dong from, dong to) per further kg."""

    code: str
    zone: str
    name: tuple[str, str]
    note: tuple[str, str]
    days: tuple[int, int]
    bands: tuple[tuple[int, int, int], ...] = ()
    extra: tuple[int, int] = (0, 0)


PICKUP = Plan("tu-den-lay", Zone.PICKUP, ("Tự đến lấy", "Collect it yourself"), ("", ""), (0, 0))
BIKE = Plan(
    "trong-xa",
    Zone.COMMUNE,
    ("Xe máy trong xã", "Motorbike in the commune"),
    ("Người của hợp tác xã mang tới tận nhà", "Brought to your door by the cooperative's own people"),
    (0, 1),
    ((5000, 8000, 12000), (20000, 15000, 20000)),
    (1000, 1500),
)
PROVINCE = Plan(
    "tinh",
    Zone.PROVINCE,
    ("Xe giao trong tỉnh", "Van in the province"),
    ("Gọi trước khi tới", "The driver calls before coming"),
    (1, 2),
    ((2000, 18000, 22000), (5000, 23000, 28000), (10000, 30000, 35000)),
    (2500, 4000),
)
PROVINCE_COLD = Plan(
    "xe-lanh-tinh",
    Zone.PROVINCE,
    ("Xe lạnh nội tỉnh", "Cold van in the province"),
    ("Hàng tươi tới trong ngày hoặc sáng hôm sau", "Fresh goods arrive the same day or next morning"),
    (0, 1),
    ((2000, 28000, 32000), (5000, 35000, 42000), (10000, 48000, 58000)),
    (4000, 5500),
)
SOUTH = Plan(
    "mien-nam",
    Zone.SOUTH,
    ("Xe khách, chuyển phát miền Nam", "Coach and parcel service in the South"),
    (
        "Tới Thành phố Hồ Chí Minh, Cần Thơ và các tỉnh miền Nam",
        "To Ho Chi Minh City, Can Tho and the southern provinces",
    ),
    (1, 2),
    ((2000, 25000, 32000), (5000, 38000, 48000), (10000, 58000, 70000)),
    (4000, 6000),
)
SOUTH_COLD = Plan(
    "xe-lanh",
    Zone.SOUTH,
    ("Xe lạnh miền Nam", "Cold van in the South"),
    ("Xe lạnh chạy đêm, tới nơi hôm sau", "Runs overnight and arrives the next day"),
    (1, 1),
    ((2000, 45000, 55000), (5000, 65000, 80000), (10000, 95000, 120000)),
    (7000, 9000),
)
COUNTRY = Plan(
    "toan-quoc",
    Zone.COUNTRY,
    ("Chuyển phát toàn quốc", "Parcel service to the whole country"),
    ("Miền Trung 3 đến 4 ngày, miền Bắc 4 đến 5 ngày", "Central provinces in 3 to 4 days, the North in 4 to 5"),
    (3, 5),
    ((2000, 35000, 42000), (5000, 62000, 75000), (10000, 105000, 125000)),
    (8000, 11000),
)


def plans_for(transit_days: list[int | None]) -> list[Plan]:
    """The services of a producer whose goods last that many days (0: cannot be sent, None: they keep)."""
    sendable = [days for days in transit_days if days != 0]
    if not sendable:
        return [PICKUP]
    shortest = min((days for days in sendable if days is not None), default=None)
    plans = [PICKUP, BIKE, PROVINCE]
    if shortest == 1:
        plans.append(PROVINCE_COLD)
    plans.append(SOUTH)
    if shortest is not None and shortest <= 2:
        plans.append(SOUTH_COLD)
    if any(days is None or days >= COUNTRY.days[1] for days in sendable):
        plans.append(COUNTRY)
    return plans


def delivery_create(cooperative: Cooperative, transit_days: list[int | None]) -> None:
    """Services and rates of a producer that has just been created."""
    plans = plans_for(transit_days)
    services = [_service(cooperative, plan, place) for place, plan in enumerate(plans)]
    DeliveryService.objects.bulk_create(services)
    DeliveryRate.objects.bulk_create(
        DeliveryRate(service=service, up_to_g=grams, price=_dong(f"{cooperative.slug} {plan.code} {grams}", low, high))
        for service, plan in zip(services, plans, strict=True)
        for grams, low, high in plan.bands
    )


def _service(cooperative: Cooperative, plan: Plan, position: int) -> DeliveryService:
    note = (cooperative.pickup_vi[:160], cooperative.pickup_en[:160]) if plan is PICKUP else plan.note
    return DeliveryService(
        cooperative=cooperative,
        code=plan.code,
        name_vi=plan.name[0],
        name_en=plan.name[1],
        note_vi=note[0],
        note_en=note[1],
        zone=plan.zone,
        days_min=plan.days[0],
        days_max=plan.days[1],
        extra_per_kg=_dong(f"{cooperative.slug} {plan.code} kg", *plan.extra),
        position=position,
    )


def _dong(key: str, low: int, high: int) -> int:
    """Between the two, in steps of 500 dong."""
    return draw(key, low // 500, high // 500) * 500
