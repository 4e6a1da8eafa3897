"""``/ban-hang/``: what waits to be done, the orders, and the question whether anything is new."""

import hashlib
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.core.dates import today as date_today
from shop.fulfilment.models import ConsignmentEvent
from shop.seller.access import Workspace, members_only
from shop.seller.orders.searching import LONGEST
from shop.seller.orders.todo import todo_of
from shop.seller.panels import TABS, Panel, consignments_for_rows, counts_of
from shop.seller.roles import may_open

PAGE_SIZE = 20
#: Where orders can be ticked: to be packed together, or to have their papers printed.
TICKED = ("accepted", "packed")


@require_safe
@members_only
def today(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/``: newest first. ``?tab=`` filters, ``?q=`` searches, ``?page=`` turns."""
    return today_page(request)


@require_safe
@members_only
def news(request: HttpRequest) -> JsonResponse:
    """``/ban-hang/hom-nay/``: ``{"version": "…"}``, asked every other second while the page is looked at."""
    return JsonResponse({"version": version_of(request.workspace)})


# -- Parts -------------------------------------------------------------------------------------------------------


def today_page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page; its version is read first, so what changes meanwhile brings it anew."""
    workspace = request.workspace
    version = version_of(workspace)
    asked = request.GET
    tab = asked.get("tab", "") if asked.get("tab") in TABS else ""
    typed = asked.get("q", "").strip()[:LONGEST]
    counts = counts_of(workspace.cooperative)
    rows = consignments_for_rows(workspace.cooperative, tab, typed)
    page = Paginator(rows, PAGE_SIZE).get_page(asked.get("page"))
    context: dict[str, Any] = {
        "workspace": workspace,
        "cooperative": workspace.cooperative,
        "counts": counts,
        "tab": tab,
        "query": typed,
        "tabs": [{"name": name, "label": label, "count": counts[name]} for name, (label, _q) in TABS.items()],
        "page_obj": page,
        "panels": [Panel(consignment) for consignment in page.object_list],
        "todo": todo_of(workspace) if is_front(request, tab, typed) else {},
        "may_tick": tab in TICKED and may_open(workspace.membership.role, "bulk"),
        "may_pack": may_open(workspace.membership.role, "pack"),
        "version": version,
        "problem": problem,
        "day": date_today(),
    }
    return render(request, "seller/today.html", context, status=status)


def is_front(request: HttpRequest, tab: str, typed: str) -> bool:
    """The first page without a filter: what is to be done stands on top."""
    return not tab and not typed and request.GET.get("page", "1") == "1"


def version_of(workspace: Workspace) -> str:
    """16 digits that change when an order, its history or the money to look at changes; one query.

    Histories only grow, so the last row of all tells.
    """
    events = ConsignmentEvent.objects.filter(consignment__cooperative=workspace.cooperative)
    facts = [events.aggregate(last=Max("pk"))["last"], workspace.money_todo]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
