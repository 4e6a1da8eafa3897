"""Pictures of a product: in parts over a bad line, and their order. Answers are for the page's script."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from shop.core.uploads import UploadRefused
from shop.listings import photos as services
from shop.listings import uploads
from shop.listings.changes import pending_of
from shop.listings.errors import ListingError
from shop.listings.models import Listing, PhotoUpload
from shop.seller.access import own
from shop.seller.products.guards import closed, is_fetch, own_listing
from shop.seller.products.texts import error_text, upload_text
from shop.seller.views import SeeOther

_ACTION = re.compile(r"(first|up|delete):([0-9]{1,15})")


def upload_find(token: str) -> PhotoUpload | None:
    """The picture on its way with that token, whoever's it is: ``own`` asks."""
    return PhotoUpload.objects.select_related("listing__product", "listing__cooperative").filter(token=token).first()


#: The view gets the upload when it belongs to one of the person's cooperatives; 404 for all others.
own_upload = own(upload_find, refused=closed)


@require_POST
@own_listing
def start(request: HttpRequest, listing: Listing) -> HttpResponse:
    """``size`` in bytes gives the address to send parts to, and how large a part should be."""
    typed = request.POST.get("size", "")
    try:
        size = int(typed) if typed.isdecimal() and len(typed) < 12 else 0
        upload = uploads.upload_start(listing=listing, size=size, by=request.workspace.by)
    except ListingError as error:
        return JsonResponse({"error": error_text(error.code)}, status=422)
    urls = {name: reverse(f"seller:photo-{name}", kwargs={"token": upload.token}) for name in ("chunk", "finish")}
    return JsonResponse({**urls, "offset": 0, "part": uploads.PART})


@require_http_methods(["GET", "HEAD", "POST"])
@own_upload
def chunk(request: HttpRequest, upload: PhotoUpload) -> HttpResponse:
    """GET and HEAD tell how many bytes arrived (``Upload-Offset``); POST with ``?offset=`` brings the next ones."""
    status = 200
    if request.method == "POST":
        try:
            upload = uploads.upload_put(upload=upload, offset=offset_of(request), content=part_of(request))
        except ListingError as error:
            upload.refresh_from_db()
            status = 409 if error.code == "offset" else 413
    response = JsonResponse({"offset": upload.received}, status=status)
    response["Upload-Offset"] = str(upload.received)
    return response


def offset_of(request: HttpRequest) -> int:
    typed = request.GET.get("offset", "")
    return int(typed) if typed.isdecimal() and len(typed) < 12 else -1


def part_of(request: HttpRequest) -> bytes:
    """The body, when its announced length is bearable."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > uploads.MAX_PART:
        raise ListingError("too_big", "photos")
    return request.read(uploads.MAX_PART + 1)


@require_POST
@own_upload
def finish(request: HttpRequest, upload: PhotoUpload) -> HttpResponse:
    """All parts are there: the picture is checked and joins the others."""
    try:
        listing = uploads.upload_finish(upload=upload, by=request.workspace.by)
    except ListingError as error:
        status = 409 if error.code == "offset" else 422
        return JsonResponse({"error": error_text(error.code), "offset": error.left}, status=status)
    except UploadRefused as error:
        return JsonResponse({"error": upload_text(error)}, status=422)
    return shown(request, listing)


@require_POST
@own_listing
def change(request: HttpRequest, listing: Listing) -> HttpResponse:
    """One picture to the front, up or away; ``photo`` is ``first:12``, ``up:12``, ``delete:12`` or ``drop:name``."""
    problems = photo_act(request, listing)
    if is_fetch(request):
        return shown(request, listing, problems)
    return SeeOther(reverse("seller:product", kwargs={"pk": listing.pk}) + "#photos")


def photo_act(request: HttpRequest, listing: Listing) -> list[str]:
    """Do what a button beside a picture asks for; gives what stands in the way."""
    wanted, by = request.POST.get("photo", "")[:220], request.workspace.by
    try:
        if wanted.startswith("drop:"):
            services.photo_withdraw(listing=listing, name=wanted.removeprefix("drop:"), by=by)
        elif found := _ACTION.fullmatch(wanted):
            step = {"first": services.photo_first, "up": services.photo_up, "delete": services.photo_delete}[found[1]]
            step(listing=listing, photo_id=int(found[2]), by=by)
    except ListingError as error:
        return [error_text(error.code)]
    return []


def shown(request: HttpRequest, listing: Listing, problems: list[str] | None = None) -> HttpResponse:
    """The pictures as they are now, for the script to put in place."""
    context = {"listing": listing, "photos": services.photos_of(listing), "pending": pending_of(listing)}
    context["problems"] = problems or []
    return render(request, "seller/products/_photos.html", context, status=409 if problems else 200)
