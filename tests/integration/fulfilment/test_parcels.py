"""Every step of a parcel from every state, pressed twice: written once, and a refusal writes nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from oscar.core.loading import get_model

from shop.fulfilment import parcels
from shop.fulfilment.models import Consignment, ConsignmentEvent, ParcelLot
from shop.fulfilment.parcels import Lot, lots_recent, undo_until
from shop.fulfilment.services import (
    FulfilmentError,
    cash_order_call,
    cash_parcel_deliver,
    consignment_accept,
    consignment_deliver,
    consignment_hand_over,
    consignment_pack,
    consignment_reduce,
    consignment_refuse,
    consignment_return,
    consignment_undo,
    transfer_confirm_by_hand,
)
from shop.payment.cod.models import CashBuyer, CashEntry
from shop.payment.refunds.models import Refund
from tests.factories import basket_of, listing_make, place

StockRecord = get_model("partner", "StockRecord")
ShippingEvent = get_model("order", "ShippingEvent")

pytestmark = pytest.mark.django_db

STATES = ("new", "accepted", "packed", "handed_over", "delivered", "returned", "cancelled")
#: Step -> states that it leads on from. From its own end it is the same press once more.
TABLE = {
    "pack": {"accepted": "packed", "packed": "packed"},
    "hand_over": {"packed": "handed_over", "handed_over": "handed_over"},
    "deliver": {"handed_over": "delivered", "delivered": "delivered"},
    "give_back": {"handed_over": "returned", "returned": "returned"},
    "refuse": {"new": "cancelled", "accepted": "cancelled", "packed": "cancelled", "cancelled": "cancelled"},
    "undo_pack": {"packed": "accepted"},
    "undo_hand_over": {"handed_over": "packed"},
}


def pack(parcel, **more):
    return consignment_pack(consignment=parcel, by="a", **more)


def hand_over(parcel, carrier="ghn", tracking="GHN123456", **more):
    return consignment_hand_over(consignment=parcel, carrier=carrier, tracking=tracking, by="a", **more)


def deliver(parcel):
    return consignment_deliver(consignment=parcel, by="a")


def give_back(parcel, **more):
    return consignment_return(consignment=parcel, reason="Không có nhà", by="a", **more)


def refuse(parcel):
    return consignment_refuse(consignment=parcel, reason="Hết hàng", by="a")


def undo_pack(parcel):
    return consignment_undo(consignment=parcel, step="packed", by="a")


def undo_hand_over(parcel):
    return consignment_undo(consignment=parcel, step="handed_over", by="a")


STEPS = {name: globals()[name] for name in TABLE}


def ordered(state="new", provider="vietqr"):
    """A parcel of two units that has come as far as ``state``."""
    listing = listing_make(price=100_000, stock=10)
    parcel = place(basket_of((listing, 2)), provider=provider).group.members.get().order.consignment
    if provider == "vietqr":
        transfer_confirm_by_hand(consignment=parcel, by="kế toán")
    elif state != "new":
        cash_order_call(consignment=parcel, reached=True, by="a")
    way = {
        "new": (),
        "accepted": ("accept",),
        "packed": ("accept", "pack"),
        "handed_over": ("accept", "pack", "hand_over"),
        "delivered": ("accept", "pack", "hand_over", "deliver"),
        "returned": ("accept", "pack", "hand_over", "give_back"),
        "cancelled": ("refuse",),
    }[state]
    for step in way:
        consignment_accept(consignment=parcel, by="a") if step == "accept" else STEPS[step](parcel)
    return Consignment.objects.select_related("order").get(pk=parcel.pk)


def facts(parcel):
    """Everything that a step may write."""
    fresh = Consignment.objects.select_related("order").get(pk=parcel.pk)
    return (
        fresh.state,
        fresh.order.status,
        fresh.tracking,
        list(fresh.events.values_list("kind", flat=True)),
        sorted(fresh.order.shipping_events.values_list("event_type__code", flat=True)),
        stock(fresh),
        list(Refund.objects.values_list("kind", "state", "amount")),
    )


def stock(parcel):
    record = parcel.order.lines.get().stockrecord
    record.refresh_from_db()
    return record.num_in_stock, record.num_allocated or 0


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", TABLE)
def test_every_step_from_every_state_twice(step, state, monkeypatch):
    parcel = ordered(state)
    told = []
    for module in ("parcels", "services"):
        monkeypatch.setattr(f"shop.fulfilment.{module}.parcel_news", lambda _parcel, kind: told.append(kind))
    before = facts(parcel)
    ends = TABLE[step].get(state)
    if ends is None:
        for _ in range(2):
            with pytest.raises(FulfilmentError) as refused:
                STEPS[step](parcel)
            assert refused.value.code == state
        assert facts(parcel) == before
        assert told == []
        return
    assert STEPS[step](parcel).state == ends
    once = facts(parcel)
    assert once[0] == ends
    assert (once == before) is (state == ends)
    assert len(told) == (state != ends)
    assert STEPS[step](parcel).state == ends
    assert facts(parcel) == once


def test_a_transfer_all_the_way():
    parcel = ordered("delivered")

    events = ["placed", "paid", "accepted", "packed", "handed_over", "delivered"]
    shipped = ["delivered", "handed_over", "packed"]
    assert facts(parcel) == ("delivered", "completed", "GHN123456", events, shipped, (8, 0), [])
    assert parcel.events.get(kind="handed_over").note == "Giao Hàng Nhanh (GHN) · GHN123456"
    assert parcel.tracking_url == "https://donhang.ghn.vn/?order_code=GHN123456"
    event = ShippingEvent.objects.get(event_type__code="handed_over")
    assert event.notes == "Giao Hàng Nhanh (GHN) · GHN123456"
    assert [row.quantity for row in event.line_quantities.all()] == [2]
    assert CashEntry.objects.count() == 0


def test_cash_all_the_way_stays_in_its_own_ledger():
    parcel = ordered("handed_over", "cod")
    with pytest.raises(FulfilmentError, match="unpaid"):
        deliver(parcel)

    for _ in range(2):
        cash_parcel_deliver(consignment=parcel, carrier="Xe Tâm", by="a")

    kinds = ["placed", "called", "accepted", "packed", "handed_over", "delivered"]
    assert facts(parcel)[:2] == ("delivered", "completed")
    assert facts(parcel)[3:] == (kinds, ["delivered", "handed_over", "packed"], (8, 0), [])
    assert CashEntry.objects.get().amount == 220_000


@pytest.mark.parametrize(("is_spoilt", "left"), [(False, (10, 0)), (True, (8, 0))])
@pytest.mark.parametrize("is_refused", [False, True])
def test_returned_after_a_transfer(is_spoilt, left, is_refused):
    parcel = ordered("handed_over")

    give_back(parcel, is_spoilt=is_spoilt, is_refused=is_refused)

    state, order, _number, kinds, shipped, shelf, owed = facts(parcel)
    assert (state, order, shelf) == ("returned", "cancelled", left)
    assert kinds[-1] == ("door_refused" if is_refused else "returned")
    assert shipped == ["handed_over", "packed", "returned"]
    assert owed == [("ended", "owed", 220_000)]
    assert Refund.objects.get().reason == "Không có nhà"
    assert CashBuyer.objects.count() == 0


@pytest.mark.parametrize(("is_refused", "refusals"), [(True, 1), (False, 0)])
def test_cash_that_comes_back(is_refused, refusals):
    parcel = ordered("handed_over", "cod")

    for _ in range(2):
        give_back(parcel, is_refused=is_refused)

    assert facts(parcel)[5:] == ((10, 0), [])
    assert CashBuyer.objects.get().refusals == refusals


def test_pickup_needs_no_carrier():
    parcel = ordered("packed")
    Consignment.objects.update(is_pickup=True)

    consignment_hand_over(consignment=parcel, by="a")

    parcel.refresh_from_db()
    assert (parcel.state, parcel.carrier, parcel.events.last().note) == ("handed_over", "", "")


@pytest.mark.parametrize(
    ("carrier", "tracking", "code"),
    [
        ("", "GHN1234", "carrier"),
        ("pigeon", "", "carrier"),
        ("ghn", "a b", "tracking"),
        ("ghn", "<script>", "tracking"),
    ],
)
def test_a_carrier_that_nobody_knows(carrier, tracking, code):
    parcel = ordered("packed")
    before = facts(parcel)

    with pytest.raises(FulfilmentError) as refused:
        hand_over(parcel, carrier, tracking)

    assert refused.value.code == code
    assert facts(parcel) == before


def test_own_driver_keeps_the_name():
    parcel = hand_over(ordered("packed"), "own", "", carrier_name="Anh Tư")

    with translation.override("en"):
        assert (parcel.carried_by, parcel.tracking_url) == ("Our own driver: Anh Tư", "")
    assert parcel.events.last().note == "Anh Tư"


def test_lots_of_lines_and_those_used_last():
    parcel = ordered("accepted")
    line = parcel.order.lines.get()
    stranger = ordered("accepted").order.lines.get()
    lot = Lot("VS-1124", date(2026, 11, 23))

    pack(parcel, lots={line.pk: lot, stranger.pk: Lot("X")})

    assert [(row.line, row.code, row.made_on) for row in ParcelLot.objects.all()] == [(line, *vars(lot).values())]
    assert lots_recent(parcel.cooperative) == [lot]
    assert lots_recent(stranger.order.consignment.cooperative) == []
    undo_pack(parcel)
    assert ParcelLot.objects.count() == 0


def test_undone_twice_takes_back_one_step_and_the_way_goes_on():
    parcel = ordered("handed_over")
    for _ in range(2):
        undo_hand_over(parcel)
    assert facts(parcel)[0] == "packed"
    undo_pack(parcel)
    pack(parcel)
    hand_over(parcel, "viettel", "VTP-99887")
    deliver(parcel)

    state, _order, number, _kinds, shipped, shelf, _owed = facts(parcel)
    assert (state, number, shipped) == ("delivered", "VTP-99887", ["delivered", "handed_over", "packed"])
    assert shelf == (8, 0)


def test_undo_ends_after_ten_minutes():
    parcel = ordered("packed")
    assert undo_until(parcel) == parcel.events.last().at + timedelta(minutes=10)
    ConsignmentEvent.objects.update(at=timezone.now() - timedelta(minutes=10, seconds=1))
    before = facts(parcel)

    with pytest.raises(FulfilmentError, match="undo_late"):
        undo_pack(parcel)

    assert facts(parcel) == before
    assert undo_until(Consignment.objects.get(pk=parcel.pk)) is None


@pytest.mark.parametrize("step", ["new", "accepted", "delivered", "", "x"])
def test_nothing_else_is_undone(step):
    parcel = ordered("packed")

    with pytest.raises(FulfilmentError, match="packed"):
        consignment_undo(consignment=parcel, step=step, by="a")

    assert facts(parcel)[0] == "packed"


def test_stock_short_of_what_left_is_the_shelf_not_the_neighbours_hold():
    """Two orders of one product: what one consumes or frees is its own."""
    listing = listing_make(price=100_000, stock=4)
    pair = []
    for _ in range(2):
        parcel = place(basket_of((listing, 2))).group.members.get().order.consignment
        transfer_confirm_by_hand(consignment=parcel, by="a")
        consignment_accept(consignment=parcel, by="a")
        pair.append(parcel)
    for parcel in pair:
        pack(parcel)
        hand_over(parcel)
    deliver(pair[0])
    give_back(pair[1])

    assert stock(pair[0]) == (2, 0)


def test_search_text_holds_name_telephone_and_number():
    parcel = ordered()

    assert parcel.search_text == f" chi thao 0901234567 {parcel.order.number.lower()} "


def test_reduce_is_no_step_back():
    parcel = ordered("handed_over")
    with pytest.raises(FulfilmentError, match="handed_over"):
        consignment_reduce(consignment=parcel, quantities={parcel.order.lines.get().pk: 1}, reason="x", by="a")
    assert parcels.BACK["packed"] == "accepted"
