"""Who may touch the goods, and how large a request may be."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from shop.listings.models import Listing
from shop.listings.photos import MAX_BYTES
from shop.seller.access import members_only, own
from shop.seller.products.texts import error_text
from shop.seller.views import frame

#: One picture of the largest size, or several as phones make them, and the form around them.
MAX_REQUEST = MAX_BYTES + 1024 * 1024


def is_fetch(request: HttpRequest) -> bool:
    """Whether a script of the page asks, not the browser itself."""
    return request.headers.get("X-Requested-With") == "fetch"


def closed(request: HttpRequest) -> HttpResponse:
    """Not this person's task."""
    return render(request, "seller/products/closed.html", frame(request), status=403)


def goods_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people of the cooperative who answer for the goods; the others read whom to ask (403)."""
    return members_only(view, closed)


def listing_find(pk: int) -> Listing | None:
    """The listing of that number, whoever's it is: ``own`` asks."""
    return Listing.objects.select_related("product", "cooperative").filter(pk=pk).first() if pk < 2**63 else None


#: The view gets the listing; the link leads into its cooperative. Other cooperatives' goods do not exist (404).
own_listing = own(listing_find, refused=closed)


def size_limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a huge upload by its announced length, before anything reads it; the check of the token comes after."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and (not length.isdecimal() or int(length) > MAX_REQUEST):
            return too_large(request)
        return protected(request, *args, **kwargs)

    return guarded


@goods_only
def too_large(request: HttpRequest) -> HttpResponse:
    """What was sent is too much at once; the page behind keeps what was typed."""
    text = error_text("too_big")
    if is_fetch(request):
        return JsonResponse({"error": text}, status=413)
    return render(request, "seller/products/too_large.html", frame(request) | {"problem": text}, status=413)
