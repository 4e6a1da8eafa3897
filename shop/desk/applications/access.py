"""Who decides about sellers: officers with the right to, inside Wagtail's admin."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from shop.onboarding.services import name_of

PERMISSION = "onboarding.decide_application"


def may_decide(user: Any) -> bool:
    return user.has_perm(PERMISSION)


def officers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wagtail has asked for the sign-in already; without the right its own refusal follows."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_decide(request.user):
            raise PermissionDenied
        request.by = name_of(request.user)
        return view(request, *args, **kwargs)

    return guarded
