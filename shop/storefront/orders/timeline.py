"""The history of one order: what happened, what is under way, what is to come."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.storefront.orders.panels import ENDS, OrderPanel

State = Consignment.State
#: The way of a parcel, in order.
STAGES = (State.NEW, State.ACCEPTED, State.PACKED, State.HANDED_OVER, State.DELIVERED)


def timeline(panel: OrderPanel) -> list[dict[str, str]]:
    """Done steps with their time, the one under way, and those to come."""
    steps = [step(panel, event) for event in panel.events if title_of(panel, event.kind)]
    if panel.is_over:
        end_mark(panel, steps)
    else:
        coming = ahead(panel)
        steps += [{"state": "todo" if later else "now", "title": title} for later, title in enumerate(coming)]
    return steps


def step(panel: OrderPanel, event: ConsignmentEvent) -> dict[str, str]:
    """One thing that has happened."""
    note = clock(event.at)
    if event.kind == State.HANDED_OVER and panel.consignment.carrier:
        note = f"{note} · {panel.consignment.carried_by}"
    return {"kind": event.kind, "state": "done", "title": title_of(panel, event.kind), "note": note}


def end_mark(panel: OrderPanel, steps: list[dict[str, str]]) -> None:
    """The last end is where the order stands now; the reason that a person gave for it is told."""
    last = next((row for row in reversed(steps) if row["kind"] in ENDS), None)
    if last:
        last["state"] = "now"
        last["note"] = panel.consignment.reason or last["note"]


def ahead(panel: OrderPanel) -> list[str]:
    """Titles of the steps that have not happened."""
    stage = panel.consignment.state
    done = STAGES.index(stage) if stage in STAGES else len(STAGES)
    return [*money_ahead(panel), *(title_of(panel, kind) for kind in STAGES[done + 1 :])]


def money_ahead(panel: OrderPanel) -> list[str]:
    """What the order waits for before anybody packs."""
    if panel.state == "waiting":
        return [_("Waiting for the rest of the money") if panel.paid else _("Waiting for the transfer")]
    if panel.state == "card":
        return [_("Waiting for the card payment")]
    calls = panel.state == "cash" and panel.consignment.state == State.NEW and not panel.was_called
    return [_("The cooperative calls you")] if calls else []


def title_of(panel: OrderPanel, kind: str) -> str:
    """An event in words; nothing for one that is no buyer's concern."""
    return {
        "placed": _("Ordered"),
        "claimed": _("You said that you transferred"),
        "part_paid": _("A part of the money received"),
        "paid": _("Money received"),
        "reopened": _("The money came after all: the order goes on"),
        "unpaid": _("The money was not for this order and was taken off"),
        "called": _("You confirmed the order on the phone"),
        "not_reached": _("The cooperative called and did not reach you"),
        "accepted": _("The cooperative takes the order"),
        "packed": _("Packed"),
        "handed_over": _("Ready to collect") if panel.consignment.is_pickup else _("On the way"),
        "delivered": _("Received by you"),
        "expired": _("Cancelled: not paid in time"),
        "withdrawn": _("Cancelled by you"),
        "refused": _("The cooperative could not take the order"),
        "door_refused": _("The parcel came back"),
        "returned": _("The parcel came back"),
        "reduced": _("Fewer goods than ordered"),
    }.get(kind, "")


def clock(moment: Any) -> str:
    """``10:14, 24/11`` in Viet Nam, or nothing."""
    return timezone.localtime(moment).strftime("%H:%M, %d/%m") if moment else ""
