"""The cooperative's workspace: one order and the first decisions about it. States change in the services only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.cooperatives.models import Membership
from shop.core.codes import display_number
from shop.fulfilment.models import Consignment
from shop.fulfilment.services import FulfilmentError, consignment_accept, consignment_refuse
from shop.payment.services import PaymentError
from shop.reconciliation.services import transfer_confirm
from shop.seller.access import members_only, own
from shop.seller.forms import RefuseForm
from shop.seller.menu import more_for
from shop.seller.orders.page import CLAIMS, forms_of, problem_text
from shop.seller.pages import frame
from shop.seller.panels import Panel, consignments_for_rows
from shop.seller.roles import may_open


class SeeOther(HttpResponseRedirect):
    """After a post: the next page is fetched with GET (303)."""

    status_code = 303


class Conflict(Exception):
    """The step cannot be done to the order as it is now; the text is for the seller."""


@require_safe
@members_only
def more(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/them/``: everything that the person may do here."""
    context = frame(request) | {"sections": more_for(request.workspace.membership.role)}
    return render(request, "seller/more.html", context)


def order_find(number: str) -> Consignment | None:
    """What an address of an order is about. For ``own``, which asks whose it is."""
    return Consignment.objects.filter(order__number=number).first()


#: Gives the view the order of that number when one of the person's cooperatives sells it; 404 for all others.
own_order = own(order_find)


@require_safe
@own_order
def order(request: HttpRequest, consignment: Consignment) -> HttpResponse:
    """``/ban-hang/don/<number>/``: everything about one order."""
    return order_page(request, consignment)


def decision(view: Callable[..., str]) -> Callable[..., HttpResponse]:
    """A post that changes an order: back with a message (303), or the page with what stands in the way (409)."""

    @require_POST
    @own_order
    @wraps(view)
    def decided(request: HttpRequest, consignment: Consignment) -> HttpResponse:
        try:
            done = view(request, consignment)
        except Conflict as error:
            return order_page(request, consignment, problem=str(error), status=409)
        except (FulfilmentError, PaymentError) as error:
            return order_page(request, consignment, problem=problem_text(error), status=409)
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        return SeeOther(back_url(request, consignment))

    return decided


@decision
def money_confirm(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """The person saw the transfer in the cooperative's account."""
    panel = Panel(consignment)
    if panel.is_cash or str(panel.attempt.pk if panel.attempt else "") != request.POST.get("attempt"):
        raise Conflict(_("The buyer has changed the way to pay. Please look at the order again."))
    consignment = transfer_confirm(consignment=consignment, by=request.workspace.by)
    return _("Money received for %(number)s. Next: take the order.") % {"number": shown(consignment)}


@decision
def accept(request: HttpRequest, consignment: Consignment) -> str:
    """The cooperative takes the order."""
    consignment_accept(consignment=consignment, by=request.workspace.by)
    return _("You took order %(number)s. Next: pack the goods.") % {"number": shown(consignment)}


@decision
def refuse(request: HttpRequest, consignment: Consignment) -> str | HttpResponse:
    """The cooperative cannot serve the order, and says why."""
    if Panel(consignment).state == "expired":
        raise FulfilmentError("expired")
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return order_page(request, consignment, form=form, status=422)
    consignment_refuse(consignment=consignment, reason=form.cleaned_data["reason"], by=request.workspace.by)
    return _("You refused order %(number)s. The goods are on sale again.") % {"number": shown(consignment)}


# -- Parts -------------------------------------------------------------------------------------------------------


def order_page(
    request: HttpRequest, consignment: Consignment, *, problem: str = "", status: int = 200, **typed: Any
) -> HttpResponse:
    """The order as it is now, after whatever another person may just have done to it.

    ``typed``: forms with mistakes in them, by their name in the template.
    """
    rows = consignments_for_rows(request.workspace.cooperative).prefetch_related("reductions")
    fresh = rows.get(pk=consignment.pk)
    people = Membership.objects.filter(cooperative=request.workspace.cooperative).select_related("user")
    panel = Panel(fresh, list(people))
    role = request.workspace.membership.role
    may = {page: may_open(role, page) for page in ("refuse", "pack", "reduce")}
    context = frame(request) | {"panel": panel, "problem": problem, "may": may, "claims": CLAIMS}
    context |= forms_of(panel, request.workspace.cooperative, typed)
    return render(request, "seller/order.html", context, status=status)


def back_url(request: HttpRequest, consignment: Consignment | None) -> str:
    """The list that the button was pressed in, else the order; without an order the first page."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    if consignment is None:
        return reverse("seller:index")
    return reverse("seller:order", kwargs={"number": consignment.order.number})


def shown(consignment: Consignment) -> str:
    return display_number(consignment.order.number)
