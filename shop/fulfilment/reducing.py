"""Fewer goods than ordered, agreed with the buyer before the parcel leaves.

Units keep their price and their share of discounts; where a share is no whole dong, the buyer keeps the odd one.
Delivery costs what it cost: the box travels all the same.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from shop.audit.services import entry_add
from shop.fulfilment.models import Consignment, Reduction
from shop.fulfilment.notices import parcel_news
from shop.fulfilment.parts import FulfilmentError, attempt_live, consignment_lock, event_add, lines_in_stock_order
from shop.fulfilment.shipments import shipping_quantity_lower
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.books import scope_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_owe, units_left
from shop.payment.services import total_lower

State = Consignment.State
#: From which states goods can still be taken out of the box.
BEFORE_LEAVING = (State.NEW, State.ACCEPTED, State.PACKED)
#: A payment page that is open at the card service asks for the sum that it was opened with.
CARD = "stripe"


@transaction.atomic
def consignment_reduce(
    *, consignment: Consignment, quantities: Mapping[int, int], reason: str, by: str
) -> Reduction | None:
    """Send fewer units: ``quantities`` is what is left of each order line, by its primary key.

    Lines that are not named stay. One line of several may go down to none, not all of them: that is refusing. Nothing
    to change (the button pressed twice) gives the latest reduction. FulfilmentError: ``more`` (a line would grow),
    ``none_left``, ``line`` (not of this order), ``paid_back`` (money for those units went back already),
    ``card_open``, or the state of a parcel that has left.
    """
    locked = consignment_lock(consignment)
    if locked.state not in BEFORE_LEAVING:
        raise FulfilmentError(locked.state)
    lines = list(lines_in_stock_order(locked.order))
    wanted = {line.pk: line.quantity for line in lines} | dict(quantities)
    changed = [line for line in lines if wanted[line.pk] != line.quantity]
    if len(wanted) > len(lines):
        raise FulfilmentError("line")
    if not changed:
        return locked.reductions.last()
    may_reduce(locked, lines, wanted)
    before = snapshot(locked.order)
    for line in changed:
        line_lower(line, wanted[line.pk])
    total = before["total"] - sum(row["dong"] for row in before["lines"]) + goods_dong(locked.order)
    owed = total_lower(order=locked.order, total=total, by=by)
    for line in changed:
        line.cancel_allocation(max(0, line.num_allocated - wanted[line.pk]))
    locked.order.refresh_from_db()
    reduction = locked.reductions.create(
        reason=reason[:300], before=before, after=snapshot(locked.order), owed=owed, by=by[:254]
    )
    event_add(locked, "reduced", by, reason)
    parcel_news(locked, "reduced")
    owe_and_log(locked.order, reduction, by)
    return reduction


# -- Parts --------------------------------------------------------------------------------------------------------


def may_reduce(consignment: Consignment, lines: list[Any], wanted: Mapping[int, int]) -> None:
    """Raises FulfilmentError when the order cannot become that."""
    if any(not 0 <= wanted[line.pk] <= line.quantity for line in lines):
        raise FulfilmentError("more")
    if not any(wanted[line.pk] for line in lines):
        raise FulfilmentError("none_left")
    if any(line.quantity - wanted[line.pk] > units_left(line) for line in lines if line.quantity != wanted[line.pk]):
        raise FulfilmentError("paid_back")
    live = attempt_live(consignment.order)
    if live is not None and live.provider == CARD and live.state == Attempt.State.PENDING:
        raise FulfilmentError("card_open")


def line_lower(line: Any, quantity: int) -> None:
    """Fewer units of a line at their price, with their share of each discount."""
    was = line.quantity
    full = int(line.line_price_before_discounts_incl_tax)
    off = full - int(line.line_price_incl_tax)
    full_now, off_now = full * quantity // was, share_of(off, quantity, was)
    line.quantity = quantity
    line.line_price_before_discounts_incl_tax = line.line_price_before_discounts_excl_tax = Decimal(full_now)
    line.line_price_incl_tax = line.line_price_excl_tax = Decimal(full_now - off_now)
    prices = [f"line_price{kind}_{tax}_tax" for kind in ("", "_before_discounts") for tax in ("incl", "excl")]
    line.save(update_fields=["quantity", *prices])
    prices_lower(line)
    discounts_lower(line, off - off_now)
    shipping_quantity_lower(line)


def prices_lower(line: Any) -> None:
    """Oscar's notes on how many units were sold at which price: the first ones stay."""
    left = line.quantity
    for row in line.prices.order_by("pk"):
        row.quantity = min(row.quantity, left)
        left -= row.quantity
        row.save(update_fields=["quantity"]) if row.quantity else row.delete()


def share_of(dong: int, quantity: int, of: int) -> int:
    """A part of a line's discount for ``quantity`` of its units, the odd dong for the buyer."""
    return -(-dong * quantity // of)


def discounts_lower(line: Any, dong: int) -> None:
    """Oscar's own notes on which offer gave what: ``dong`` less than before, taken off the line's discounts in turn."""
    for row in line.discounts.select_related("order_discount").order_by("pk"):
        less = min(dong, int(row.amount))
        if not less:
            continue
        row.amount -= less
        row.save(update_fields=["amount"])
        row.order_discount.amount -= less
        row.order_discount.save(update_fields=["amount"])
        dong -= less


def goods_dong(order: Order) -> int:
    """Dong of all lines after discounts."""
    return sum(int(dong) for dong in order.lines.values_list("line_price_incl_tax", flat=True))


def snapshot(order: Order) -> dict[str, Any]:
    """What the order says now."""
    lines = [
        {"line": line.pk, "title": line.title, "quantity": line.quantity, "dong": int(line.line_price_incl_tax)}
        for line in order.lines.order_by("pk")
    ]
    return {"lines": lines, "delivery": order.shipping_dong, "total": order.total_dong}


def owe_and_log(order: Order, reduction: Reduction, by: str) -> None:
    """What was paid too much by it goes back; the audit trail keeps both sums."""
    if reduction.owed:
        refund_owe(
            order=order,
            amount=reduction.owed,
            kind=Refund.Kind.EXCESS,
            key=f"reduced:{reduction.pk}",
            by=by,
            reason=reduction.reason,
        )
    entry_add(
        action="order.reduced",
        subject=f"order:{order.number}",
        by=by,
        scope=scope_of(order),
        before={"total": reduction.before["total"]},
        after={"total": reduction.after["total"], "owed": reduction.owed, "reason": reduction.reason},
    )
