"""The cooperative's side of an order: each step once, and what ends an order frees its stock once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.services import (
    FulfilmentError,
    cash_order_call,
    consignment_accept,
    consignment_refuse,
    order_cancel_by_buyer,
    order_expire,
    orders_expire_unpaid,
    transfer_confirm_by_hand,
)
from shop.payment.attempts.models import Attempt
from shop.payment.services import attempts_of, paid_amount, payment_confirm
from tests.factories import basket_of, listing_make, place

StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return listing_make(price=100_000, stock=10)


def ordered(listing, provider="vietqr"):
    """The consignment of two units."""
    return place(basket_of((listing, 2)), provider=provider).group.members.get().order.consignment


def held(listing):
    return StockRecord.objects.get(product=listing.product).num_allocated


def hold_ends():
    Attempt.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now() - timedelta(seconds=1))


def kinds(consignment):
    """The history in words."""
    return list(consignment.events.values_list("kind", flat=True))


def states(consignment):
    """Order, latest attempt, consignment."""
    fresh = Consignment.objects.select_related("order").get(pk=consignment.pk)
    return fresh.order.status, attempts_of(fresh.order).first().state, fresh.state


def test_unpaid_transfer_cannot_be_accepted(listing):
    parcel = ordered(listing)

    with pytest.raises(FulfilmentError, match="unpaid"):
        consignment_accept(consignment=parcel, by="a")

    assert states(parcel) == ("pending", "pending", "new")
    assert kinds(parcel) == ["placed"]


def test_cash_order_is_confirmed_by_accepting_it_once(listing):
    parcel = ordered(listing, "cod")
    with pytest.raises(FulfilmentError, match="call_first"):
        consignment_accept(consignment=parcel, by="a")
    assert states(parcel) == ("pending", "pending", "new")

    cash_order_call(consignment=parcel, reached=False, by="a")
    cash_order_call(consignment=parcel, reached=True, by="a")
    cash_order_call(consignment=parcel, reached=True, by="a")
    consignment_accept(consignment=parcel, by="a")
    consignment_accept(consignment=parcel, by="b")

    assert states(parcel) == ("confirmed", "pending", "accepted")
    assert kinds(parcel) == ["placed", "not_reached", "called", "accepted"]


def test_confirmed_by_hand_then_accepted(listing):
    parcel = ordered(listing)

    transfer_confirm_by_hand(consignment=parcel, by="kế toán")
    transfer_confirm_by_hand(consignment=parcel, by="kế toán")
    consignment_accept(consignment=parcel, by="a")

    assert states(parcel) == ("confirmed", "confirmed", "accepted")
    assert kinds(parcel) == ["placed", "paid", "accepted"]
    source = attempts_of(parcel.order).get().source
    assert paid_amount(source) == 220_000
    assert source.transactions.get().key.by == "kế toán"


def test_by_hand_books_only_what_is_missing(listing):
    parcel = ordered(listing)
    payment_confirm(attempt=attempts_of(parcel.order).get(), amount=200_000, key="bank", by="bank")

    transfer_confirm_by_hand(consignment=parcel, by="kế toán")

    amounts = attempts_of(parcel.order).get().source.transactions.order_by("pk").values_list("amount", flat=True)
    assert [int(amount) for amount in amounts] == [200_000, 20_000]


def test_by_hand_after_the_end(listing):
    parcel = ordered(listing)
    hold_ends()
    order_expire(order=parcel.order)

    with pytest.raises(FulfilmentError, match="expired"):
        transfer_confirm_by_hand(consignment=parcel, by="kế toán")

    assert states(parcel) == ("cancelled", "expired", "cancelled")


def test_refuse_frees_once_and_keeps_the_reason(listing):
    other = ordered(listing)
    parcel = ordered(listing)

    consignment_refuse(consignment=parcel, reason="Mưa lớn", by="a")
    consignment_refuse(consignment=parcel, reason="Lần hai", by="b")

    parcel.refresh_from_db()
    assert states(parcel) == ("cancelled", "cancelled", "cancelled")
    assert (parcel.reason, kinds(parcel)) == ("Mưa lớn", ["placed", "refused"])
    assert held(listing) == 2
    assert states(other) == ("pending", "pending", "new")


def test_refuse_a_paid_order_keeps_the_money_on_record(listing):
    parcel = ordered(listing)
    transfer_confirm_by_hand(consignment=parcel, by="kế toán")

    consignment_refuse(consignment=parcel, reason="Hết hàng", by="a")

    assert states(parcel) == ("cancelled", "confirmed", "cancelled")
    assert paid_amount(attempts_of(parcel.order).get().source) == 220_000
    assert held(listing) == 0


@pytest.mark.parametrize("state", ["handed_over", "delivered", "returned"])
def test_too_late_to_refuse(listing, state):
    parcel = ordered(listing, "cod")
    Consignment.objects.update(state=state)

    with pytest.raises(FulfilmentError, match=state):
        consignment_refuse(consignment=parcel, reason="x", by="a")

    assert held(listing) == 2


def test_long_reason_fits(listing):
    consignment_refuse(consignment=ordered(listing), reason="Mưa " * 200, by="x" * 400)

    assert len(ConsignmentEvent.objects.get(kind="refused").note) == 300


def test_buyer_cancels_before_anything_happened(listing):
    parcel = ordered(listing)

    order_cancel_by_buyer(order=parcel.order, by="+84901234567")
    order_cancel_by_buyer(order=parcel.order, by="+84901234567")

    assert states(parcel) == ("cancelled", "cancelled", "cancelled")
    assert kinds(parcel) == ["placed", "withdrawn"]
    assert held(listing) == 0


@pytest.mark.parametrize("begun", ["paid", "part", "accepted"])
def test_buyer_cancels_too_late(listing, begun):
    parcel = ordered(listing, "cod" if begun == "accepted" else "vietqr")
    if begun == "accepted":
        cash_order_call(consignment=parcel, reached=True, by="a")
        consignment_accept(consignment=parcel, by="a")
    elif begun == "paid":
        transfer_confirm_by_hand(consignment=parcel, by="a")
    else:
        payment_confirm(attempt=attempts_of(parcel.order).get(), amount=1, key="bank", by="bank")

    with pytest.raises(FulfilmentError, match="too_late"):
        order_cancel_by_buyer(order=parcel.order, by="+84901234567")

    assert held(listing) == 2


def test_expire_only_when_the_hold_is_over(listing):
    parcel = ordered(listing)
    assert order_expire(order=parcel.order) is False

    hold_ends()

    assert order_expire(order=parcel.order) is True
    assert order_expire(order=parcel.order) is False
    assert kinds(parcel) == ["placed", "expired"]
    assert held(listing) == 0


def test_cash_never_expires(listing):
    parcel = ordered(listing, "cod")
    hold_ends()

    assert order_expire(order=parcel.order) is False
    assert held(listing) == 2


def test_command_expires_all_that_are_overdue_and_nothing_else(listing, capsys):
    late, later = ordered(listing), ordered(listing)
    cash, paid, fresh = ordered(listing, "cod"), ordered(listing), None
    transfer_confirm_by_hand(consignment=paid, by="a")
    hold_ends()
    fresh = ordered(listing)

    call_command("expire_unpaid")

    assert "2 expired" in capsys.readouterr().out
    assert orders_expire_unpaid() == 0
    assert [states(parcel)[0] for parcel in (late, later, cash, paid, fresh)] == [
        "cancelled",
        "cancelled",
        "pending",
        "confirmed",
        "pending",
    ]
    assert held(listing) == 6


def test_freed_units_can_be_ordered_again():
    listing = listing_make(stock=2)
    parcel = ordered(listing)
    consignment_refuse(consignment=parcel, reason="Nhầm", by="a")

    assert states(ordered(listing)) == ("pending", "pending", "new")
    assert held(listing) == 2


def test_stock_sent_and_refilled_is_not_touched_by_a_refusal_elsewhere(listing):
    """Freeing gives back what this order holds, whatever the shelf says by now."""
    parcel = ordered(listing)
    StockRecord.objects.update(num_in_stock=0)

    consignment_refuse(consignment=parcel, reason="Nhầm", by="a")

    record = StockRecord.objects.get()
    assert (record.num_in_stock, record.num_allocated) == (0, 0)
