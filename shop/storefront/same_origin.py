"""A guard against forged posts that needs no cookie, so that public pages with a form stay cacheable.

A token in the page would set a cookie on every visitor and could not be shared by a cache. Browsers name the page
that a form was sent from; posts from elsewhere, and posts that do not say, are refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

#: Context for pages whose forms go to a guarded view: ``{% csrf_token %}`` prints nothing and sets no cookie.
NO_TOKEN = {"csrf_token": "NOTPROVIDED"}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the request comes from a page of this site (or of a trusted origin)."""
    source = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    if not source.netloc:
        return False
    if f"{source.scheme}://{source.netloc}" in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return source.netloc == request.get_host() and (source.scheme == "https" or not request.is_secure())


def same_origin_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Replaces the token check for one view: posts must come from this site's own pages, else 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unchecked = request.method in SAFE_METHODS or getattr(request, "_dont_enforce_csrf_checks", False)
        if unchecked or is_same_origin(request):
            return view(request, *args, **kwargs)
        return csrf_failure(request, reason="no or foreign origin")

    return csrf_exempt(guarded)
