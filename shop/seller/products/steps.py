"""What one tap does to a product of the list: price and stock in place, pause, archive, copy."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.core.money import MoneyError, dong
from shop.listings import services as listings
from shop.listings.errors import ListingError
from shop.listings.models import Listing
from shop.seller.products.guards import is_fetch, own_listing
from shop.seller.products.texts import error_text
from shop.seller.products.views import list_page
from shop.seller.views import SeeOther


@require_POST
@own_listing
def stock(request: HttpRequest, listing: Listing) -> HttpResponse:
    """``…/so-luong/``: ``stock`` and ``price``, each may be missing; ``seen`` is the stock that the page showed."""
    try:
        price, units = number(request, "price"), number(request, "stock")
        seen = number(request, "seen")
        if units is not None and units == seen:
            units = seen = None
        listings.price_stock_set(listing=listing, price=price, stock=units, stock_seen=seen, by=request.workspace.by)
    except ListingError as error:
        status = 409 if error.code in ("stock_moved", "archived") else 422
        text = error_text(error.code, error.left)
        if is_fetch(request):
            return JsonResponse({"error": text, "left": error.left}, status=status)
        return list_page(request, problem=(listing.pk, text), typed=request.POST, status=status)
    if is_fetch(request):
        return JsonResponse({"left": listing.product.stock_left, "text": _("Saved")})
    messages.success(request, _("Saved: %(title)s.") % {"title": listing.product.title})
    return SeeOther(back_url(request))


def back_url(request: HttpRequest) -> str:
    """The list as it was when the button was pressed."""
    wanted = request.POST.get("next", "")
    start = reverse("seller:products")
    is_ours = wanted.startswith(start) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else start


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number as people type it ("195.000"); None when it was not sent. ListingError for anything else."""
    typed = request.POST.get(name)
    if typed is None or (typed.strip() == "" and name != "stock"):
        return None
    try:
        return dong(typed[:20])
    except MoneyError as error:
        raise ListingError("stock" if name == "seen" else name, name) from error


@require_POST
@own_listing
def step(request: HttpRequest, listing: Listing, step: str) -> HttpResponse:
    """``…/buoc/<step>/``: one of STEPS; back to the list with what happened (303), or why not (409)."""
    if step not in STEPS:
        raise Http404
    try:
        url = STEPS[step](request, listing)
    except ListingError as error:
        return list_page(request, problem=(listing.pk, error_text(error.code)), status=409)
    return SeeOther(url or back_url(request))


def pause(request: HttpRequest, listing: Listing) -> None:
    listings.listing_pause(listing=listing, by=request.workspace.by)
    messages.success(request, _("%(title)s is paused: shoppers do not see it.") % named(listing))


def resume(request: HttpRequest, listing: Listing) -> None:
    listings.listing_resume(listing=listing, by=request.workspace.by)
    messages.success(request, _("%(title)s is on sale again.") % named(listing))


def archive(request: HttpRequest, listing: Listing) -> None:
    listings.listing_archive(listing=listing, by=request.workspace.by)
    messages.success(request, _("%(title)s is in the archive. It stays there for a year.") % named(listing))


def restore(request: HttpRequest, listing: Listing) -> str:
    back = listings.listing_restore(listing=listing, by=request.workspace.by)
    messages.success(request, _("%(title)s is out of the archive.") % named(listing))
    return reverse("seller:products") + f"?tab={back.state}"


def copy(request: HttpRequest, listing: Listing) -> str:
    key = request.POST.get("key", "")[:36] or None
    copied = listings.listing_copy(listing=listing, by=request.workspace.by, key=key)
    messages.success(request, _("This is a copy, still a draft. Change what is different, then send it."))
    return reverse("seller:product", kwargs={"pk": copied.pk})


def withdraw(request: HttpRequest, listing: Listing) -> str:
    listings.change_withdraw(listing=listing, by=request.workspace.by)
    messages.success(request, _("Taken back. Everything stays as shoppers see it now."))
    return reverse("seller:product", kwargs={"pk": listing.pk})


def named(listing: Listing) -> dict[str, str]:
    return {"title": listing.product.title}


STEPS = {
    "tam-dung": pause,
    "ban-tiep": resume,
    "luu-tru": archive,
    "lay-lai": restore,
    "nhan-ban": copy,
    "rut-lai": withdraw,
}
