"""A parcel on its way: packed, handed over, delivered, come back; and what was pressed by mistake taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.fulfilment.carriers import CARRIERS, tracking_clean
from shop.fulfilment.models import Consignment, ParcelLot
from shop.fulfilment.notices import parcel_news
from shop.fulfilment.parts import (
    FulfilmentError,
    attempt_live,
    cash_on_the_way,
    consignment_lock,
    consignment_set,
    order_end,
    stock_consume,
)
from shop.fulfilment.shipments import shipping_event_add, shipping_event_drop
from shop.payment.attempts.models import Attempt
from shop.payment.cod.services import buyer_lock, buyer_refused, cash_collect
from shop.payment.services import paid_amount, payment_confirm

State = Consignment.State
#: How long a press on "packed" or "handed over" can be taken back.
UNDO = timedelta(minutes=10)
#: What can be taken back, and where the parcel stands then.
BACK = {State.PACKED: State.ACCEPTED, State.HANDED_OVER: State.PACKED}


@dataclass(frozen=True)
class Lot:
    """What is written on the crate: the lot's code and the day of harvest or packing."""

    code: str
    made_on: date | None = None


@transaction.atomic
def consignment_pack(*, consignment: Consignment, lots: Mapping[int, Lot] | None = None, by: str) -> Consignment:
    """The goods are in the box. ``lots`` says from which lot each order line (by primary key) was taken."""
    locked = consignment_lock(consignment)
    if locked.state == State.PACKED:
        return locked
    if locked.state != State.ACCEPTED:
        raise FulfilmentError(locked.state)
    lots_set(locked, lots or {})
    shipping_event_add(locked, State.PACKED)
    consignment_set(locked, State.PACKED, by)
    parcel_news(locked, "packed")
    return locked


@transaction.atomic
def consignment_hand_over(
    *, consignment: Consignment, carrier: str = "", carrier_name: str = "", tracking: str = "", by: str
) -> Consignment:
    """The parcel has left the cooperative, or waits to be collected (then without a carrier).

    ``carrier`` is a code out of ``shop.fulfilment.carriers``. FulfilmentError: ``carrier`` (missing or unknown),
    ``tracking`` (no carrier writes numbers like that), or the state that the parcel is in.
    """
    locked = consignment_lock(consignment)
    if locked.state == State.HANDED_OVER:
        return locked
    if locked.state != State.PACKED:
        raise FulfilmentError(locked.state)
    if not locked.is_pickup:
        carrier_set(locked, carrier, carrier_name, tracking)
    note = carrier_note(locked)
    shipping_event_add(locked, State.HANDED_OVER, note)
    consignment_set(locked, State.HANDED_OVER, by, note=note)
    parcel_news(locked, "handed_over")
    return locked


@transaction.atomic
def consignment_undo(*, consignment: Consignment, step: str, by: str) -> Consignment:
    """Take back ``packed`` or ``handed_over`` within ten minutes; pressed twice, it takes back one step.

    FulfilmentError: ``undo_late``, or the state that the parcel has got to meanwhile.
    """
    locked = consignment_lock(consignment)
    last = locked.events.last()
    if step not in BACK:
        raise FulfilmentError(locked.state)
    if locked.state == BACK[step] and last and last.kind == f"{step}_undone":
        return locked
    done = locked.events.filter(kind=step).last()
    if locked.state != step or done is None:
        raise FulfilmentError(locked.state)
    if timezone.now() - done.at > UNDO:
        raise FulfilmentError("undo_late")
    if step == State.HANDED_OVER:
        locked.carrier = locked.carrier_name = locked.tracking = ""
        locked.save(update_fields=["carrier", "carrier_name", "tracking"])
    else:
        locked.lots.all().delete()
    shipping_event_drop(locked, step)
    consignment_set(locked, BACK[step], by, kind=f"{step}_undone")
    parcel_news(locked, "undone")
    return locked


@transaction.atomic
def consignment_deliver(*, consignment: Consignment, by: str) -> Consignment:
    """The buyer has a parcel that was paid before it left; FulfilmentError("unpaid") for one paid at the door."""
    locked = consignment_lock(consignment)
    if locked.state == State.DELIVERED:
        return locked
    if locked.state != State.HANDED_OVER:
        raise FulfilmentError(locked.state)
    attempt = attempt_live(locked.order)
    if attempt is None or attempt.state != Attempt.State.CONFIRMED:
        raise FulfilmentError("unpaid")
    stock_consume(locked.order)
    parcel_arrive(locked, by)
    return locked


@transaction.atomic
def cash_parcel_deliver(*, consignment: Consignment, carrier: str, by: str) -> Consignment:
    """The buyer took the parcel and paid the carrier, which owes the cooperative the cash from here on."""
    locked = consignment_lock(consignment)
    if locked.state == State.DELIVERED:
        return locked
    attempt = cash_on_the_way(locked)
    due = int(attempt.source.amount_allocated) - paid_amount(attempt.source)
    stock_consume(locked.order)
    payment_confirm(attempt=attempt, amount=due, key=f"cash:{attempt.pk}", by=by)
    cash_collect(order=locked.order, cooperative=locked.cooperative, carrier=carrier, amount=due, by=by)
    locked.order.refresh_from_db()
    parcel_arrive(locked, by, note=carrier)
    return locked


@transaction.atomic
def consignment_return(
    *, consignment: Consignment, reason: str, by: str, is_refused: bool = False, is_spoilt: bool = False
) -> Consignment:
    """The parcel came back: what was paid is owed back; the goods are on sale again, or written off when spoilt.

    ``is_refused``: the buyer did not take it (in cash, the number is remembered), else nobody could deliver it.
    """
    phone = phone_of(consignment) if is_refused and is_in_cash(consignment) else ""
    if phone:
        # The number's row before the order's, as when orders in cash are placed.
        buyer_lock(phone)
    locked = consignment_lock(consignment)
    if locked.state == State.RETURNED:
        return locked
    if is_in_cash(locked):
        cash_on_the_way(locked)
    elif locked.state != State.HANDED_OVER:
        raise FulfilmentError(locked.state)
    shipping_event_add(locked, State.RETURNED, reason)
    kind = "door_refused" if is_refused else "returned"
    order_end(locked, kind, reason, by, state=State.RETURNED, is_spoilt=is_spoilt)
    if phone:
        buyer_refused(phone=phone)
    parcel_news(locked, "returned")
    return locked


@transaction.atomic
def cash_parcel_refuse(*, consignment: Consignment, reason: str, by: str) -> Consignment:
    """The buyer did not take a parcel in cash: the goods are on sale again, the number is remembered."""
    attempt = attempt_live(consignment.order)
    if attempt is None or attempt.expires_at is not None:
        raise FulfilmentError("no_cash")
    return consignment_return(consignment=consignment, reason=reason, by=by, is_refused=True)


# -- Parts --------------------------------------------------------------------------------------------------------


def parcel_arrive(consignment: Consignment, by: str, note: str = "") -> None:
    """The end of a good order."""
    consignment.order.set_status("completed")
    shipping_event_add(consignment, State.DELIVERED, note)
    consignment_set(consignment, State.DELIVERED, by, note=note)
    parcel_news(consignment, "delivered")


def carrier_set(consignment: Consignment, carrier: str, name: str, tracking: str) -> None:
    """Write down who carries the parcel."""
    if carrier not in CARRIERS:
        raise FulfilmentError("carrier")
    try:
        consignment.tracking = tracking_clean(tracking)
    except ValueError as error:
        raise FulfilmentError("tracking") from error
    consignment.carrier = carrier
    consignment.carrier_name = name[:60] if CARRIERS[carrier].named else ""
    consignment.save(update_fields=["carrier", "carrier_name", "tracking"])


def carrier_note(consignment: Consignment) -> str:
    """Carrier and number for the history, in names only: who reads it later may read another language."""
    carrier = CARRIERS.get(consignment.carrier)
    name = str(carrier.label) if carrier and not carrier.named else consignment.carrier_name
    return " · ".join(part for part in (name, consignment.tracking) if part)


def lots_set(consignment: Consignment, lots: Mapping[int, Lot]) -> None:
    """Write down the lots; an order line of somebody else's is left out."""
    for line in consignment.order.lines.filter(pk__in=lots, quantity__gt=0):
        lot = lots[line.pk]
        fields = {"consignment": consignment, "code": lot.code[:40], "made_on": lot.made_on}
        ParcelLot.objects.update_or_create(line=line, defaults=fields)


def lots_recent(cooperative: Any, limit: int = 6) -> list[Lot]:
    """Lots that the cooperative used last, each once, the latest first."""
    rows = ParcelLot.objects.filter(consignment__cooperative=cooperative).order_by("-pk")
    return list(dict.fromkeys(Lot(*row) for row in rows.values_list("code", "made_on")[: limit * 10]))[:limit]


def undo_until(consignment: Consignment) -> Any:
    """Until when the last step can be taken back; None when it cannot. Reads the prefetched history."""
    done = [event for event in consignment.events.all() if event.kind == consignment.state]
    if consignment.state not in BACK or not done or timezone.now() - done[-1].at > UNDO:
        return None
    return done[-1].at + UNDO


def standing(events: Iterable[Any]) -> list[Any]:
    """A history without the presses that were taken back: those of the house are none of the buyer's concern."""
    kept: list[Any] = []
    for event in events:
        if not event.kind.endswith("_undone"):
            kept.append(event)
            continue
        done = event.kind.removesuffix("_undone")
        last = next((row for row in reversed(kept) if row.kind == done), None)
        kept = [row for row in kept if row is not last]
    return kept


def is_in_cash(consignment: Consignment) -> bool:
    """Whether the buyer pays this parcel at the door and has not yet."""
    attempt = attempt_live(consignment.order)
    return attempt is not None and attempt.expires_at is None and attempt.state == Attempt.State.PENDING


def phone_of(consignment: Consignment) -> str:
    """The buyer's number in E.164, or nothing."""
    address = consignment.order.shipping_address
    return str(address.phone_number) if address and address.phone_number else ""
