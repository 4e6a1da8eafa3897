"""What the page of one order needs beside the order: the form of its next step, and what can be taken back."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shop.cooperatives.models import Cooperative
from shop.fulfilment.models import Consignment
from shop.fulfilment.parcels import lots_recent
from shop.fulfilment.services import FulfilmentError
from shop.seller.cash.forms import DeliverForm, DoorForm, carriers_of
from shop.seller.forms import RefuseForm
from shop.seller.orders.forms import HandOverForm, PackForm, ReduceForm, ReturnForm
from shop.seller.panels import Panel

#: Sections that other rooms add to the page; the first template that exists is shown.
CLAIMS = ("seller/orders/_claims.html", "seller/orders/_nothing.html")


def forms_of(panel: Panel, cooperative: Cooperative, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The page's forms by their name in the template; ``typed`` holds those that came back with mistakes."""
    lines = panel.order.lines.all()
    carriers = carriers_of(cooperative) if panel.can_deliver_cash else []
    carried = panel.consignment.carried_by
    if carried:
        carriers = list(dict.fromkeys([carried, *carriers]))
    found: dict[str, Any] = {
        "carriers": carriers,
        "form": typed.get("form") or RefuseForm(),
        "deliver_form": typed.get("deliver_form")
        or DeliverForm(carriers=carriers, is_pickup=panel.consignment.is_pickup),
        "door_form": typed.get("door_form") or DoorForm(),
        "return_form": typed.get("return_form") or ReturnForm(),
        "reduce_form": typed.get("reduce_form") or ReduceForm(lines=lines),
    }
    if panel.stage == "pack" or "pack_form" in typed:
        found["pack_form"] = typed.get("pack_form") or PackForm(lines=lines, recent=lots_recent(cooperative))
    if panel.stage == "hand_over" or "hand_form" in typed:
        found["hand_form"] = typed.get("hand_form") or HandOverForm(initial={"carrier": carrier_last(cooperative)})
    found["forms"] = [form for name, form in found.items() if name.endswith("form")]
    return found


def carrier_last(cooperative: Cooperative) -> str:
    """The carrier that the cooperative used last."""
    used = Consignment.objects.filter(cooperative=cooperative).exclude(carrier="").order_by("-pk")
    return used.values_list("carrier", flat=True).first() or ""


def problem_text(error: FulfilmentError | Any) -> str:
    """What stands in the way of a step, and what to do."""
    texts = {
        "unpaid": _("The money is not here yet. Take the order once you see the transfer."),
        "expired": _(
            "This order has ended: no transfer came in time. If the money arrived after all, send it back or call the "
            "buyer to order again."
        ),
        "cancelled": _("This order is cancelled. If money arrived, please send it back to the buyer."),
        "call_first": _("Please call the buyer first. Orders in cash are taken once the buyer said yes on the phone."),
        "no_cash": _("The buyer no longer pays this order in cash. Please look at the order again."),
        "new": _("Nobody has taken this order yet. Take it first."),
        "accepted": _("Somebody was quicker: the order is taken and not packed. Below is what it needs now."),
        "packed": _("Somebody was quicker: the parcel is packed and still here. Below is what it needs now."),
        "handed_over": _("The goods are already on their way."),
        "delivered": _("The buyer already has the goods."),
        "returned": _("The goods have already come back."),
        "undo_late": _("Ten minutes are over, so this can no longer be taken back here."),
        "more": _("Somebody has changed the quantities meanwhile. Please look at the order again."),
        "none_left": _("Nothing would be left. To send nothing at all, use “We cannot serve this order”."),
        "paid_back": _("Money for these goods is being paid back already, so they cannot be taken out once more."),
        "card_open": _("The buyer is paying by card just now. Wait until the payment is through, then try again."),
    }
    return texts.get(error.code, _("That is not possible now. Please look at the order again."))
