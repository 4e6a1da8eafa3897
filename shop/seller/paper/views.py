"""``/ban-hang/giay-to/``: choose orders, press what is to be printed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shop.core.dates import today
from shop.fulfilment.models import Consignment
from shop.order.models import Order
from shop.paper import documents
from shop.paper.parcels import MAX_ORDERS, STAGES, Parcel, parcels_with_all, selection_of
from shop.paper.poster import SIZES
from shop.paper.poster import poster as poster_pdf
from shop.paper.rendering import PaperError
from shop.seller.paper.guards import Document, document, printing
from shop.seller.roles import may_open
from shop.seller.views import frame


@printing
def choose(request: HttpRequest) -> HttpResponse:
    """The papers, and the orders of a stage (``?buoc=``) to tick; none ticked means all of them."""
    cooperative = request.workspace.cooperative
    stage = stage_of(request)
    here = Consignment.objects.filter(cooperative=cooperative)
    orders = Order.objects.filter(consignment__in=here.filter(state=stage))
    labels = dict(Consignment.State.choices)
    role = request.workspace.membership.role
    context = frame(request) | {
        "stage": stage,
        "stages": [(name, labels[name], here.filter(state=name).count()) for name in STAGES],
        "count": orders.count(),
        "parcels": parcels_with_all(orders, most=MAX_ORDERS),
        "limit": MAX_ORDERS,
        "ticked": request.GET.getlist("don")[:MAX_ORDERS],
        "may_price": may_open(role, "paper-prices"),
        "may_poster": may_open(role, "paper-poster"),
    }
    return render(request, "seller/paper/choose.html", context)


@document
def pick(request: HttpRequest) -> Document:
    """What to take out of the store for the chosen orders."""
    return documents.pick_list(request.workspace.cooperative, chosen(request)), named(_("Pick list"))


@document
def slips(request: HttpRequest) -> Document:
    """A page for each parcel."""
    return documents.packing_slips(request.workspace.cooperative, chosen(request)), named(_("Packing slips"))


@document
def labels(request: HttpRequest) -> Document:
    """``?co=a6`` for the thermal printer, ``4`` or ``8`` for sheets of A4."""
    size = request.GET.get("co", "")
    size = size if size in documents.FORMATS else documents.THERMAL
    content = documents.address_labels(request.workspace.cooperative, chosen(request), size)
    return content, named(_("Address labels"))


@document
def contracts(request: HttpRequest) -> Document:
    """The contract of sale and delivery note of each order."""
    return documents.contracts(chosen(request)), named(_("Delivery notes"))


@document
def poster(request: HttpRequest) -> Document:
    """``?kho=a4`` or ``a5``."""
    size = request.GET.get("kho", "")
    cooperative = request.workspace.cooperative
    content = poster_pdf(cooperative, size if size in SIZES else "a4")
    return content, f"{_('Stall poster')} {cooperative.display_name}"


# -- Parts -------------------------------------------------------------------------------------------------------


def stage_of(request: HttpRequest) -> str:
    """The stage asked for, else the one that is to be packed."""
    stage = request.GET.get("buoc", "")
    return stage if stage in STAGES else STAGES[0]


def chosen(request: HttpRequest) -> list[Parcel]:
    """The orders of ``?don=``, or all of the stage. When one has no paper nothing is printed before that is said."""
    selection = selection_of(request.workspace.cooperative, request.GET.getlist("don"), stage_of(request))
    if selection.left_out:
        rest: list[Any] = [parcel.number for parcel in selection.parcels]
        raise PaperError("left_out", left_out=selection.left_out, rest=rest)
    return selection.parcels


def named(title: str) -> str:
    """The file's name: what it is, and of which day."""
    return f"{title} {today():%Y-%m-%d}"
