"""The cooperative's pages about its offers."""

from datetime import timedelta

import pytest

from shop.core.dates import today
from shop.promotions.models import CooperativeOffer
from shop.promotions.services import Voucher
from tests.factories import listing_make
from tests.factories.promotions import own_code, own_offer
from tests.integration.checkout.pages import page_text

pytestmark = pytest.mark.django_db
HOME = "/ban-hang/khuyen-mai/"
NEW = f"{HOME}them/?kind="
FORM = {"value": "10", "goods": "all", "usage": "", "title": "", "key": "0123456789abcdef", "save": "1"}
STEPS = ("sua/", "ngung/", "ma/")


def snapshot():
    offers = CooperativeOffer.objects.values_list("pk", "title", "stopped_at", "offer__status", "offer__end_datetime")
    return list(offers), list(Voucher.objects.values_list("code", "end_datetime"))


def test_a_neighbours_offer_does_not_exist(owner_client, neighbour):
    own_code(neighbour, "XOAI10")
    pk, before = CooperativeOffer.objects.get().pk, snapshot()
    assert owner_client.get(f"{HOME}{pk}/").status_code == 404
    for step in STEPS:
        assert owner_client.post(f"{HOME}{pk}/{step}", {"more": "5", "have": "1"}).status_code == 404
    assert "XOAI10" not in page_text(owner_client.get(HOME))
    assert owner_client.get(f"{HOME}{2**70}/").status_code == 404
    assert snapshot() == before


@pytest.mark.parametrize("role", ["packer", "accountant"])
def test_not_the_task_of_others(client, cooperative, member, role):
    pk = own_offer(cooperative).pk
    client.force_login(member(cooperative, role))
    before = snapshot()
    assert {client.post(f"{HOME}{pk}/{step}").status_code for step in STEPS} == {403}
    assert [client.get(url).status_code for url in (HOME, NEW, f"{HOME}{pk}/")] == [403] * 3
    assert client.post(f"{NEW}percent", FORM).status_code == 403
    assert snapshot() == before


@pytest.mark.parametrize(
    ("kind", "value", "extra"),
    [
        ("percent", "10", {"cap": "50.000", "min_spend": "200000"}),
        ("unit", "5.000", {}),
        ("amount", "30.000 đ", {"min_spend": "300.000", "max_uses": "9", "budget": "900.000"}),
        ("multibuy", "2", {}),
    ],
)
def test_each_kind_is_made_once(owner_client, cooperative, kind, value, extra):
    listing = listing_make(cooperative)
    chosen = {"goods": "chosen", "listings": [listing.pk]}
    for _ in range(2):
        answer = owner_client.post(NEW + kind, FORM | {"value": value} | extra | chosen)
        assert answer.status_code == 303
    offer = CooperativeOffer.objects.get()
    assert answer["Location"] == f"{HOME}{offer.pk}/"
    assert (offer.kind, offer.all_goods, offer.state, bool(offer.title)) == (kind, False, "running", True)
    page = page_text(owner_client.get(answer["Location"]))
    assert listing.title in page
    assert offer.title in page_text(owner_client.get(HOME))


def test_the_example_is_shown_and_nothing_saved(owner_client, cooperative):
    listing_make(cooperative, price=120_000, title="Vú sữa")

    page = owner_client.post(f"{NEW}percent", {k: v for k, v in FORM.items() if k != "save"} | {"try": "1"})

    assert page.status_code == 200
    assert page.context["example"] == {"title": "Vú sữa", "units": 1, "before": 120_000, "after": 108_000}
    assert "108.000" in page_text(page)
    assert not CooperativeOffer.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"value": ""}, {"value": "0"}, {"value": "91"}, {"value": "1,5"}, {"goods": "chosen"}, {"goods": "moon"},
        {"goods": "chosen", "listings": ["x"]}, {"starts": "2026-13-01"}, {"ends": "2020-01-01"},
        {"starts": "2030-02-02", "ends": "2030-02-01"}, {"usage": "Single use"}, {"usage": "moon"},
        {"usage": "Multi-use", "code": "ab"}, {"max_uses": "0"}, {"budget": "9" * 20}, {"cap": "-5"},
        {"title": "x" * 61}, {"usage": "Single use", "count": "201"}, {"usage": "Multi-use", "code": "TAKEN1"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(owner_client, neighbour, changes):
    own_code(neighbour, "TAKEN1")
    before = snapshot()

    answer = owner_client.post(f"{NEW}percent", FORM | {"min_spend": "123.000"} | changes)

    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert 'value="123.000"' in page_text(answer)
    assert snapshot() == before


def test_goods_of_a_neighbour_cannot_be_chosen(owner_client, neighbour):
    theirs = listing_make(neighbour)

    answer = owner_client.post(f"{NEW}percent", FORM | {"goods": "chosen", "listings": [theirs.pk]})

    assert answer.status_code == 422
    assert not CooperativeOffer.objects.exists()


def test_a_second_lower_price_is_a_conflict(owner_client, cooperative):
    own_offer(cooperative, title="Mùa vú sữa")

    answer = owner_client.post(f"{NEW}percent", FORM)

    assert answer.status_code == 409
    assert "Mùa vú sữa" in page_text(answer)
    assert CooperativeOffer.objects.count() == 1


def test_codes_for_one_use(owner_client, cooperative):
    answer = owner_client.post(f"{NEW}amount", FORM | {"value": "10000", "usage": Voucher.SINGLE_USE, "count": "3"})
    url = answer["Location"]
    for _ in range(2):
        assert owner_client.post(f"{url}ma/", {"have": "3", "more": "2"}).status_code == 303
    assert Voucher.objects.count() == 5
    for wrong in ("0", "abc", "200", "-1"):
        assert owner_client.post(f"{url}ma/", {"have": "5", "more": wrong}).status_code == 422
    assert Voucher.objects.count() == 5


def test_change_and_stop(owner_client, cooperative):
    offer = own_offer(cooperative, title="Cũ")
    last = today() + timedelta(days=2)
    new = {"title": "Mới <i>", "starts": "", "ends": last.isoformat(), "max_uses": "", "budget": ""}
    assert owner_client.post(f"{HOME}{offer.pk}/sua/", new | {"ends": "2020-01-01"}).status_code == 422
    assert owner_client.post(f"{HOME}{offer.pk}/sua/", new).status_code == 303
    assert "<i>" not in owner_client.get(f"{HOME}{offer.pk}/").content.decode()
    assert CooperativeOffer.objects.get().title == "Mới <i>"
    for _ in range(2):
        assert owner_client.post(f"{HOME}{offer.pk}/ngung/").status_code == 303
    assert CooperativeOffer.objects.get().state == "stopped"
    assert owner_client.post(f"{HOME}{offer.pk}/sua/", new).status_code == 409


def test_the_list_costs_the_same_with_more_offers(owner_client, cooperative, django_assert_max_num_queries):
    for n in range(6):
        own_code(cooperative, f"MA{n}{n}{n}")
    owner_client.get(HOME)
    with django_assert_max_num_queries(9):
        assert len(owner_client.get(HOME).context["groups"]["running"]) == 6
