"""What a person decides about money: put it on orders, pay it back, leave it, take the decision back."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.fulfilment.services import consignment_accept, consignment_refuse, consignment_set, order_expire
from shop.messaging.models import Message
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import RefundError, refund_account_set, refund_owe
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.matching import line_match
from shop.reconciliation.services import (
    LineError,
    line_assign,
    line_ignore,
    line_return,
    line_undo,
    refund_cancel,
    refund_settle,
    transfer_confirm,
)
from tests.factories import cooperative_make, listing_make
from tests.factories.bank import line_make, transfer_of

StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db


@pytest.fixture
def unknown(cooperative):
    """Call it with a sum for money without a code."""

    def make(amount, **extra):
        return line_match(line=line_make(cooperative, "cam on shop", amount, **extra))

    return make


def states(order):
    order.refresh_from_db()
    order.consignment.refresh_from_db()
    return order.status, attempts_of(order).first().state, order.consignment.state


def test_assign_in_full(order, unknown):
    line = unknown(120_000)

    for _ in range(2):
        done = line_assign(line=line, shares={order: 120_000}, by="kế toán")

    assert (done.state, done.handled_by) == ("placed", "kế toán")
    assert states(order) == ("confirmed", "confirmed", "new")
    assert (Transaction.objects.count(), Message.objects.filter(kind="money_received").count()) == (1, 1)
    assert AuditEntry.objects.filter(action="line.assigned").count() == 1


def test_split_over_two_orders(order, order_of, listing, unknown):
    other = order_of(listing, 2)

    line_assign(line=unknown(300_000), shares={order: 120_000, other: 180_000}, by="kế toán")

    assert (states(order)[0], states(other)[0]) == ("confirmed", "pending")
    assert (balance_of(order).received, balance_of(other).received) == (120_000, 180_000)


@pytest.mark.parametrize("amounts", [(), (100_000,), (130_000,), (0,), (-5,)])
def test_shares_must_be_the_whole_line(order, unknown, amounts):
    line = unknown(120_000)

    with pytest.raises(LineError, match="sum"):
        line_assign(line=line, shares=dict.fromkeys([order], *amounts) if amounts else {}, by="kế toán")

    line.refresh_from_db()
    assert (line.state, Transaction.objects.count()) == ("open", 0)


def test_assign_to_the_order_of_another_cooperative(order_of, unknown):
    foreign = order_of(listing_make(cooperative_make()))

    with pytest.raises(LineError, match="foreign"):
        line_assign(line=unknown(120_000), shares={foreign: 120_000}, by="kế toán")

    assert not Transaction.objects.exists()


def test_assign_half_works_or_not_at_all(order, order_of, listing, unknown):
    other = order_of(listing)
    transfer_confirm(consignment=other.consignment, by="kế toán")
    line = unknown(240_000)

    with pytest.raises(LineError, match="paid"):
        line_assign(line=line, shares={order: 120_000, other: 120_000}, by="kế toán")

    line.refresh_from_db()
    assert (line.state, balance_of(order).received) == ("open", 0)


def test_assign_to_an_order_in_cash(order_of, listing, unknown):
    order = order_of(listing, provider="cod")

    line_assign(line=unknown(120_000), shares={order: 120_000}, by="kế toán")

    assert states(order) == ("confirmed", "confirmed", "new")
    assert {attempt.provider: attempt.state for attempt in attempts_of(order)} == {
        "cod": "cancelled",
        "vietqr": "confirmed",
    }


def test_assign_late_reopens_while_there_is_stock(order, unknown):
    Attempt.objects.update(expires_at=timezone.now())
    order_expire(order=order)

    line_assign(line=unknown(120_000), shares={order: 120_000}, by="kế toán")

    assert states(order) == ("confirmed", "confirmed", "new")


def test_assign_late_without_stock(order, unknown):
    Attempt.objects.update(expires_at=timezone.now())
    order_expire(order=order)
    StockRecord.objects.update(num_in_stock=0)
    line = unknown(120_000)

    with pytest.raises(LineError, match="no_stock"):
        line_assign(line=line, shares={order: 120_000}, by="kế toán")

    assert states(order) == ("cancelled", "expired", "cancelled")


def test_undo_and_put_it_where_it_belongs(order, order_of, listing):
    other = order_of(listing)
    line = line_match(line=line_make(order.consignment.cooperative, transfer_of(order).memo, 120_000))
    consignment_accept(consignment=order.consignment, by="xã viên")

    line_undo(line=line, by="kế toán")
    line_undo(line=line, by="kế toán")

    assert states(order) == ("pending", "pending", "new")
    assert balance_of(order).received == 0
    line_assign(line=line, shares={other: 120_000}, by="kế toán")
    assert (states(other)[0], balance_of(other).received) == ("confirmed", 120_000)
    line_undo(line=line, by="kế toán")
    line_assign(line=line, shares={order: 120_000}, by="kế toán")
    assert (states(order)[0], balance_of(order).received, balance_of(other).received) == ("confirmed", 120_000, 0)


def test_undo_of_too_much_drops_what_was_owed(order, unknown):
    line = unknown(150_000)
    line_assign(line=line, shares={order: 150_000}, by="kế toán")

    line_undo(line=line, by="kế toán")

    assert Refund.objects.get().state == "dropped"
    assert (balance_of(order).kept, balance_of(order).owed) == (0, 0)


def test_undo_not_once_the_rest_was_paid_back(order, unknown):
    line = unknown(150_000)
    line_assign(line=line, shares={order: 150_000}, by="kế toán")
    refund_settle(refund=Refund.objects.get(), reference="FT9", by="kế toán")

    with pytest.raises(LineError, match="paid_back"):
        line_undo(line=line, by="kế toán")

    assert balance_of(order).kept == 120_000
    assert states(order)[0] == "confirmed"


def test_undo_not_once_the_goods_are_packed(order, unknown):
    line = unknown(120_000)
    line_assign(line=line, shares={order: 120_000}, by="kế toán")
    consignment_set(order.consignment, "packed", "xã viên")

    with pytest.raises(LineError, match="on_the_way"):
        line_undo(line=line, by="kế toán")

    assert balance_of(order).received == 120_000


def test_pay_back_money_without_an_order(unknown):
    line = unknown(555_000, payer_bin="970436", payer_number="0123499999", payer_name="NGUYEN VAN MAU")

    line_return(line=line, reason="chuyển nhầm", by="kế toán")
    line_return(line=line, reason="chuyển nhầm", by="kế toán")

    refund = Refund.objects.get()
    assert (refund.amount, refund.kind, refund.number, refund.state) == (555_000, "unplaced", "0123499999", "owed")
    assert refund_settle(refund=refund, reference="FT77", by="kế toán")
    assert not refund_settle(refund=refund, reference="FT77", by="kế toán")
    line.refresh_from_db()
    assert (line.state, Refund.objects.get().reference) == ("returned", "FT77")
    with pytest.raises(LineError, match="paid_back"):
        line_undo(line=line, by="kế toán")


def test_pay_back_taken_back(unknown):
    line = unknown(555_000)
    line_return(line=line, reason="chuyển nhầm", by="kế toán")

    refund_cancel(refund=Refund.objects.get(), by="kế toán")

    line.refresh_from_db()
    assert (line.state, line.refund, Refund.objects.get().state) == ("open", None, "dropped")
    line_return(line=line, reason="vẫn nhầm", by="kế toán")
    assert Refund.objects.filter(state="owed").count() == 1


def test_leave_it_with_a_reason(unknown):
    line = unknown(555_000)
    with pytest.raises(LineError, match="reason"):
        line_ignore(line=line, reason="  ", by="kế toán")

    line_ignore(line=line, reason="tiền bán phân bón", by="kế toán")

    line.refresh_from_db()
    assert (line.state, line.note) == ("ignored", "tiền bán phân bón")
    assert line_undo(line=line, by="kế toán").state == "open"
    assert [entry.action for entry in AuditEntry.objects.order_by("position")] == ["line.ignored", "line.undone"]


def test_decided_by_another_person_meanwhile(order, unknown):
    line = unknown(120_000)
    line_ignore(line=line, reason="không phải của chợ", by="a")

    for step in (
        lambda: line_assign(line=line, shares={order: 120_000}, by="b"),
        lambda: line_return(line=line, reason="x", by="b"),
    ):
        with pytest.raises(LineError, match="state"):
            step()

    assert not Transaction.objects.exists()


def test_refused_order_owes_its_money_and_the_buyer_sees_the_reference(order):
    transfer_confirm(consignment=order.consignment, by="kế toán")
    consignment_refuse(consignment=order.consignment, reason="mưa bão", by="xã viên")
    refund = Refund.objects.get()
    assert (refund.amount, refund.kind) == (120_000, "ended")

    refund_account_set(refund=refund, bin="970436", number="0123499999", holder="CHI THAO", by="+84901234567")
    assert refund_settle(refund=refund, reference="FT123", by="kế toán")

    assert (balance_of(order).kept, balance_of(order).owed) == (0, 0)
    assert "FT123" in Message.objects.get(kind="money_returned").body
    with pytest.raises(RefundError, match="paid"):
        refund_account_set(refund=refund, bin="970436", number="9", holder="X", by="+84901234567")


def test_never_more_than_was_paid(order):
    transfer_confirm(consignment=order.consignment, by="kế toán")
    line = order.lines.get()
    refund_owe(order=order, amount=50_000, kind="goods", key="1", by="a", lines={line: 1})

    with pytest.raises(RefundError, match="too_much") as refusal:
        refund_owe(order=order, amount=70_001, kind="goods", key="2", by="a")
    with pytest.raises(RefundError, match="quantity"):
        refund_owe(order=order, amount=1_000, kind="goods", key="3", by="a", lines={line: 1})

    assert refusal.value.limit == 70_000
    assert Refund.objects.count() == 1
    assert refund_owe(order=order, amount=50_000, kind="goods", key="1", by="a").pk == Refund.objects.get().pk


def test_line_that_proved_a_confirmation_can_be_taken_off_without_taking_the_money(order):
    transfer_confirm(consignment=order.consignment, by="kế toán")
    line = line_match(line=line_make(order.consignment.cooperative, transfer_of(order).memo, 120_000))

    line_undo(line=line, by="kế toán")

    assert balance_of(order).received == 120_000
    assert BankLine.objects.get().state == "open"


def test_confirmed_by_hand_tells_the_buyer_once(order):
    for _ in range(2):
        transfer_confirm(consignment=order.consignment, by="kế toán")

    assert Message.objects.filter(kind="money_received").count() == 1
