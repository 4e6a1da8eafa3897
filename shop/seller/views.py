"""The cooperative's workspace: today's list, one order, three decisions. States change in the services only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.cooperatives.models import Membership
from shop.core.codes import display_number
from shop.core.dates import today as date_today
from shop.fulfilment.models import Consignment
from shop.fulfilment.services import FulfilmentError, consignment_accept, consignment_refuse
from shop.payment.services import PaymentError
from shop.reconciliation.services import transfer_confirm
from shop.seller.access import members_only, own
from shop.seller.cash.forms import DeliverForm, DoorForm, carriers_of
from shop.seller.forms import RefuseForm
from shop.seller.menu import more_for
from shop.seller.pages import frame
from shop.seller.panels import TABS, Panel, consignments_for_rows, counts_of

PAGE_SIZE = 20


class SeeOther(HttpResponseRedirect):
    """After a post: the next page is fetched with GET (303)."""

    status_code = 303


class Conflict(Exception):
    """The step cannot be done to the order as it is now; the text is for the seller."""


@require_safe
@members_only
def today(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/``: what waits to be done, and the orders, newest first. ``?tab=`` filters, ``?page=`` turns."""
    cooperative = request.workspace.cooperative
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else ""
    counts = counts_of(cooperative)
    page = Paginator(consignments_for_rows(cooperative, tab), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(request, counts) | {
        "tab": tab,
        "tabs": [{"name": name, "label": label, "count": counts[name]} for name, (label, _q) in TABS.items()],
        "page_obj": page,
        "panels": [Panel(consignment) for consignment in page.object_list],
        "day": date_today(),
    }
    return render(request, "seller/today.html", context)


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
            return order_page(request, consignment, problem=problem_text(error.code), status=409)
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
    request: HttpRequest,
    consignment: Consignment,
    *,
    form: Any = None,
    deliver_form: Any = None,
    door_form: Any = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The order as it is now, after whatever another person may just have done to it."""
    fresh = consignments_for_rows(request.workspace.cooperative).prefetch_related("events").get(pk=consignment.pk)
    people = Membership.objects.filter(cooperative=request.workspace.cooperative).select_related("user")
    panel = Panel(fresh, list(people))
    carriers = carriers_of(request.workspace.cooperative) if panel.can_deliver_cash else []
    context = frame(request) | {
        "panel": panel,
        "form": form or RefuseForm(),
        "deliver_form": deliver_form or DeliverForm(carriers=carriers, is_pickup=fresh.is_pickup),
        "door_form": door_form or DoorForm(),
        "carriers": carriers,
        "problem": problem,
    }
    context["forms"] = [context["form"], context["deliver_form"], context["door_form"]]
    return render(request, "seller/order.html", context, status=status)


def back_url(request: HttpRequest, consignment: Consignment) -> str:
    """The list that the button was pressed in, else the order."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("seller:order", kwargs={"number": consignment.order.number})


def shown(consignment: Consignment) -> str:
    return display_number(consignment.order.number)


def problem_text(code: str) -> str:
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
        "accepted": _("Somebody has already taken this order."),
        "handed_over": _("The goods are already on their way."),
        "delivered": _("The buyer already has the goods."),
        "returned": _("The goods have already come back."),
    }
    return texts.get(code, _("That is not possible now. Please look at the order again."))
