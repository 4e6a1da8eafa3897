"""The group's page, with or without a sentence on what did not work."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from shop.checkout.models import OrderGroup
from shop.core.places import commune
from shop.fulfilment.models import Consignment
from shop.storefront.orders.boxes import boxes_of, boxes_place
from shop.storefront.orders.panels import TO_PAY, OrderPanel, expire_overdue, panels_of
from shop.storefront.orders.version import version_of

#: Marks the way back from a payment page that the buyer left.
LEFT_CARD = "thoi"


def group_page(request: HttpRequest, group: OrderGroup, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The purchase as it is now. Its version is read first: what changes meanwhile brings the page anew."""
    version = version_of(group.code)
    panels = panels_of(group)
    if expire_overdue(panels):
        version, panels = version_of(group.code), panels_of(group)
    left_card = request.GET.get("the") == LEFT_CARD
    context = group_context(group, panels) | {"version": version, "problem": problem, "left_card": left_card}
    return private(render(request, "order/group.html", context, status=status))


def group_context(group: OrderGroup, panels: Sequence[OrderPanel]) -> dict[str, Any]:
    """Panels, those to be paid first on top, and what is paid by card together."""
    together = boxes_place(boxes_of(group, panels))
    waiting = [panel for panel in panels if panel.state == "waiting"]
    by_card = [panel for panel in panels if panel.state == "card"]
    to_pay = [*by_card, *waiting] if together else [*waiting, *by_card]
    open_panels = [panel for panel in panels if not panel.is_over]
    return {
        "group": group,
        "panels": panels,
        "ordered": to_pay + [panel for panel in panels if panel.state not in TO_PAY],
        "waiting": waiting,
        "by_card": by_card,
        "together": together,
        "payments": len(waiting) + (1 if together else len(by_card)),
        "open_panels": open_panels,
        "all_here": all(panel.consignment.state == Consignment.State.DELIVERED for panel in open_panels),
        "owed": any(panel.owed for panel in panels),
        "repaid": any(panel.repayments for panel in panels),
        "undecided": any(panel.undecided for panel in panels),
        "missed": any(panel.is_missed for panel in panels),
        "cash": [panel for panel in panels if panel.state == "cash"],
        "just_claimed": any(panel.claimed_at for panel in waiting),
        "now": next(iter(to_pay), None) if not together else None,
        "address": panels[0].order.shipping_address if panels else None,
        "commune": commune(group.ward_code),
    }


def private(response: HttpResponse) -> HttpResponse:
    """Kept by nobody on the way."""
    response["Cache-Control"] = "private, no-store"
    return response


def back_to(group: OrderGroup) -> HttpResponse:
    """After a change: the group's page, fresh."""
    return HttpResponseRedirect(reverse("order:group", kwargs={"code": group.code}))


def problem_page(request: HttpRequest, group: OrderGroup, text: str, status: int = 409) -> HttpResponse:
    """The group's page with a sentence on what did not work."""
    return group_page(request, group, problem=text, status=status)
