"""Whatever happens in whatever order, no dong is lost: random lives of orders, checked after every step.

A sequence begins with one purchase from two cooperatives and a second one from the first of them, and then lets
buyers, banks, carriers, cooperatives and the clock do up to 12 things. What a rule forbids must leave everything as it
was; what it allows must keep the books in balance. STRESS=1 runs 2,000 sequences instead of 25.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.checkout.services import payment_switch, transfer_claim
from shop.fulfilment.models import Reduction
from shop.fulfilment.services import (
    FulfilmentError,
    cash_order_call,
    cash_parcel_deliver,
    cash_parcel_refuse,
    consignment_accept,
    consignment_deliver,
    consignment_hand_over,
    consignment_pack,
    consignment_reduce,
    consignment_refuse,
    consignment_return,
    order_cancel_by_buyer,
    order_expire,
)
from shop.messaging.models import Message
from shop.order.models import Order
from shop.payment.attempts.models import Attempt, TransactionKey
from shop.payment.books import REVERSAL, attempts_of, balance_of
from shop.payment.cod.models import CashEntry
from shop.payment.cod.services import CashError, cash_hand_over
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import RefundError, refund_owe
from shop.payment.services import PaymentError
from shop.payment.vietqr.models import BankLine, LineShare
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
from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
from tests.factories.bank import line_make, transfer_of

StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")

pytestmark = pytest.mark.django_db

SEQUENCES = 2_000 if os.environ.get("STRESS") else 25
REFUSALS = (FulfilmentError, PaymentError, RefundError, LineError, CashError)
BY = "kế toán"
which = st.integers(0, 2)
sums = st.sampled_from(["due", "half", "one", "over", "total"])


class Abort(Exception):
    """Throws a sequence's rows away."""


class Market(RuleBasedStateMachine):
    """Three orders of two cooperatives; the rows of a sequence are rolled back at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        first, second = cooperative_make(), cooperative_make()
        goods = listing_make(first, price=100_000, stock=5), listing_make(second, price=70_000, stock=5)
        purchase = place(basket_of(*goods), to=recipient(phone="+84901234567"))
        again = place(basket_of((goods[0], 2)), provider="cod", to=recipient(phone="+84901234568"))
        members = [*purchase.group.members.order_by("position"), *again.group.members.all()]
        self.orders = [member.order_id for member in members]
        self.group_total = sum(order.total_dong for order in self.all_orders())
        self.refused = 0

    def teardown(self) -> None:
        self.block.__exit__(Abort, Abort(), None)

    # -- Helpers ----------------------------------------------------------------------------------------------

    def order(self, n: int) -> Order:
        return Order.objects.get(pk=self.orders[n])

    def all_orders(self) -> list[Order]:
        return [self.order(n) for n in range(len(self.orders))]

    def step(self, work: Callable[[], Any]) -> None:
        """A refusal is fine when it leaves no trace."""
        try:
            with transaction.atomic():
                work()
        except REFUSALS:
            self.refused += 1

    def sum_for(self, order: Order, kind: str) -> int:
        due = max(1, order.total_dong - balance_of(order).kept)
        return {"due": due, "half": max(1, due // 2), "one": 1, "over": due + 7_000, "total": order.total_dong}[kind]

    def lines(self, *states: str) -> list[BankLine]:
        return list(BankLine.objects.filter(state__in=states).order_by("pk"))

    # -- Buyers and banks -------------------------------------------------------------------------------------

    @rule(n=which, kind=sums, has_code=st.booleans())
    def transfer(self, n: int, kind: str, has_code: bool) -> None:
        order = self.order(n)
        coded = [attempt for attempt in attempts_of(order) if attempt.provider == "vietqr"]
        memo = coded[0].transfer.memo if coded and has_code else "tien hang"
        line = line_make(order.consignment.cooperative, memo, self.sum_for(order, kind))
        self.step(lambda: line_match(line=line))

    @rule(n=which)
    def transfer_to_the_neighbour(self, n: int) -> None:
        order = self.order(n)
        other = next(row for row in self.all_orders() if row.consignment.cooperative != order.consignment.cooperative)
        if order.sources.filter(attempt__provider="vietqr").exists():
            memo = transfer_of(order).memo
            line_match(line=line_make(other.consignment.cooperative, memo, order.total_dong))

    @precondition(lambda self: BankLine.objects.exists())
    @rule(data=st.data())
    def told_again(self, data: Any) -> None:
        line = data.draw(st.sampled_from(list(BankLine.objects.order_by("pk"))), label="line")
        before = line.state
        assert line_match(line=line).state == before

    @rule(n=which)
    def claim(self, n: int) -> None:
        self.step(lambda: transfer_claim(attempt=attempts_of(self.order(n)).first(), by="buyer"))

    @rule(n=which, provider=st.sampled_from(["vietqr", "cod"]))
    def switch(self, n: int, provider: str) -> None:
        self.step(lambda: payment_switch(order=self.order(n), provider_code=provider, by="buyer"))

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        self.step(lambda: order_cancel_by_buyer(order=self.order(n), by="buyer"))

    @rule(n=which)
    def time_passes(self, n: int) -> None:
        order = self.order(n)
        past = timezone.now() - timedelta(seconds=1)
        Attempt.objects.filter(source__order=order, expires_at__isnull=False).update(expires_at=past)
        self.step(lambda: order_expire(order=order))

    # -- The cooperative --------------------------------------------------------------------------------------

    @rule(n=which)
    def confirm_by_hand(self, n: int) -> None:
        self.step(lambda: transfer_confirm(consignment=self.order(n).consignment, by=BY))

    @rule(n=which)
    def take(self, n: int) -> None:
        parcel = self.order(n).consignment
        self.step(lambda: cash_order_call(consignment=parcel, reached=True, by=BY))
        self.step(lambda: consignment_accept(consignment=parcel, by=BY))

    @rule(n=which)
    def refuse(self, n: int) -> None:
        self.step(lambda: consignment_refuse(consignment=self.order(n).consignment, reason="mưa", by=BY))

    @rule(n=which)
    def send(self, n: int) -> None:
        parcel = self.order(n).consignment
        self.step(lambda: consignment_pack(consignment=parcel, by=BY))
        self.step(lambda: consignment_hand_over(consignment=parcel, carrier="own", by=BY))

    @rule(n=which, comes_back=st.booleans(), is_spoilt=st.booleans())
    def arrive(self, n: int, comes_back: bool, is_spoilt: bool) -> None:
        parcel = self.order(n).consignment
        if comes_back:
            self.step(lambda: consignment_return(consignment=parcel, reason="vắng", is_spoilt=is_spoilt, by=BY))
        else:
            self.step(lambda: consignment_deliver(consignment=parcel, by=BY))

    @rule(n=which, units=st.integers(0, 2))
    def reduce(self, n: int, units: int) -> None:
        line = self.order(n).lines.get()
        parcel = self.order(n).consignment
        self.step(lambda: consignment_reduce(consignment=parcel, quantities={line.pk: units}, reason="ít", by=BY))

    @rule(n=which)
    def deliver_for_cash(self, n: int) -> None:
        self.step(lambda: cash_parcel_deliver(consignment=self.order(n).consignment, carrier="Xe Tâm", by=BY))

    @rule(n=which)
    def refuse_at_the_door(self, n: int) -> None:
        self.step(lambda: cash_parcel_refuse(consignment=self.order(n).consignment, reason="không nhận", by=BY))

    @rule(n=which, amount=st.sampled_from([10_000, 120_000]))
    def carrier_brings_cash(self, n: int, amount: int) -> None:
        cooperative = self.order(n).consignment.cooperative
        key = str(CashEntry.objects.count())
        self.step(
            lambda: cash_hand_over(cooperative=cooperative, carrier="Xe Tâm", amount=amount, fee=500, key=key, by=BY)
        )

    # -- The inbox --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.lines("open"))
    @rule(data=st.data(), n=which)
    def assign(self, data: Any, n: int) -> None:
        line = data.draw(st.sampled_from(self.lines("open")), label="line")
        self.step(lambda: line_assign(line=line, shares={self.order(n): line.amount}, by=BY))

    @precondition(lambda self: self.lines("open"))
    @rule(data=st.data())
    def split(self, data: Any) -> None:
        line = data.draw(st.sampled_from(self.lines("open")), label="line")
        part = max(1, line.amount // 3)
        shares = {self.order(0): part, self.order(2): line.amount - part}
        self.step(lambda: line_assign(line=line, shares=shares, by=BY))

    @precondition(lambda self: self.lines("open"))
    @rule(data=st.data(), back=st.booleans())
    def put_aside(self, data: Any, back: bool) -> None:
        line = data.draw(st.sampled_from(self.lines("open")), label="line")
        work = line_return if back else line_ignore
        self.step(lambda: work(line=line, reason="nhầm", by=BY))

    @precondition(lambda self: self.lines("placed", "return", "ignored", "returned"))
    @rule(data=st.data())
    def undo(self, data: Any) -> None:
        line = data.draw(st.sampled_from(self.lines("placed", "return", "ignored", "returned")), label="line")
        self.step(lambda: line_undo(line=line, by=BY))

    @rule(n=which, amount=st.sampled_from([1_000, 60_000, 500_000]))
    def owe_for_goods(self, n: int, amount: int) -> None:
        order = self.order(n)
        if attempts_of(order).filter(state="confirmed").exists():
            key = f"goods-{Refund.objects.count()}"
            self.step(lambda: refund_owe(order=order, amount=amount, kind="goods", key=key, by=BY))

    @precondition(lambda self: Refund.objects.exists())
    @rule(data=st.data(), pays=st.booleans())
    def close_refund(self, data: Any, pays: bool) -> None:
        refund = data.draw(st.sampled_from(list(Refund.objects.order_by("pk"))), label="refund")
        if pays:
            self.step(lambda: refund_settle(refund=refund, reference="FT1", by=BY))
        else:
            self.step(lambda: refund_cancel(refund=refund, by=BY))

    # -- What must always hold --------------------------------------------------------------------------------

    @invariant()
    def books_balance(self) -> None:
        """Reckoned here from the rows, not with the shop's own sums."""
        rows = Order.objects.filter(pk__in=self.orders).select_related("consignment")
        orders = list(rows.prefetch_related("sources__transactions", "sources__attempt", "refunds"))
        self.orders_hold_what_they_say(orders)
        self.receipts_come_from_somewhere(orders)
        self.every_dong_of_the_banks_is_somewhere()
        self.stock_is_what_the_orders_hold()
        self.one_message_for_one_movement(orders)
        less = sum(row.difference for row in Reduction.objects.filter(consignment__order__in=orders))
        assert sum(order.total_dong for order in orders) == self.group_total - less

    def orders_hold_what_they_say(self, orders: list[Order]) -> None:
        for order in orders:
            received, paid_back = sums_of(order)
            by_state = {"owed": 0, "paid": 0, "dropped": 0}
            for refund in order.refunds.all():
                by_state[refund.state] += refund.amount
            left = received - paid_back - by_state["owed"]
            assert min(received, paid_back, left) >= 0
            assert paid_back == by_state["paid"]
            states = [source.attempt.state for source in order.sources.all()]
            assert states.count("pending") <= (0 if order.status == "cancelled" else 1)
            if order.status == "cancelled":
                # What a person said is not owed after all (the buyer took other goods) stays, with that decision.
                assert left <= by_state["dropped"], "the money of an order that is over is owed back"
            elif "confirmed" in states:
                assert received >= order.total_dong
                assert left <= order.total_dong + by_state["dropped"], "what is beyond the total is owed back"

    def receipts_come_from_somewhere(self, orders: list[Order]) -> None:
        live = LineShare.objects.filter(undone_at=None, proves=False)
        by_lines = sum(live.values_list("amount", flat=True))
        told = TransactionKey.objects.filter(key__startswith="by-hand:") | TransactionKey.objects.filter(
            key__startswith="cash:"
        )
        by_people = sum(int(amount) for amount in told.values_list("transaction__amount", flat=True))
        assert sum(sums_of(order)[0] for order in orders) == by_lines + by_people
        cash = TransactionKey.objects.filter(key__startswith="cash:").values_list("transaction__amount", flat=True)
        collected = CashEntry.objects.filter(kind="collected").values_list("amount", flat=True)
        assert sum(int(amount) for amount in cash) == sum(collected)

    def every_dong_of_the_banks_is_somewhere(self) -> None:
        for line in BankLine.objects.select_related("refund").prefetch_related("shares"):
            shares = sum(share.amount for share in line.shares.all() if share.undone_at is None)
            assert shares == (line.amount if line.state == "placed" else 0)
            if line.state in ("return", "returned"):
                assert (line.refund.amount, line.refund.kind) == (line.amount, "unplaced")
                assert line.refund.state == {"return": "owed", "returned": "paid"}[line.state]

    def stock_is_what_the_orders_hold(self) -> None:
        records = StockRecord.objects.filter(line__order_id__in=self.orders).distinct().prefetch_related("line_set")
        for record in records:
            held = sum(line.num_allocated for line in record.line_set.all())
            assert (record.num_allocated or 0) == held
            assert 0 <= held <= record.num_in_stock

    def one_message_for_one_movement(self, orders: list[Order]) -> None:
        entries = [row for order in orders for source in order.sources.all() for row in source.transactions.all()]
        receipts = [row for row in entries if row.txn_type == Transaction.DEBIT]
        assert Message.objects.filter(kind="money_received").count() <= len(receipts)
        assert AuditEntry.objects.filter(action="payment.received").count() == len(receipts)


def sums_of(order: Order) -> tuple[int, int]:
    """Dong received less what was taken off, and paid back; each source's own columns agree with its rows."""
    received = paid_back = 0
    for source in order.sources.all():
        sums = {Transaction.DEBIT: 0, Transaction.REFUND: 0, REVERSAL: 0}
        for row in source.transactions.all():
            sums[row.txn_type] += int(row.amount)
        debited = sums[Transaction.DEBIT] - sums[REVERSAL]
        assert (int(source.amount_debited), int(source.amount_refunded)) == (debited, sums[Transaction.REFUND])
        assert debited >= sums[Transaction.REFUND]
        received, paid_back = received + debited, paid_back + sums[Transaction.REFUND]
    return received, paid_back


def test_no_dong_is_lost_whatever_happens():
    run_state_machine_as_test(
        Market,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
