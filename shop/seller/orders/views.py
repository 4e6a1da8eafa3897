"""A parcel's way out of the house, one press at a time; and many parcels packed with one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shop.fulfilment.models import Consignment
from shop.fulfilment.parcels import lots_recent
from shop.fulfilment.services import (
    FulfilmentError,
    consignment_deliver,
    consignment_hand_over,
    consignment_pack,
    consignment_reduce,
    consignment_return,
    consignment_undo,
)
from shop.seller.access import members_only
from shop.seller.orders.forms import HandOverForm, PackForm, ReduceForm, ReturnForm
from shop.seller.orders.today import today_page
from shop.seller.views import SeeOther, back_url, decision, order_page, shown

#: As many as a list shows on two pages; a longer post was not made by pressing boxes.
MOST = 40


@decision
def pack(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/dong-goi/``: the goods are in the box, with their lots when somebody wrote them down."""
    lines = consignment.order.lines.all()
    form = PackForm(request.POST, lines=lines, recent=lots_recent(request.workspace.cooperative))
    if not form.is_valid():
        return order_page(request, consignment, pack_form=form, status=422)
    consignment_pack(consignment=consignment, lots=form.lots, by=request.workspace.by)
    return with_undo(consignment, _("Order %(number)s is packed.") % {"number": shown(consignment)})


@decision
def hand_over(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/gui-di/``: the carrier has it; one that is collected waits for its buyer."""
    if consignment.is_pickup:
        consignment_hand_over(consignment=consignment, by=request.workspace.by)
        return with_undo(consignment, _("Order %(number)s is ready to be collected.") % {"number": shown(consignment)})
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return order_page(request, consignment, hand_form=form, status=422)
    consignment_hand_over(
        consignment=consignment,
        carrier=form.cleaned_data["carrier"],
        carrier_name=form.cleaned_data["name"],
        tracking=form.cleaned_data["tracking"],
        by=request.workspace.by,
    )
    return with_undo(consignment, _("Order %(number)s is on its way.") % {"number": shown(consignment)})


@decision
def deliver(request: HttpRequest, consignment: Consignment) -> str:
    """``…/da-giao/``: the buyer has it. Cash at the door has a page of its own."""
    consignment_deliver(consignment=consignment, by=request.workspace.by)
    return _("Order %(number)s is delivered. Well done!") % {"number": shown(consignment)}


@decision
def give_back(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/hoan-ve/``: the parcel came back."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return order_page(request, consignment, return_form=form, status=422)
    data = form.cleaned_data
    consignment_return(
        consignment=consignment,
        reason=data["reason"],
        is_refused=data["why"] == "refused",
        is_spoilt=data["goods"] == "spoilt",
        by=request.workspace.by,
    )
    if data["goods"] == "spoilt":
        return _("Order %(number)s came back. The goods are written off.") % {"number": shown(consignment)}
    return _("Order %(number)s came back. The goods are on sale again.") % {"number": shown(consignment)}


@decision
def undo(request: HttpRequest, consignment: Consignment) -> str:
    """``…/hoan-tac/``: the last press was a mistake. ``step`` is the state that the pressed page showed."""
    consignment_undo(consignment=consignment, step=request.POST.get("step", ""), by=request.workspace.by)
    return _("Taken back. Order %(number)s stands where it was before.") % {"number": shown(consignment)}


@decision
def reduce(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/bot-so-luong/``: fewer goods than ordered, agreed with the buyer."""
    form = ReduceForm(request.POST, lines=consignment.order.lines.all())
    if not form.is_valid():
        return order_page(request, consignment, reduce_form=form, status=422)
    quantities, reason = form.quantities, form.cleaned_data["reason"]
    consignment_reduce(consignment=consignment, quantities=quantities, reason=reason, by=request.workspace.by)
    return _("Order %(number)s is smaller now. The buyer sees what changed and why.") % {"number": shown(consignment)}


@require_POST
@members_only
def bulk(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/dong-goi/``: many orders packed at once; each stands or falls by itself."""
    wanted = request.POST.getlist("don")[:MOST]
    found = Consignment.objects.filter(cooperative=request.workspace.cooperative, order__number__in=wanted)
    done, left = [], []
    for consignment in found.select_related("order").order_by("pk"):
        try:
            consignment_pack(consignment=consignment, by=request.workspace.by)
        except FulfilmentError:
            left.append(shown(consignment))
        else:
            done.append(shown(consignment))
    if not done:
        text = _("Please tick the orders that you have packed.")
        if left:
            text = _("Not packed, somebody was quicker: %(numbers)s.") % {"numbers": ", ".join(left)}
        return today_page(request, problem=text, status=409 if left else 422)
    messages.success(request, bulk_text(done, left))
    return SeeOther(back_url(request, None))


# -- Parts -------------------------------------------------------------------------------------------------------


def with_undo(consignment: Consignment, text: str) -> str:
    """What was done, with the way back: people press with wet thumbs."""
    url = reverse("seller:order", kwargs={"number": consignment.order.number})
    return format_html('{} <a href="{}#undo">{}</a>', text, url, _("Pressed by mistake?"))


def bulk_text(done: list[str], left: list[str]) -> str:
    """What became of the ticked orders."""
    text = ngettext("%(n)d order is packed.", "%(n)d orders are packed.", len(done)) % {"n": len(done)}
    if left:
        text += " " + _("Not packed, somebody was quicker: %(numbers)s.") % {"numbers": ", ".join(left)}
    return text
