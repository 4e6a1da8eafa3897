"""The cooperative's pages about sending: whose they are, what they refuse, what they save."""

from datetime import time, timedelta

import pytest

from shop.core.dates import today
from shop.delivery.models import ClosedDays, DeliveryRules, DeliveryService
from tests.factories import cooperative_make, listing_make
from tests.factories.market import HOAN_KIEM, MY_THO
from tests.factories.sizes import sizes_make
from tests.integration.checkout.pages import page_text, said

pytestmark = pytest.mark.django_db
HOME = "/ban-hang/giao-hang/"
FORM = {
    "name": "Xe lạnh trong tỉnh", "zone": "province", "days_min": "0", "days_max": "1", "rows": "2",
    "s0-kilos": "2", "s0-price": "25.000", "s1-kilos": "0,5", "s1-price": "0", "extra_per_kg": "4.000",
    "free_over": "300.000", "packing_fee": "10.000", "note": "", "name_en": "", "key": "a1b2c3d4e5f6", "save": "1",
}  # fmt: skip
HOURS = {"cut_off": "10:00", "weekdays": ["0", "1", "2", "3", "4", "5"], "fresh": ["0", "1", "2", "3", "4"]}


def province(cooperative):
    return cooperative.delivery_services.get(code="province")


def snapshot():
    """All rows that these pages could change."""
    return (
        list(DeliveryService.objects.order_by("pk").values_list("pk", "name_vi", "is_active", "rates__price")),
        list(DeliveryRules.objects.values_list("cooperative", "cut_off")),
        list(ClosedDays.objects.values_list("pk", "reason")),
    )


def addresses(cooperative):
    closed = ClosedDays.objects.create(cooperative=cooperative, first_day=today(), last_day=today(), reason="Nghỉ")
    pk = province(cooperative).pk
    return [f"{HOME}{pk}/", f"{HOME}{pk}/bat-tat/", f"{HOME}{pk}/xoa/", f"{HOME}ngay-nghi/{closed.pk}/xoa/"]


def test_a_neighbours_rows_do_not_exist(owner_client, neighbour):
    urls = addresses(neighbour)
    before = snapshot()
    for url in [*urls, f"{HOME}{2**70}/", f"{HOME}ngay-nghi/{2**70}/xoa/"]:
        assert owner_client.post(url, FORM | {"on": "0"}).status_code == 404
    assert owner_client.get(urls[0]).status_code == 404
    assert snapshot() == before


@pytest.mark.parametrize("role", ["packer", "accountant"])
def test_not_the_task_of_others(client, cooperative, member, role):
    client.force_login(member(cooperative, role))
    urls = [*addresses(cooperative), HOME, f"{HOME}them/", f"{HOME}ngay-gio/", f"{HOME}ngay-nghi/"]
    before = snapshot()
    assert {client.post(url, FORM | {"on": "0"}).status_code for url in urls if url != HOME} == {403}
    assert client.get(HOME).status_code == 403
    assert snapshot() == before


def test_the_overview_by_zone_in_few_queries(owner_client, cooperative, django_assert_max_num_queries):
    owner_client.get(HOME)
    with django_assert_max_num_queries(10):
        page = owner_client.get(HOME)
    assert [row["service"].zone for row in page.context["services"]] == ["province", "south", "country", "pickup"]


def test_a_new_service_once(owner_client, cooperative):
    for _ in range(2):
        answer = owner_client.post(f"{HOME}them/", FORM)
        assert (answer.status_code, answer["Location"]) == (303, HOME)

    service = cooperative.delivery_services.get(name_vi="Xe lạnh trong tỉnh")
    assert (service.free_over, service.packing_fee, service.extra_per_kg) == (300_000, 10_000, 4_000)
    assert list(service.rates.values_list("up_to_g", "price")) == [(500, 0), (2_000, 25_000)]


@pytest.mark.parametrize(
    ("changes", "msgid"),
    [
        ({"name": " \u202e "}, "Please give it a name, for example “Cold van”."),
        ({"zone": "moon"}, None),
        ({"days_min": "3"}, "This must not be less than the days before it."),
        ({"days_max": "99"}, "Please write the days as a number from 0 to 15."),
        ({"s0-price": ""}, "Please write the price; 0 for nothing."),
        ({"s0-kilos": ""}, "Please write up to which weight."),
        ({"s0-kilos": "0,500"}, "Two rows have the same weight."),
        ({"rows": "0"}, "Please write at least one weight with its price."),
        ({"free_over": "99999999999999999999"}, None),
        ({"packing_fee": "abc"}, "Please write the sum in whole dong, for example 195.000."),
        ({"name": "x" * 81}, None),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(owner_client, cooperative, changes, msgid):
    pk, before = province(cooperative).pk, snapshot()

    answer = owner_client.post(f"{HOME}{pk}/", FORM | changes)

    assert answer.status_code == 422
    assert snapshot() == before
    assert 'value="a1b2c3d4e5f6"' in page_text(answer)
    assert 'value="25.000"' in page_text(answer) or "s0-price" in changes or changes == {"rows": "0"}
    if msgid:
        assert said(msgid, "en") in page_text(owner_client.post(f"/en{HOME}{pk}/", FORM | changes))


def test_rows_come_and_go_without_saving(owner_client, cooperative):
    before = snapshot()
    more = owner_client.post(f"{HOME}them/", FORM | {"more": "1"})
    less = owner_client.post(f"{HOME}them/", FORM | {"drop": "0"})

    assert [len(page.context["sheet"].rows) for page in (more, less)] == [3, 1]
    assert less.context["sheet"].rows[0]["kilos"].value() == "0,5"
    assert snapshot() == before


def test_switch_and_remove(owner_client, cooperative):
    pk = province(cooperative).pk
    for _ in range(2):
        assert owner_client.post(f"{HOME}{pk}/bat-tat/", {"on": "0"}).status_code == 303
    assert not province(cooperative).is_active
    assert owner_client.get(f"{HOME}{pk}/bat-tat/").status_code == 405
    assert owner_client.get(f"{HOME}{pk}/xoa/").status_code == 200
    assert province(cooperative)
    assert owner_client.post(f"{HOME}{pk}/xoa/").status_code == 303
    assert not cooperative.delivery_services.filter(pk=pk).exists()


def test_hours(owner_client, cooperative):
    assert owner_client.post(f"{HOME}ngay-gio/", HOURS).status_code == 303
    rules = DeliveryRules.objects.get()
    assert (rules.cut_off, rules.weekdays, rules.fresh_weekdays) == (time(10), 0b0111111, 0b0011111)
    for wrong in ({"cut_off": "25:99"}, {"weekdays": []}, {"weekdays": ["5"]}, {"fresh": ["9"]}):
        assert owner_client.post(f"{HOME}ngay-gio/", HOURS | wrong).status_code == 422
    rules.refresh_from_db()
    assert rules.weekdays == 0b0111111


def test_closed_days(owner_client, cooperative):
    first = today() + timedelta(days=3)
    days = {"first_day": first.isoformat(), "last_day": "", "reason": "Cúng <b>đình</b>"}
    for _ in range(2):
        assert owner_client.post(f"{HOME}ngay-nghi/", days).status_code == 303
    closed = ClosedDays.objects.get()
    assert (closed.first_day, closed.last_day) == (first, first)
    assert b"<b>\xc4\x91\xc3\xacnh" not in owner_client.get(f"{HOME}ngay-gio/").content
    for wrong in (
        {"first_day": "hôm qua"}, {"reason": ""}, {"last_day": "2020-01-01"}, {"first_day": "2020-01-01"},
        {"last_day": (first + timedelta(days=60)).isoformat()}, {"first_day": "0000-00-00"},
    ):  # fmt: skip
        assert owner_client.post(f"{HOME}ngay-nghi/", days | wrong).status_code == 422
    assert ClosedDays.objects.count() == 1
    assert owner_client.post(f"{HOME}ngay-nghi/{closed.pk}/xoa/").status_code == 303
    assert not ClosedDays.objects.exists()


def test_what_a_buyer_would_pay(owner_client, cooperative):
    fruit = listing_make(cooperative, max_transit_days=2, ship_weight_g=4_000)
    other = listing_make(cooperative_make())
    near = {"province": "82", "ward": MY_THO, "goods": fruit.product_id, "units": "1", "kilos": ""}

    answer = owner_client.get(f"{HOME}thu/", near).context["answer"]
    assert [(way["quote"].service.code, way["quote"].price) for way in answer["ways"]] == [
        ("province", 20_000), ("pickup", 0),
    ]  # fmt: skip
    assert [row["service"].code for row in answer["left_out"]] == ["south", "country"]
    far = owner_client.get(f"{HOME}thu/", near | {"province": "01", "ward": HOAN_KIEM}).context["answer"]
    assert [way["quote"].service.code for way in far["ways"]] == ["pickup"]
    for wrong in (
        {"ward": ""},
        {"ward": "99999"},
        {"goods": "", "kilos": ""},
        {"goods": other.product_id},
        {"units": "0"},
    ):
        assert owner_client.get(f"{HOME}thu/", near | wrong).status_code == 422
    assert owner_client.get(f"{HOME}thu/", {"province": "01", "communes": "1"}).status_code == 200


def test_the_size_decides_weight_and_price(owner_client, cooperative):
    fruit = listing_make(cooperative, price=50_000)
    small, box = sizes_make(fruit, "túi 500 g", ("thùng 8 kg", 8_000, 700_000, 4))
    asked = {"province": "82", "ward": MY_THO, "units": "2", "kilos": ""}
    page = owner_client.get(f"{HOME}thu/", asked | {"goods": box.product_id})
    assert (page.context["answer"]["parcel"].weight_g, page.context["answer"]["parcel"].goods) == (16_200, 1_400_000)
    assert [pk for pk, _label in page.context["form"].fields["goods"].choices] == ["", small.product_id, box.product_id]
    assert "thùng 8 kg" in page_text(page)
    assert owner_client.get(f"{HOME}thu/", asked | {"goods": fruit.product_id}).status_code == 422
