"""``/ban-hang/giao-hang/``: the ways to send, one card each."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.core.dates import today
from shop.delivery.models import DeliveryRules, DeliveryService
from shop.delivery.services import ZONE_ORDER, DeliveryError, service_remove, service_save, service_switch
from shop.seller.delivery.forms import KEY, ServiceSheet
from shop.seller.delivery.guards import own_service, sellers_only
from shop.seller.delivery.words import zone_label
from shop.seller.views import SeeOther, frame


@require_safe
@sellers_only
def overview(request: HttpRequest) -> HttpResponse:
    """All services by zone, what is set about hours, the next closed days."""
    cooperative = request.workspace.cooperative
    services = sorted(
        cooperative.delivery_services.prefetch_related("rates"), key=lambda one: ZONE_ORDER.index(one.zone)
    )
    context = frame(request) | {
        "services": [{"service": service, "zone": zone_label(service.zone)} for service in services],
        "rules": DeliveryRules.objects.filter(cooperative=cooperative).first(),
        "closed": cooperative.closed_days.filter(last_day__gte=today()).first(),
    }
    return render(request, "seller/delivery/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sellers_only
def new(request: HttpRequest) -> HttpResponse:
    """``…/them/``: another way to send."""
    return sheet_answer(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@own_service
def edit(request: HttpRequest, service: DeliveryService) -> HttpResponse:
    """``…/<pk>/``: one way to send, with its weights."""
    return sheet_answer(request, service)


def sheet_answer(request: HttpRequest, service: DeliveryService | None) -> HttpResponse:
    """The form, another row of it, or the saved service."""
    sheet = ServiceSheet(service, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return sheet_page(request, sheet)
    if "more" in request.POST or "drop" in request.POST:
        return sheet_page(request, sheet, errors=False)
    if not sheet.is_valid():
        return sheet_page(request, sheet, status=422)
    try:
        saved = service_save(
            cooperative=request.workspace.cooperative,
            service=service,
            data=sheet.data(),
            key=key_of(request),
            by=request.workspace.by,
        )
    except DeliveryError:
        sheet.problem = _("There are enough ways to send. Take one out first.")
        return sheet_page(request, sheet, status=409)
    messages.success(request, _("“%(name)s” is saved. It holds for orders from now on.") % {"name": saved.name_vi})
    return SeeOther(reverse("seller:delivery"))


def sheet_page(request: HttpRequest, sheet: ServiceSheet, *, status: int = 200, errors: bool = True) -> HttpResponse:
    context: dict[str, Any] = {"sheet": sheet, "form": sheet.form, "service": sheet.service, "show_errors": errors}
    context["key"] = key_of(request) or secrets.token_hex(6)
    context["forms"] = sheet.forms if errors else []
    return render(request, "seller/delivery/service.html", frame(request) | context, status=status)


def key_of(request: HttpRequest) -> str:
    """The form's own key, when it is one of ours."""
    key = request.POST.get("key", "")
    return key if KEY.fullmatch(key) else ""


@require_POST
@own_service
def switch(request: HttpRequest, service: DeliveryService) -> HttpResponse:
    """``…/<pk>/bat-tat/``: ``on`` says what the button offered, so that a second press changes nothing."""
    on = request.POST.get("on") == "1"
    service_switch(service=service, on=on, by=request.workspace.by)
    text = _("Buyers can choose “%(name)s” now.") if on else _("“%(name)s” is off: buyers do not see it.")
    messages.success(request, text % {"name": service.name_vi})
    return SeeOther(reverse("seller:delivery"))


@require_http_methods(["GET", "HEAD", "POST"])
@own_service
def remove(request: HttpRequest, service: DeliveryService) -> HttpResponse:
    """``…/<pk>/xoa/``: asks first."""
    if request.method != "POST":
        return render(request, "seller/delivery/remove.html", frame(request) | {"service": service})
    service_remove(service=service, by=request.workspace.by)
    messages.success(request, _("“%(name)s” is gone. Orders that have it keep it.") % {"name": service.name_vi})
    return SeeOther(reverse("seller:delivery"))
