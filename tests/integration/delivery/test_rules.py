"""Rules of delivery as buyers meet them: the sum on the product page is the sum of the order."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from shop.checkout.parcels import cart_build
from shop.checkout.services import PlacementRefused, purchase_place
from shop.core.dates import TZ, today
from shop.delivery import quoting
from shop.delivery.models import ClosedDays, DeliveryRate, DeliveryRules, DeliveryService
from shop.delivery.services import (
    DeliveryError,
    ServiceData,
    closed_add,
    closed_remove,
    rules_set,
    service_remove,
    service_save,
    service_switch,
)
from shop.order.models import Order
from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
from tests.factories.market import MY_THO, fresh
from tests.factories.promotions import own_offer
from tests.integration.checkout.pages import guest, page_text

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def cooperative():
    return cooperative_make("HTX Vú sữa")


def province(cooperative, **changes):
    """The service within the province, changed."""
    DeliveryService.objects.filter(cooperative=cooperative, code="province").update(**changes)


def data(**changes):
    fields = {"name_vi": "Xe lạnh", "zone": "province", "days_max": 1, "steps": [(5000, 30_000), (2000, 20_000)]}
    return ServiceData(**(fields | changes))


def parcel_of(basket):
    return cart_build(fresh(basket), ward_code=MY_THO).parcels[0]


# -- Sums --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "packing", "free_over", "off", "shipping"),
    [
        (100_000, 7_000, None, 0, 27_000),
        (100_000, 7_000, 100_000, 0, 0),
        (100_000, 7_000, 100_001, 0, 27_000),
        (111_111, 7_000, 100_000, 10, 27_000 if 111_111 - 11_111 < 100_000 else 0),
        (111_109, 7_000, 100_000, 10, 27_000),
    ],
)
def test_one_sum_from_product_page_to_order(client, cooperative, price, packing, free_over, off, shipping):
    province(cooperative, packing_fee=packing, free_over=free_over)
    if off:
        own_offer(cooperative, value=off)
    listing = listing_make(cooperative, price=price)
    basket = basket_of(listing)

    page = client.get(listing.product.get_absolute_url())
    assert page.context["offer"].ways[0].price == shipping
    assert guest(Client(), basket).get("/gio-hang/").context["cart"].shipping == shipping
    assert guest(Client(), basket).get("/thanh-toan/").context["cart"].shipping == shipping
    order = place(basket).group.members.get().order
    assert order.shipping_dong == shipping
    assert order.total_dong == order.goods_dong + shipping


def test_packing_and_missing_sums_are_said(client, cooperative):
    province(cooperative, packing_fee=7_000, free_over=300_000)
    listing = listing_make(cooperative, price=100_000)
    basket = basket_of(listing)

    assert "7.000" in page_text(client.get(listing.product.get_absolute_url()))
    assert parcel_of(basket).missing_for_free == 200_000
    assert "200.000" in page_text(guest(Client(), basket).get("/gio-hang/"))


@pytest.mark.parametrize("change", [{"packing_fee": 1}, {"free_over": 1}, {"extra_per_kg": 1}])
def test_rules_that_changed_meanwhile_are_shown_again(cooperative, change):
    province(cooperative, packing_fee=7_000)
    basket = basket_of((listing_make(cooperative, ship_weight_g=6_000), 1))
    shown = cart_build(fresh(basket), ward_code=MY_THO).total
    province(cooperative, **change)

    with pytest.raises(PlacementRefused) as refused:
        purchase_place(basket_id=basket.pk, recipient=recipient(), choices={}, shown_total=shown, by="x")

    assert refused.value.code == "changed"
    assert not Order.objects.exists()


# -- Days --------------------------------------------------------------------------------------------------------


def test_promised_days_follow_hour_weekday_and_closed_days(cooperative, monkeypatch):
    rules_set(cooperative=cooperative, cut_off=time(10), weekdays=0b0111111, fresh_weekdays=0b0011111, by="x")
    closed_add(
        cooperative=cooperative, first_day=date(2026, 11, 25), last_day=date(2026, 11, 27),
        reason="Cúng đình", on=TODAY, by="x",
    )  # fmt: skip
    dry, fruit = listing_make(cooperative), listing_make(cooperative, max_transit_days=2)
    monkeypatch.setattr(quoting, "now", lambda: datetime(2026, 11, 24, 11, tzinfo=TZ))

    quotes = [parcel_of(basket_of(listing)).delivery.quote for listing in (dry, fruit)]

    assert [quote.leaves_on for quote in quotes] == [date(2026, 11, 28), date(2026, 11, 30)]
    assert [quote.expected_from for quote in quotes] == [date(2026, 11, 29), date(2026, 12, 1)]
    assert quotes[0].closed.reason == "Cúng đình"
    order = place(basket_of(fruit)).group.members.get().order
    assert order.consignment.expected_to == date(2026, 12, 2)


def test_the_reason_of_closed_days_is_escaped_on_the_product_page(client, cooperative):
    ClosedDays.objects.create(
        cooperative=cooperative, first_day=today(), last_day=today() + timedelta(days=9), reason="<b>Nghỉ"
    )

    page = client.get(listing_make(cooperative).product.get_absolute_url())

    assert b"&lt;b&gt;Ngh" in page.content
    assert b"<b>Ngh" not in page.content


def test_goods_that_would_not_arrive_fresh_are_refused_everywhere(client, cooperative):
    listing = listing_make(cooperative, max_transit_days=1)
    cooperative.delivery_services.filter(zone="pickup").delete()
    basket = basket_of(listing)

    assert client.get(listing.product.get_absolute_url()).context["offer"].refusal
    cart = cart_build(fresh(basket), ward_code=MY_THO)
    assert [item.problem for item in cart.left_out] == ["too_far"]
    with pytest.raises(PlacementRefused):
        purchase_place(basket_id=basket.pk, recipient=recipient(), choices={}, shown_total=0, by="x")


# -- Services ------------------------------------------------------------------------------------------------------


def test_a_service_is_saved_once_however_often_it_is_pressed(cooperative):
    first = service_save(cooperative=cooperative, data=data(), key="aabbccddeeff", by="x")
    second = service_save(cooperative=cooperative, data=data(), key="aabbccddeeff", by="x")

    assert first.pk == second.pk
    assert list(first.rates.values_list("up_to_g", "price")) == [(2000, 20_000), (5000, 30_000)]
    assert DeliveryRate.objects.filter(service=first).count() == 2


def test_changing_a_service_replaces_its_rates(cooperative):
    service = service_save(cooperative=cooperative, data=data(), key="aabbccddeeff", by="x")
    changed = data(steps=[(1000, 5_000)], free_over=200_000, packing_fee=9_000)

    service_save(cooperative=cooperative, service=service, data=changed, by="x")

    service.refresh_from_db()
    assert (service.free_over, service.packing_fee, service.name_vi) == (200_000, 9_000, "Xe lạnh")
    assert list(service.rates.values_list("up_to_g", "price")) == [(1000, 5_000)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"steps": []}, "steps"), ({"steps": [(5, 1), (5, 2)]}, "steps"), ({"days_min": 2, "days_max": 1}, "days")],
)
def test_services_that_make_no_sense_are_refused(cooperative, changes, code):
    with pytest.raises(DeliveryError) as refused:
        service_save(cooperative=cooperative, data=data(**changes), key="aabbccddeeff", by="x")

    assert refused.value.code == code
    assert not DeliveryService.objects.filter(name_vi="Xe lạnh").exists()


def test_switching_and_removing_twice_is_once(cooperative):
    service = cooperative.delivery_services.get(code="province")
    for _ in range(2):
        service_switch(service=service, on=False, by="x")
    service.refresh_from_db()
    assert not service.is_active
    for _ in range(2):
        service_remove(service=service, by="x")
    assert not cooperative.delivery_services.filter(code="province").exists()


@pytest.mark.parametrize(("weekdays", "fresh_days"), [(0, 1), (0b1, 0b10), (128, 128)])
def test_some_day_must_be_left(cooperative, weekdays, fresh_days):
    with pytest.raises(DeliveryError):
        rules_set(cooperative=cooperative, cut_off=None, weekdays=weekdays, fresh_weekdays=fresh_days, by="x")

    assert not DeliveryRules.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 12, 2), date(2026, 12, 1), "order"),
        (date(2026, 12, 1), date(2027, 2, 28), "long"),
        (date(2026, 11, 1), date(2026, 11, 23), "past"),
    ],
)
def test_closed_days_that_make_no_sense_are_refused(cooperative, first, last, code):
    with pytest.raises(DeliveryError) as refused:
        closed_add(cooperative=cooperative, first_day=first, last_day=last, reason="Nghỉ", on=TODAY, by="x")

    assert refused.value.code == code
    assert not ClosedDays.objects.exists()


def test_closed_days_are_added_and_removed_once(cooperative):
    days = {"first_day": date(2027, 2, 4), "last_day": date(2027, 2, 10), "on": TODAY}
    rows = [closed_add(cooperative=cooperative, reason=reason, by="x", **days) for reason in ("Tết", "Nghỉ Tết")]

    assert ClosedDays.objects.get().reason == "Nghỉ Tết"
    for _ in range(2):
        closed_remove(closed=rows[0], by="x")
    assert not ClosedDays.objects.exists()
