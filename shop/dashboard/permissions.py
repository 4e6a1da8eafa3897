"""Who works in the operators' dashboard. Cooperatives have their own workspace, province officers have Wagtail.

Being staff opens nothing here, nor does Oscar's ``partner.dashboard_access``: with that permission a partner's user
reads and changes orders that other partners have a part in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from oscar.apps.dashboard.permissions import DashboardPermission as OscarDashboardPermission

OPERATORS = "Điều hành"


def is_operator(user: Any) -> bool:
    """Whether the person may work in the dashboard: active, and a superuser or in the operators' group."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or user.groups.filter(name=OPERATORS).exists()


class DashboardPermission(OscarDashboardPermission):
    """Oscar's permissions, without the two shortcuts that let in more people than operators."""

    staff = ["is_superuser"]
    partner_dashboard_access = ["is_superuser"]


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send strangers to the shop's sign-in and refuse everybody who is not an operator."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        if not is_operator(request.user):
            raise PermissionDenied
        # Oscar's pages ask this flag whether a person sees everything; it lasts for this request, nothing is saved.
        request.user.is_staff = True
        return view(request, *args, **kwargs)

    return guarded


def closed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of Oscar's that this shop does not have."""

    @wraps(view)
    def gone(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404

    return operators_only(gone)
