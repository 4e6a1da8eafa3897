"""Fewer goods: every sum holds to the dong, what was paid too much is owed back, and the stock is free again."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from shop.fulfilment.models import Consignment, Reduction
from shop.fulfilment.reducing import share_of
from shop.fulfilment.services import (
    FulfilmentError,
    cash_order_call,
    cash_parcel_deliver,
    consignment_accept,
    consignment_pack,
    consignment_reduce,
    transfer_confirm_by_hand,
)
from shop.payment.books import attempts_of, balance_of
from shop.payment.cod.models import CashEntry
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_owe
from shop.payment.services import payment_confirm, payment_reverse
from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.integration.checkout.offers import offer_make

Line = get_model("order", "Line")

pytestmark = pytest.mark.django_db


def ordered(*goods, provider="vietqr", is_paid=True):
    """A parcel with these (price, units)."""
    shop = cooperative_make()
    listings = [(listing_make(shop, price=price, stock=20), units) for price, units in goods or [(100_000, 3)]]
    parcel = place(basket_of(*listings), provider=provider).group.members.get().order.consignment
    if is_paid and provider == "vietqr":
        transfer_confirm_by_hand(consignment=parcel, by="kế toán")
    return Consignment.objects.select_related("order").get(pk=parcel.pk)


def reduce(parcel, *quantities, reason="Mưa, hái không đủ"):
    pks = parcel.order.lines.order_by("pk").values_list("pk", flat=True)
    wanted = dict(zip(pks, quantities, strict=True))
    return consignment_reduce(consignment=parcel, quantities=wanted, reason=reason, by="a")


def held(parcel):
    return [
        (line.quantity, line.num_allocated, line.stockrecord.num_allocated)
        for line in parcel.order.lines.order_by("pk").select_related("stockrecord")
    ]


def snapshot(parcel):
    parcel = Consignment.objects.select_related("order").get(pk=parcel.pk)
    lines = parcel.order.lines.order_by("pk").values_list("quantity", "num_allocated", "line_price_incl_tax")
    attempts = attempts_of(parcel.order).values_list("state", "source__amount_allocated")
    return (
        parcel.state, parcel.order.status, parcel.order.total_incl_tax, list(lines), list(attempts),
        Reduction.objects.count(), Refund.objects.count(), parcel.events.count(),
    )  # fmt: skip


def test_paid_and_reduced_owes_the_difference_once():
    parcel = ordered((100_000, 3), (70_000, 2))
    total = parcel.order.total_dong

    first = reduce(parcel, 1, 2)
    again = reduce(parcel, 1, 2)

    assert again == first
    parcel.order.refresh_from_db()
    assert (parcel.order.total_dong, parcel.order.status) == (total - 200_000, "confirmed")
    assert (first.difference, first.owed, first.reason) == (200_000, 200_000, "Mưa, hái không đủ")
    assert [row["was"] for row in first.changes] == [3]
    assert [row["now"] for row in first.changes] == [1]
    refund = Refund.objects.get()
    assert (refund.kind, refund.amount, refund.state, refund.reason) == ("excess", 200_000, "owed", first.reason)
    assert held(parcel) == [(1, 1, 1), (2, 2, 2)]
    assert list(parcel.events.values_list("kind", flat=True)) == ["placed", "paid", "reduced"]


def test_unpaid_transfer_asks_for_less():
    parcel = ordered(is_paid=False)

    assert reduce(parcel, 2).owed == 0

    attempt = attempts_of(parcel.order).get()
    assert (attempt.state, int(attempt.source.amount_allocated)) == ("pending", 220_000)
    payment_confirm(attempt=attempt, amount=220_000, key="bank", by="bank")
    parcel.order.refresh_from_db()
    assert (parcel.order.status, balance_of(parcel.order).returnable, Refund.objects.count()) == (
        "confirmed",
        220_000,
        0,
    )


def test_a_part_that_is_enough_now_confirms_the_order():
    parcel = ordered(is_paid=False)
    payment_confirm(attempt=attempts_of(parcel.order).get(), amount=150_000, key="bank", by="bank")

    reduction = reduce(parcel, 1)

    parcel.order.refresh_from_db()
    assert (parcel.order.status, parcel.order.total_dong, reduction.owed) == ("confirmed", 120_000, 30_000)
    assert attempts_of(parcel.order).get().state == "confirmed"


def test_cash_at_the_door_follows():
    parcel = ordered(provider="cod")
    cash_order_call(consignment=parcel, reached=True, by="a")
    consignment_accept(consignment=parcel, by="a")

    assert reduce(parcel, 1).owed == 0
    cash_parcel_deliver(consignment=parcel, carrier="Xe Tâm", by="a")

    assert CashEntry.objects.get().amount == 120_000
    assert Line.objects.get().stockrecord.num_in_stock == 19


def test_a_packed_line_that_is_gone():
    parcel = ordered((100_000, 2), (50_000, 2))
    consignment_accept(consignment=parcel, by="a")
    consignment_pack(consignment=parcel, by="a")

    reduce(parcel, 0, 1)

    event = parcel.order.shipping_events.get()
    assert [row.quantity for row in event.line_quantities.all()] == [1]
    assert held(parcel) == [(0, 0, 0), (1, 1, 1)]
    reduce(parcel, 0, 1)
    assert Refund.objects.get().amount == 250_000


@pytest.mark.parametrize(
    ("quantities", "code"), [((0, 0), "none_left"), ((4, 1), "more"), ((-1, 1), "more"), ((3, 3), "more")]
)
def test_what_is_no_reduction_changes_nothing(quantities, code):
    parcel = ordered((100_000, 3), (70_000, 2))
    before = snapshot(parcel)

    with pytest.raises(FulfilmentError) as refused:
        reduce(parcel, *quantities)

    assert refused.value.code == code
    assert snapshot(parcel) == before


def test_lines_of_another_order_are_refused():
    parcel, other = ordered(), ordered()
    before = snapshot(other)

    with pytest.raises(FulfilmentError, match="line"):
        consignment_reduce(consignment=parcel, quantities={other.order.lines.get().pk: 1}, reason="x", by="a")

    assert snapshot(other) == before


def test_units_whose_money_went_back_stay():
    parcel = ordered()
    line = parcel.order.lines.get()
    refund_owe(order=parcel.order, amount=200_000, kind="goods", key="g", by="a", lines={line: 2})

    with pytest.raises(FulfilmentError, match="paid_back"):
        reduce(parcel, 1)

    assert reduce(parcel, 2).owed == 100_000
    assert balance_of(parcel.order).returnable == 20_000


def test_a_payment_page_that_is_open_asks_for_the_old_sum():
    parcel = ordered(is_paid=False)
    attempts_of(parcel.order).update(provider="stripe")
    before = snapshot(parcel)

    with pytest.raises(FulfilmentError, match="card_open"):
        reduce(parcel, 1)

    assert snapshot(parcel) == before


def test_money_taken_off_a_reduced_order_lets_it_wait_for_the_rest():
    parcel = ordered(is_paid=False)
    entry = payment_confirm(attempt=attempts_of(parcel.order).get(), amount=320_000, key="bank", by="bank")
    reduce(parcel, 1)

    assert payment_reverse(entry=entry, by="a")

    parcel.order.refresh_from_db()
    assert (parcel.order.status, Refund.objects.get().state) == ("pending", "dropped")
    assert int(attempts_of(parcel.order).get().source.amount_allocated) == 120_000


@given(st.integers(0, 10**9), st.integers(1, 500), st.data())
def test_a_share_is_never_more_than_there_is(dong, units, data):
    part = data.draw(st.integers(0, units))
    share = share_of(dong, part, units)

    assert share * units >= dong * part > (share - 1) * units
    assert (share_of(dong, 0, units), share_of(dong, units, units)) == (0, dong)


goods = st.lists(st.tuples(st.sampled_from([999, 45_500, 100_001]), st.integers(1, 4)), min_size=1, max_size=3)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(goods=goods, percent=st.sampled_from([0, 7, 33]), is_paid=st.booleans(), data=st.data())
def test_sums_hold_whatever_is_taken_out(goods, percent, is_paid, data):
    """Down in one or two goes: lines, discounts, total and what is owed agree, and a line is never dearer."""
    with transaction.atomic():
        if percent:
            offer_make("Percentage", percent)
        parcel = ordered(*goods, is_paid=is_paid)
        total, delivery = parcel.order.total_dong, parcel.order.shipping_dong
        left = [units for _price, units in goods]
        for _ in range(2):
            left = [data.draw(st.integers(0, units)) for units in left]
            if any(left):
                reduce(parcel, *left)
                sums_hold(parcel, total, delivery, is_paid)
        transaction.set_rollback(True)


def sums_hold(parcel, total, delivery, is_paid):
    """Reckoned from the rows."""
    parcel.order.refresh_from_db()
    lines = list(parcel.order.lines.prefetch_related("discounts", "prices"))
    for line in lines:
        off = int(line.line_price_before_discounts_incl_tax - line.line_price_incl_tax)
        assert 0 <= off <= line.line_price_before_discounts_incl_tax == line.quantity * line.unit_price_incl_tax
        assert sum(int(row.amount) for row in line.discounts.all()) == off
        assert sum(row.quantity for row in line.prices.all()) == line.quantity
    assert parcel.order.shipping_dong == delivery
    assert parcel.order.total_dong == sum(int(line.line_price_incl_tax) for line in lines) + delivery
    assert parcel.order.total_excl_tax == parcel.order.total_incl_tax
    noted = sum(int(row.amount) for row in parcel.order.discounts.all())
    assert noted == sum(int(row.amount) for line in lines for row in line.discounts.all())
    assert sum(Refund.objects.values_list("amount", flat=True)) == (total - parcel.order.total_dong if is_paid else 0)
    assert all(line.num_allocated == line.quantity == line.stockrecord.num_allocated for line in lines)
