"""``/don-hang/<code>/``: the buyer's page, its JSON, its QR picture, another way to pay, and the end of the hold."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model
from PIL import Image

from shop.fulfilment.services import consignment_accept, consignment_refuse, transfer_confirm_by_hand
from shop.payment.attempts.models import Attempt
from shop.payment.services import payment_confirm
from tests.factories import basket_of, listing_make, place
from tests.integration.checkout.pages import page_text, said

StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    """Ten units on the shelf."""
    return listing_make(price=100_000, stock=10)


@pytest.fixture
def group(listing):
    """A purchase of two units from one cooperative, to be paid by a transfer of 220,000 dong."""
    return place(basket_of((listing, 2))).group


@pytest.fixture
def order(group):
    return group.members.get().order


def url(group, order=None, tail=""):
    """Address of the group's page, or of something below it."""
    number = f"{order.number}/" if order else ""
    return f"/don-hang/{group.code}/{number}{tail}"


def held(listing):
    return StockRecord.objects.get(product=listing.product).num_allocated


def hold_ends():
    """The half hour is over, for the orders and for the queue."""
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(expires_at__isnull=False).update(expires_at=past)
    DBTaskResult.objects.filter(run_after__isnull=False).update(run_after=past)


def first_clock_rings():
    """The half hour since the order is over; a hold begun later is not."""
    first = DBTaskResult.objects.filter(task_path__endswith="order_expire_later").earliest("run_after")
    DBTaskResult.objects.filter(pk=first.pk).update(run_after=timezone.now() - timedelta(seconds=1))


def switch(client, group, order, provider):
    """Press "pay another way"."""
    return client.post(url(group, order, "doi-cach-tra/"), {"provider": provider})


# -- Who may look -------------------------------------------------------------------------------------------------


def test_page_is_private(client, group):
    response = client.get(url(group))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_code_may_be_typed_in_capitals(client, group):
    assert client.get(f"/don-hang/{group.code.upper()}/").status_code == 200


@pytest.mark.parametrize("code", ["x", "2" * 20, "2" * 200, "don-hang"])
def test_forged_code(client, group, code):
    for tail in ("", "trang-thai/", "DT22222222/", "DT22222222/qr.png"):
        assert client.get(f"/don-hang/{code}/{tail}").status_code == 404


def test_almost_the_right_code(client, group):
    last = "2" if group.code[-1] != "2" else "3"

    assert client.get(f"/don-hang/{group.code[:-1]}{last}/").status_code == 404


def test_order_of_another_group_behind_this_link(client, group):
    foreign = place(basket_of(listing_make())).group.members.get().order

    assert client.get(url(group, foreign)).status_code == 404
    assert client.get(url(group, foreign, "qr.png")).status_code == 404
    assert switch(client, group, foreign, "cod").status_code == 404
    assert foreign.sources.get().attempt.provider == "vietqr"


def test_changes_are_posts(client, group, order):
    assert client.get(url(group, order, "doi-cach-tra/")).status_code == 405
    assert client.post(url(group, tail="trang-thai/")).status_code == 405
    assert client.post(url(group, order, "qr.png")).status_code == 405


# -- What it says -------------------------------------------------------------------------------------------------


def test_waiting_page_has_all_that_a_transfer_needs(client, group, order):
    transfer = order.sources.get().attempt.transfer

    text = page_text(client.get(url(group)))

    for needed in (transfer.number, transfer.holder, transfer.memo, "220.000"):
        assert needed in text
    assert f"{order.number}/qr.png" in text


def test_status_changes_with_every_step_and_only_then(client, group, order):
    def version():
        response = client.get(url(group, tail="trang-thai/"))
        assert response["Content-Type"] == "application/json"
        assert "no-store" in response["Cache-Control"]
        assert list(response.json()) == ["version"]
        return response.json()["version"]

    seen = [version()]
    assert version() == seen[0]
    payment_confirm(attempt=order.sources.get().attempt, amount=20_000, key="first", by="bank")
    seen.append(version())
    payment_confirm(attempt=order.sources.get().attempt, amount=200_000, key="rest", by="bank")
    seen.append(version())
    consignment_accept(consignment=order.consignment, by="xã viên")
    seen.append(version())

    assert len(set(seen)) == 4


def test_status_and_page_speak_of_the_same_version(client, group):
    assert client.get(url(group, tail="trang-thai/")).json()["version"] in page_text(client.get(url(group)))


def test_qr_picture_only_while_waiting(client, group, order, tmp_path):
    response = client.get(url(group, order, "qr.png"))
    assert response["Content-Type"] == "image/png"
    assert f"vietqr-{order.number}.png" in response["Content-Disposition"]
    file = tmp_path / "qr.png"
    file.write_bytes(response.content)
    assert min(Image.open(file).size) >= 300

    transfer_confirm_by_hand(consignment=order.consignment, by="kế toán")

    assert client.get(url(group, order, "qr.png")).status_code == 404


def test_no_qr_picture_for_cash(client, listing):
    group = place(basket_of(listing), provider="cod").group

    assert client.get(url(group, group.members.get().order, "qr.png")).status_code == 404


def test_free_order_shows_no_code_to_pay(client):
    group = place(basket_of(listing_make(price=0)), service="pickup").group

    response = client.get(url(group))

    assert response.status_code == 200
    assert response.context["panels"][0].state == "paid"
    assert client.get(url(group, group.members.get().order)).status_code == 200


# -- Another way to pay -------------------------------------------------------------------------------------------


def test_switch_to_cash_and_back(client, group, order, listing):
    first = order.sources.get().attempt.transfer.memo

    assert switch(client, group, order, "cod").status_code == 302
    assert client.get(url(group)).context["panels"][0].state == "cash"
    assert switch(client, group, order, "vietqr").status_code == 302

    attempts = list(Attempt.objects.order_by("pk").values_list("provider", "state"))
    assert attempts == [("vietqr", "cancelled"), ("cod", "cancelled"), ("vietqr", "pending")]
    panel = client.get(url(group)).context["panels"][0]
    assert (panel.state, panel.transfer.memo != first) == ("waiting", True)
    assert held(listing) == 2


def test_hold_of_a_second_transfer_ends_too(client, group, order, listing, run_tasks):
    """Cash and back to a transfer: the first clock finds a hold that is not over, the second ends it."""
    switch(client, group, order, "cod")
    switch(client, group, order, "vietqr")
    first_clock_rings()
    run_tasks()
    order.refresh_from_db()
    assert order.status == "pending"

    hold_ends()
    run_tasks()

    order.refresh_from_db()
    assert (order.status, held(listing)) == ("cancelled", 0)


def test_clock_of_the_first_transfer_leaves_cash_alone(client, group, order, listing, run_tasks):
    switch(client, group, order, "cod")
    hold_ends()

    run_tasks()

    order.refresh_from_db()
    assert (order.status, held(listing)) == ("pending", 2)


def test_same_way_again_changes_nothing(client, group, order):
    assert switch(client, group, order, "vietqr").status_code == 302
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("provider", ["bitcoin", "", "stripe", "\x00"])
def test_unknown_way_is_refused_on_the_page(client, group, order, provider):
    response = switch(client, group, order, provider)

    assert response.status_code == 409
    assert said("This order cannot be paid that way now.", "vi") in page_text(response)
    assert Attempt.objects.count() == 1


def test_paid_in_part_cannot_be_switched(client, group, order):
    payment_confirm(attempt=order.sources.get().attempt, amount=1, key="one", by="bank")

    assert switch(client, group, order, "cod").status_code == 409
    assert Attempt.objects.get().state == "pending"


def test_paid_order_cannot_be_switched(client, group, order):
    transfer_confirm_by_hand(consignment=order.consignment, by="kế toán")

    assert switch(client, group, order, "cod").status_code == 409


# -- The end ------------------------------------------------------------------------------------------------------


def test_clock_frees_the_stock_once(client, group, order, listing, run_tasks):
    others = place(basket_of((listing, 3)), provider="cod")
    hold_ends()

    run_tasks()
    client.get(url(group))
    client.get(url(group))

    order.refresh_from_db()
    assert (order.status, order.consignment.state) == ("cancelled", "cancelled")
    assert held(listing) == 3
    assert others.group.members.get().order.status == "pending"


def test_clock_leaves_a_paid_order_alone(group, order, listing, run_tasks):
    transfer_confirm_by_hand(consignment=order.consignment, by="kế toán")
    hold_ends()

    run_tasks()

    order.refresh_from_db()
    assert (order.status, held(listing)) == ("confirmed", 2)


def test_clock_ends_a_partly_paid_order_and_the_part_is_owed_back(group, order, listing, run_tasks):
    payment_confirm(attempt=order.sources.get().attempt, amount=100_000, key="part", by="bank")
    hold_ends()

    run_tasks()

    order.refresh_from_db()
    assert (order.status, held(listing)) == ("cancelled", 0)
    refund = order.refunds.get()
    assert (refund.amount, refund.kind, refund.state) == (100_000, "ended", "owed")


def test_visitor_sees_the_end_even_when_the_clock_is_late(client, group, order, listing):
    hold_ends()

    response = client.get(url(group))

    assert response.context["panels"][0].state == "expired"
    assert said("This order is over", "vi") in page_text(response)
    assert held(listing) == 0
    assert client.get(url(group, order)).status_code == 200
    assert client.get(url(group, order, "qr.png")).status_code == 404
    assert switch(client, group, order, "cod").status_code == 409


def test_one_expired_order_leaves_its_neighbour_open(client, listing):
    group = place(basket_of(listing, listing_make())).group
    first, second = [member.order for member in group.members.all()]
    past = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(source__order=first).update(expires_at=past)

    states = [panel.state for panel in client.get(url(group)).context["panels"]]

    assert states == ["expired", "waiting"]
    second.refresh_from_db()
    assert second.status == "pending"


def test_refusal_is_explained(client, group, order, listing):
    consignment_refuse(consignment=order.consignment, reason="Mưa lớn, vườn ngập", by="xã viên")

    text = page_text(client.get(url(group)))

    assert "Mưa lớn, vườn ngập" in text
    assert held(listing) == 0


def test_page_outlives_product_and_stock(client, group, order, listing):
    """A cooperative may delete what it no longer sells."""
    listing.product.delete()

    assert client.get(url(group)).status_code == 200
    assert client.get(url(group, order)).status_code == 200
