"""From a bank line to the order: every outcome, what is credited, what the buyer is told, what a person has to do."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.services import order_cancel_by_buyer, order_expire, transfer_confirm_by_hand
from shop.messaging.models import Message
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, balance_of
from shop.payment.refunds.models import Refund
from shop.payment.services import provider_switch
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.matching import line_match
from shop.reconciliation.tasks import lines_match
from tests.factories import cooperative_make, listing_make
from tests.factories.bank import line_make, transfer_of

StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db


def pay(order, amount, memo="", **extra):
    """A movement on the cooperative's account with the order's code, matched."""
    cooperative = extra.pop("cooperative", order.consignment.cooperative)
    line = line_make(cooperative, memo or f"MBVCB.123.{transfer_of(order).memo}.CT tu 0123", amount, **extra)
    return line_match(line=line)


def states(order):
    order.refresh_from_db()
    order.consignment.refresh_from_db()
    return order.status, attempts_of(order).first().state, order.consignment.state


def credited(order):
    return balance_of(order).received


def messages():
    return list(Message.objects.filter(kind="money_received").values_list("body", flat=True))


def held(listing):
    return StockRecord.objects.get(product=listing.product).num_allocated or 0


def expire(order):
    Attempt.objects.filter(source__order=order).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert order_expire(order=order)


def test_exact(order):
    line = pay(order, 120_000)

    assert (line.state, line.outcome, line.how) == ("placed", "exact", "whole")
    assert states(order) == ("confirmed", "confirmed", "new")
    assert (credited(order), len(messages())) == (120_000, 1)
    assert Transaction.objects.get().reference == line.foreign_id
    assert [event.kind for event in order.consignment.events.all()] == ["placed", "paid"]


def test_the_same_line_matched_twice_credits_once(order):
    line = pay(order, 120_000)

    line_match(line=line)

    assert (credited(order), Transaction.objects.count(), len(messages())) == (120_000, 1, 1)


def test_underpaid_then_the_rest(order):
    first = pay(order, 100_000)

    assert (first.state, first.outcome) == ("placed", "short")
    assert states(order) == ("pending", "pending", "new")
    assert "20.000" in messages()[0]
    assert attempts_of(order).get().expires_at > timezone.now() + timedelta(hours=23)

    second = pay(order, 20_000)

    assert (second.state, second.outcome) == ("placed", "exact")
    assert states(order) == ("confirmed", "confirmed", "new")
    assert credited(order) == 120_000


def test_part_that_is_never_completed_is_owed_back(order, listing):
    pay(order, 100_000)

    expire(order)

    assert states(order) == ("cancelled", "expired", "cancelled")
    refund = Refund.objects.get()
    assert (refund.amount, refund.kind, refund.state, refund.order) == (100_000, "ended", "owed", order)
    assert held(listing) == 0


def test_overpaid(order):
    line = pay(order, 150_000)

    assert (line.state, line.outcome) == ("placed", "over")
    assert states(order) == ("confirmed", "confirmed", "new")
    refund = Refund.objects.get()
    assert (refund.amount, refund.kind, refund.state) == (30_000, "excess", "owed")
    assert balance_of(order).kept == 150_000


def test_late_and_the_goods_are_still_there(order, listing):
    expire(order)

    line = pay(order, 120_000)

    assert (line.state, line.outcome) == ("placed", "late")
    assert states(order) == ("confirmed", "confirmed", "new")
    assert held(listing) == 1
    assert "late" in messages()[0] or "trễ" in messages()[0]


def test_late_and_the_goods_are_gone(order, listing):
    expire(order)
    StockRecord.objects.update(num_in_stock=0)

    line = pay(order, 120_000)

    assert (line.state, line.outcome, line.is_likely) == ("open", "late", True)
    assert states(order) == ("cancelled", "expired", "cancelled")
    assert (credited(order), held(listing), messages()) == (0, 0, [])


def test_late_part_waits_for_a_person(order):
    expire(order)

    line = pay(order, 60_000)

    assert (line.state, line.outcome) == ("open", "late")
    assert (states(order)[0], credited(order)) == ("cancelled", 0)


def test_late_rest_completes_the_part_that_was_owed_back(order):
    pay(order, 100_000)
    expire(order)

    line = pay(order, 20_000)

    assert (line.state, line.outcome) == ("placed", "late")
    assert states(order) == ("confirmed", "confirmed", "new")
    assert (balance_of(order).kept, balance_of(order).owed) == (120_000, 0)
    assert Refund.objects.get().state == "dropped"


def test_late_in_full_after_a_part_owes_the_part_back(order):
    pay(order, 100_000)
    expire(order)

    pay(order, 120_000)

    assert states(order)[0] == "confirmed"
    assert (balance_of(order).kept, balance_of(order).owed) == (220_000, 100_000)


def test_ignore_cancelled(order, listing):
    order_cancel_by_buyer(order=order, by="+84901234567")

    line = pay(order, 120_000)

    assert (line.state, line.outcome, line.is_likely) == ("open", "cancelled", True)
    assert states(order) == ("cancelled", "cancelled", "cancelled")
    assert (credited(order), held(listing)) == (0, 0)


def test_duplicate(order):
    pay(order, 120_000)

    again = pay(order, 120_000)

    assert (again.state, again.outcome) == ("open", "duplicate")
    assert (credited(order), len(messages())) == (120_000, 1)


def test_line_proves_what_a_person_confirmed(order):
    transfer_confirm_by_hand(consignment=order.consignment, by="kế toán")

    line = pay(order, 120_000)

    assert (line.state, line.outcome, line.how) == ("placed", "exact", "by_hand")
    assert (credited(order), Transaction.objects.count()) == (120_000, 1)
    assert pay(order, 120_000).outcome == "duplicate"


def test_keep_unmatched(order, cooperative):
    strange = line_match(line=line_make(cooperative, "tien phan bon thang 11", 555_000))
    same_sum = line_match(line=line_make(cooperative, "tien mua vu sua", 120_000))

    assert (strange.state, strange.outcome, strange.is_likely) == ("open", "unknown", False)
    assert (same_sum.state, same_sum.outcome, same_sum.is_likely) == ("open", "unknown", True)
    assert credited(order) == 0


def test_code_of_another_cooperative(order):
    other = cooperative_make()

    line = pay(order, 120_000, cooperative=other)

    assert (line.state, line.outcome) == ("open", "wrong_cooperative")
    assert (states(order)[0], credited(order)) == ("pending", 0)


def test_two_orders_in_one_transfer(listing, order_of, order):
    other = order_of(listing, 2)
    memo = f"{transfer_of(order).memo} {transfer_of(other).memo}"

    line = pay(order, 120_000 + 220_000, memo)

    assert (line.state, line.outcome, line.how) == ("placed", "exact", "split")
    assert (credited(order), credited(other)) == (120_000, 220_000)
    assert {states(order)[0], states(other)[0]} == {"confirmed"}


def test_two_orders_and_another_sum_wait_for_a_person(listing, order_of, order):
    other = order_of(listing, 2)

    line = pay(order, 300_000, f"{transfer_of(order).memo} {transfer_of(other).memo}")

    assert (line.state, line.outcome) == ("open", "ambiguous")
    assert (credited(order), credited(other)) == (0, 0)


def test_paid_by_the_code_after_choosing_cash(order):
    provider_switch(order=order, provider_code="cod", by="+84901234567")

    line = pay(order, 120_000)

    assert (line.state, line.outcome) == ("placed", "exact")
    assert {attempt.provider: attempt.state for attempt in attempts_of(order)} == {
        "vietqr": "confirmed",
        "cod": "cancelled",
    }
    assert order.status == "pending" or states(order)[0] == "confirmed"
    assert credited(order) == 120_000


def test_part_by_the_code_after_choosing_cash_waits_for_a_person(order):
    provider_switch(order=order, provider_code="cod", by="+84901234567")

    line = pay(order, 50_000)

    assert (line.state, credited(order)) == ("open", 0)
    assert attempts_of(order).first().provider == "cod"


def test_told_by_two_sources_credits_once(order):
    memo = f"IBFT {transfer_of(order).memo} NGUYEN VAN A"
    first = pay(order, 60_000, memo, reference="FT1")
    second = pay(order, 60_000, memo[:28], feed="statement", occurred_at=timezone.now() - timedelta(hours=9))

    assert (first.state, second.state, second.twin_of_id) == ("placed", "twin", first.pk)
    assert credited(order) == 60_000


def test_two_equal_payments_told_by_two_sources_stay_two(order):
    memo = transfer_of(order).memo
    lines = [pay(order, 60_000, memo, feed=feed) for feed in ("sepay", "sepay", "statement", "statement")]

    assert [line.state for line in lines] == ["placed", "placed", "twin", "twin"]
    assert credited(order) == 120_000


def test_many_lines_without_a_code_are_set_aside_together(order, cooperative, django_assert_max_num_queries):
    for n in range(300):
        line_make(cooperative, f"thanh toan tien hang {n}", 1_000 + n, feed="statement")
    line_make(cooperative, transfer_of(order).memo, 120_000, feed="statement")
    line_make(cooperative, "ck", 120_000, feed="statement")

    with django_assert_max_num_queries(80):
        assert lines_match(cooperative.pk) == 302

    assert BankLine.objects.filter(state="open", outcome="unknown").count() == 301
    assert BankLine.objects.filter(state="placed").count() == 1


def test_sum_that_no_order_can_hold_waits_for_a_person(order):
    line = pay(order, 10_000_000_000)

    assert (line.state, credited(order)) == ("open", 0)


def test_free_listing_is_not_touched_by_strange_money(cooperative):
    listing = listing_make(cooperative, price=1)

    assert line_match(line=line_make(cooperative, "x" * 1000, 1)).state == "open"
    assert held(listing) == 0
