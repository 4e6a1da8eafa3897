"""``/ban-hang/giao-hang/ngay-gio/``: the hour and the weekdays on which parcels leave, and closed days."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop.core.dates import today
from shop.delivery.lunar import tet_days
from shop.delivery.models import ClosedDays, DeliveryRules
from shop.delivery.services import DeliveryError, closed_add, closed_remove, rules_set
from shop.seller.delivery.forms import CLOSED_PROBLEMS, ClosedForm, HoursForm, hours_initial, mask_of
from shop.seller.delivery.guards import sellers_only
from shop.seller.views import SeeOther, frame


@require_http_methods(["GET", "HEAD", "POST"])
@sellers_only
def page(request: HttpRequest) -> HttpResponse:
    """Look, or set hour and weekdays."""
    if request.method != "POST":
        return answer(request)
    form = HoursForm(request.POST)
    if not form.is_valid():
        return answer(request, form, status=422)
    values = form.cleaned_data
    rules_set(
        cooperative=request.workspace.cooperative,
        cut_off=values["cut_off"],
        weekdays=mask_of(values["weekdays"]),
        fresh_weekdays=mask_of(values["fresh"]),
        by=request.workspace.by,
    )
    messages.success(request, _("Saved. Buyers see the new days from now on."))
    return SeeOther(reverse("seller:delivery-hours"))


@require_POST
@sellers_only
def close(request: HttpRequest) -> HttpResponse:
    """``…/ngay-nghi/``: nothing leaves on these days."""
    form = ClosedForm(request.POST)
    if not form.is_valid():
        return answer(request, closed_form=form, status=422)
    try:
        closed_add(cooperative=request.workspace.cooperative, on=today(), by=request.workspace.by, **form.cleaned_data)
    except DeliveryError as error:
        form.add_error(*CLOSED_PROBLEMS[error.code])
        return answer(request, closed_form=form, status=422)
    messages.success(request, _("Closed days are saved. Buyers see the later day of arrival."))
    return SeeOther(reverse("seller:delivery-hours"))


@require_POST
@sellers_only
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """``…/ngay-nghi/<pk>/xoa/``: open again on these days."""
    rows = ClosedDays.objects.filter(cooperative=request.workspace.cooperative)
    closed = rows.filter(pk=pk).first() if pk < 2**63 else None
    if closed is None:
        raise Http404
    closed_remove(closed=closed, by=request.workspace.by)
    messages.success(request, _("You are open on these days again."))
    return SeeOther(reverse("seller:delivery-hours"))


def answer(
    request: HttpRequest, form: HoursForm | None = None, closed_form: ClosedForm | None = None, status: int = 200
) -> HttpResponse:
    cooperative, day = request.workspace.cooperative, today()
    rules = DeliveryRules.objects.filter(cooperative=cooperative).first()
    form = form or HoursForm(initial=hours_initial(rules))
    closed_form = closed_form or ClosedForm()
    closed = list(cooperative.closed_days.filter(last_day__gte=day))
    context: dict[str, Any] = {
        "form": form, "closed_form": closed_form, "forms": [form, closed_form], "closed": closed,
        "tet": tet_suggestion(closed), "today": day,
    }  # fmt: skip
    return render(request, "seller/delivery/hours.html", frame(request) | context, status=status)


def tet_suggestion(closed: list[ClosedDays]) -> dict[str, Any] | None:
    """Days for Tết when it is near and nothing is closed then yet."""
    days = tet_days(today())
    if days is None or any(row.first_day <= days[1] and row.last_day >= days[0] for row in closed):
        return None
    return {"first": max(days[0], today()), "last": days[1], "reason": _("Closed for Tết")}
