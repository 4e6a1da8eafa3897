"""Whose sheet it is, and how much may be sent at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from shop.seller.access import own
from shop.seller.products.guards import closed
from shop.sheets.models import SheetJob
from shop.sheets.pictures import MAX_ARCHIVE
from shop.sheets.reading import MAX_BYTES

#: The sheet, its pictures, and the form around them.
MAX_REQUEST = MAX_BYTES + MAX_ARCHIVE + 64 * 1024

View = Callable[..., HttpResponse]


def job_find(pk: int) -> SheetJob | None:
    """The sheet of that number, whoever's it is: ``own`` asks."""
    return SheetJob.objects.select_related("cooperative").filter(pk=pk).first() if pk < 2**63 else None


#: The view gets the sheet; other cooperatives' sheets do not exist (404).
own_job = own(job_find, refused=closed)


def size_limited(refused: View) -> Callable[[View], View]:
    """Refuse a huge upload by its announced length, before anything reads it; the check of the token comes after."""

    def decorate(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            length = request.META.get("CONTENT_LENGTH") or "0"
            if request.method == "POST" and (not length.isdecimal() or int(length) > MAX_REQUEST):
                return refused(request)
            return protected(request, *args, **kwargs)

        return guarded

    return decorate
