"""An order in cash: called before it is taken, then paid at the door or refused there."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from shop.fulfilment.models import Consignment
from shop.fulfilment.services import (
    FulfilmentError,
    cash_order_call,
    cash_parcel_deliver,
    cash_parcel_refuse,
    consignment_accept,
    consignment_lock,
)
from shop.seller.cash.forms import DeliverForm, DoorForm
from shop.seller.views import decision, order_page, shown


@decision
def take(request: HttpRequest, consignment: Consignment) -> str:
    """``…/da-goi/``: the buyer said yes on the phone, and the cooperative takes the order, in one step."""
    cash_order_take(consignment=consignment, by=request.workspace.by)
    return _("You took order %(number)s. Next: pack the goods.") % {"number": shown(consignment)}


@decision
def miss(request: HttpRequest, consignment: Consignment) -> str:
    """``…/khong-nghe-may/``: nobody answered. ``misses`` is how often that had happened on the page pressed."""
    cash_order_miss(consignment=consignment, seen=request.POST.get("misses", ""), by=request.workspace.by)
    return _("Written down: nobody answered. Try again later; the goods stay kept for this order.")


@decision
def deliver(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/giao-xong/``: the buyer has the parcel, the carrier has the cash. That is money: not for packers."""
    form = DeliverForm(request.POST, is_pickup=consignment.is_pickup)
    if not form.is_valid():
        return order_page(request, consignment, deliver_form=form, status=422)
    cash_parcel_deliver(consignment=consignment, carrier=form.cleaned_data["carrier"], by=request.workspace.by)
    return _("Order %(number)s is delivered. Its cash stands under Cash until the carrier brings it.") % {
        "number": shown(consignment)
    }


@decision
def door(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """``…/khach-khong-nhan/``: the buyer did not take the parcel."""
    form = DoorForm(request.POST)
    if not form.is_valid():
        return order_page(request, consignment, door_form=form, status=422)
    cash_parcel_refuse(consignment=consignment, reason=form.cleaned_data["reason"], by=request.workspace.by)
    return _("Order %(number)s came back. The goods are on sale again.") % {"number": shown(consignment)}


# -- Steps -------------------------------------------------------------------------------------------------------


@transaction.atomic
def cash_order_take(*, consignment: Consignment, by: str) -> Consignment:
    """Write down the call and take the order: both or nothing, and once however often the button is pressed."""
    try:
        cash_order_call(consignment=consignment, reached=True, by=by)
    except FulfilmentError as error:
        if error.code != Consignment.State.ACCEPTED:
            raise
    return consignment_accept(consignment=consignment, by=by)


@transaction.atomic
def cash_order_miss(*, consignment: Consignment, seen: str, by: str) -> None:
    """Write down one call that nobody answered; a page that knows of fewer calls was pressed twice."""
    locked = consignment_lock(consignment)
    if str(locked.events.filter(kind="not_reached").count()) == seen:
        cash_order_call(consignment=locked, reached=False, by=by)
