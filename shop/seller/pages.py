"""What every page of the workspace needs around it, and the page that says whose task something is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from shop.cooperatives.models import Membership
from shop.seller.panels import counts_of
from shop.seller.roles import ROLES


def frame(request: HttpRequest, counts: dict[str, int] | None = None) -> dict[str, Any]:
    """What the header and the menu of every page of the workspace need."""
    workspace = request.workspace
    return {
        "workspace": workspace,
        "cooperative": workspace.cooperative,
        "counts": counts or counts_of(workspace.cooperative),
    }


def not_your_task(request: HttpRequest) -> HttpResponse:
    """Whose task it is (403): the roles of the page in the table."""
    page = request.workspace.page
    roles = [str(role.label).lower() for role in Membership.Role if role in ROLES.get(page, ())]
    text = _("Nobody in the cooperative can open this page.")
    if roles:
        people = get_text_list(roles, _("or"))
        text = _("This is a task for: %(people)s. Nothing has been changed. Please ask one of them.") % {
            "people": people
        }
    number = request.resolver_match.kwargs.get("number")
    back = reverse("seller:order", kwargs={"number": number}) if number else reverse("seller:index")
    context = frame(request) | {"title": _("Not your task"), "text": text, "back": back, "is_order": bool(number)}
    return render(request, "seller/not_your_task.html", context, status=403)
