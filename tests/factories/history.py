"""Orders of every fate, some of them of the month before."""

from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.reducing import consignment_reduce
from shop.fulfilment.services import (
    cash_order_call,
    cash_parcel_deliver,
    cash_parcel_refuse,
    consignment_accept,
    consignment_deliver,
    consignment_hand_over,
    consignment_pack,
    consignment_refuse,
    consignment_return,
)
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of, balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_bounce, refund_owe, refund_pay
from shop.payment.services import payment_confirm
from tests.factories.market import MY_THO, basket_of, listing_make, place, recipient

Transaction = get_model("payment", "Transaction")
BY = "chủ nhiệm"
keys = count(1)
FATES = (
    "waiting", "part", "paid", "over", "reduced", "refused", "refunded", "delivered", "damaged", "bounced", "returned",
    "cash", "cash_refused",
)  # fmt: skip


def history_make(cooperative: Any, seed: int, fates: tuple[str, ...] = FATES, goods: Any = None) -> list[Consignment]:
    """An order for each fate, units and prices by ``seed``; about every third is a month old."""
    dice = Random(seed)
    goods = goods or [listing_make(cooperative, price=dice.randint(11, 333) * 1_000 + 1, stock=9_999) for _ in "12"]
    made = []
    for fate in fates:
        lines = [(listing, dice.randint(2, 5)) for listing in goods]
        provider = "cod" if fate.startswith("cash") else "vietqr"
        placement = place(basket_of(*lines), provider=provider, to=recipient(ward_code=MY_THO))
        consignment = placement.group.members.get().order.consignment
        live(consignment, fate, dice)
        consignment.refresh_from_db()
        if dice.random() < 0.35:
            age(consignment, dice)
        made.append(consignment)
    return made


def live(consignment: Consignment, fate: str, dice: Random) -> None:
    """Everything that happens to it."""
    order = consignment.order
    total = order.total_dong
    pay = {"part": total // 3, "over": total + 7_000, "waiting": 0}.get(fate, total)
    if fate.startswith("cash"):
        cash_order_call(consignment=consignment, reached=True, by=BY)
    elif pay:
        payment_confirm(attempt=attempts_of(order).get(), amount=pay, key=f"history:{next(keys)}", by=BY)
    if fate in ("waiting", "part", "over", "paid"):
        return
    if fate in ("refused", "refunded"):
        consignment_refuse(consignment=consignment, reason="Mưa", by=BY)
        if fate == "refunded":
            refund_pay(refund=Refund.objects.get(order=order), reference="FT1", by=BY)
        return
    consignment_accept(consignment=consignment, by=BY)
    if fate == "reduced":
        line = order.lines.first()
        left = dice.randint(0 if order.lines.count() > 1 else 1, line.quantity - 1)
        consignment_reduce(consignment=consignment, quantities={line.pk: left}, reason="Hết", by=BY)
    deliver(consignment, fate)
    if fate in ("damaged", "bounced"):
        damage(order, fate, dice)


def deliver(consignment: Consignment, fate: str) -> None:
    """To the door, or back from it."""
    consignment_pack(consignment=consignment, by=BY)
    consignment_hand_over(consignment=consignment, carrier="ghn", tracking="GHN12345678", by=BY)
    if fate == "cash":
        cash_parcel_deliver(consignment=consignment, carrier="Xe", by=BY)
    elif fate == "cash_refused":
        cash_parcel_refuse(consignment=consignment, reason="Không có nhà", by=BY)
    elif fate == "returned":
        consignment_return(consignment=consignment, reason="Không có nhà", by=BY)
    else:
        consignment_deliver(consignment=consignment, by=BY)


def damage(order: Order, fate: str, dice: Random) -> None:
    """Some of it was broken: a part goes back, in one case in vain."""
    key = f"history:{next(keys)}"
    refund = refund_owe(order=order, amount=dice.randint(1, balance_of(order).kept // 2), kind="goods", key=key, by=BY)
    refund_pay(refund=refund, reference="FT2", by=BY)
    if fate == "bounced":
        refund_bounce(refund=refund, by=BY)


def age(consignment: Consignment, dice: Random) -> None:
    """It was placed a month ago; what came of it may have come since."""
    month = timedelta(days=31)
    Order.objects.filter(pk=consignment.order_id).update(date_placed=timezone.now() - month)
    if dice.random() < 0.5:
        Transaction.objects.filter(source__order=consignment.order_id, txn_type="Debit").update(
            date_created=timezone.now() - month
        )
        ConsignmentEvent.objects.filter(consignment=consignment).update(at=timezone.now() - month)
    assert Attempt.objects.filter(source__order=consignment.order_id).exists()
