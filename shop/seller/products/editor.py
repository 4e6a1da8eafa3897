"""``/ban-hang/hang/moi/`` and ``/ban-hang/hang/<pk>/``: one product from its photo to the province's desk.

A draft is saved after every change, by the page's script or by its button; the right values are kept even when others
are wrong. Goods that shoppers know are changed all at once, and their words wait for the province.
"""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.core.uploads import UploadRefused
from shop.listings.changes import pending_of, proposed_fields
from shop.listings.errors import ListingError
from shop.listings.fields import MAX_STOCK
from shop.listings.models import Listing
from shop.listings.photos import photo_add, photos_of, picture_store
from shop.listings.services import UNSEEN, listing_create, listing_send, listing_update
from shop.seller.products.forms import UNITS, ListingForm
from shop.seller.products.guards import goods_only, is_fetch, own_listing, size_limited
from shop.seller.products.photos import photo_act
from shop.seller.products.texts import chip_of, error_text, missing_text, upload_text
from shop.seller.views import SeeOther, frame
from shop.variants.queries import stock_prefetches

FILES_AT_ONCE = 10
KEY_LENGTH = 36
#: What a product keeps saying once others read it, the province or shoppers.
NEVER_EMPTY = ("title", "unit_vi", "ward_code")


@size_limited
@require_http_methods(["GET", "HEAD", "POST"])
@goods_only
def new(request: HttpRequest) -> HttpResponse:
    """An empty form. The first thing saved, a name or a picture, makes the draft; ``key`` makes it one draft."""
    if request.method != "POST":
        return page(request, None, form_for(request, None))
    form = form_for(request, None)
    form.is_valid()
    key = request.POST.get("key", "")[:KEY_LENGTH] or None
    try:
        cooperative, by = request.workspace.cooperative, request.workspace.by
        listing = listing_create(cooperative=cooperative, fields=form.fields_said(None), by=by, key=key)
    except ListingError as error:
        form_error(form, error)
        return answer(request, None, form)
    # A second press finds the draft of the first one, perhaps with more typed.
    return saved(request, listing, form_for(request, listing))


@size_limited
@require_http_methods(["GET", "HEAD", "POST"])
@own_listing
def edit(request: HttpRequest, listing: Listing) -> HttpResponse:
    """The product as the cooperative wants it."""
    if request.method != "POST":
        return page(request, listing, form_for(request, listing))
    return saved(request, listing, form_for(request, listing))


def saved(request: HttpRequest, listing: Listing, form: ListingForm) -> HttpResponse:
    """Values, then pictures, then the button that was pressed; whatever is wrong stands beside its field (422)."""
    is_valid = form.is_valid()
    if is_valid or listing.state in (Listing.State.DRAFT, Listing.State.REFUSED):
        values_save(request, listing, form)
    problems = files_save(request, listing) + photo_act(request, listing)
    if not form.errors and not problems and request.POST.get("do") == "send":
        send(request, listing, form)
    return answer(request, listing, form, problems)


def values_save(request: HttpRequest, listing: Listing, form: ListingForm) -> None:
    """The right values of a draft; all or nothing of goods that shoppers know. Errors go into the form."""
    if listing.state not in (Listing.State.DRAFT, Listing.State.REFUSED):
        for name in NEVER_EMPTY:
            if not form.cleaned_data.get(name) and name not in form.errors:
                form.add_error(name, missing_text(name))
        if form.errors:
            return
    base = proposed_fields(listing, pending_of(listing))
    said, seen = form.fields_said(base), stock_seen(request)
    if said.stock == seen:  # nobody touched it, so an order placed meanwhile is no conflict
        said = replace(said, stock=None)
    try:
        listing_update(listing=listing, fields=said, by=request.workspace.by, stock_seen=seen)
    except ListingError as error:
        form_error(form, error)


def stock_seen(request: HttpRequest) -> int | None:
    """The stock that the page showed; None when it showed none."""
    typed = request.POST.get("stock_seen", "")
    return min(int(typed), MAX_STOCK) if typed.isdecimal() and len(typed) < 8 else None


def files_save(request: HttpRequest, listing: Listing) -> list[str]:
    """Pictures that came with the form; gives what is wrong with any of them."""
    problems = []
    for file in request.FILES.getlist("photos")[:FILES_AT_ONCE]:
        try:
            photo_add(listing=listing, name=picture_store(listing, file), by=request.workspace.by)
        except (UploadRefused, ListingError) as error:
            problems.append(f"{file.name[:60]}: {upload_text(error)}")
    return problems


def send(request: HttpRequest, listing: Listing, form: ListingForm) -> None:
    """To the province's desk; goods that shoppers know are there already with their changes."""
    listing.refresh_from_db()
    if listing.state not in UNSEEN:
        return
    try:
        listing_send(listing=listing, by=request.workspace.by)
    except ListingError as error:
        for name in error.missing:
            form.add_error(name if name in form.fields else None, missing_text(name))
        if not error.missing:
            form_error(form, error)


# -- Answers --------------------------------------------------------------------------------------------------------


def answer(
    request: HttpRequest, listing: Listing | None, form: ListingForm, problems: list[str] | None = None
) -> HttpResponse:
    """On to the next page (303), or the form with what is wrong (422); a few facts for the page's script."""
    if listing:
        listing = Listing.objects.select_related("product", "cooperative").get(pk=listing.pk)
    is_wrong = bool(form.errors or problems)
    if is_fetch(request):
        return JsonResponse(facts(listing, form), status=422 if is_wrong else 200)
    if is_wrong:
        return page(request, listing, form, problems, status=422)
    messages.success(request, done_text(listing, request.POST.get("do", "")))
    stays = request.POST.get("do") != "send" and listing.state in UNSEEN
    return SeeOther(reverse("seller:product", kwargs={"pk": listing.pk}) if stays else list_url(listing))


def facts(listing: Listing | None, form: ListingForm) -> dict[str, Any]:
    """What the script shows after saving quietly."""
    errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
    if listing is None:
        return {"errors": errors}
    return {
        "errors": errors,
        "url": reverse("seller:product", kwargs={"pk": listing.pk}),
        "start": reverse("seller:photo-start", kwargs={"pk": listing.pk}),
        "photos": reverse("seller:product-photo", kwargs={"pk": listing.pk}),
        "set": listing.ocop_set or "",
    }


def done_text(listing: Listing, do: str) -> str:
    """What happened, and what comes next."""
    if listing.state == Listing.State.REVIEW:
        return _("Sent. The province looks at it within one working day; you will get a message.")
    if listing.state in UNSEEN:
        return _("The draft is saved.")
    if pending_of(listing):
        return _("Saved. The new words wait for the province; shoppers see the old ones until then.")
    return _("Saved. Shoppers see it now.")


def list_url(listing: Listing) -> str:
    tab = {"published": "", "review": "review"}.get(listing.state, listing.state)
    return reverse("seller:products") + (f"?tab={tab}" if tab else "")


def form_for(request: HttpRequest, listing: Listing | None) -> ListingForm:
    data = request.POST if request.method == "POST" else None
    said = proposed_fields(listing, pending_of(listing)) if listing else None
    return ListingForm(data, said=said, ward_code=request.workspace.cooperative.ward_code)


def form_error(form: ListingForm, error: ListingError) -> None:
    """The reason beside the field that is to blame, else over the form."""
    form.add_error(error.field if error.field in form.fields else None, error_text(error.code, error.left))


def page(
    request: HttpRequest,
    listing: Listing | None,
    form: ListingForm,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor."""
    if listing:
        prefetch_related_objects([listing.product], *stock_prefetches())
    pending = pending_of(listing) if listing else None
    said = proposed_fields(listing, pending) if listing else None
    last = listing.changes.exclude(state="withdrawn").first() if listing else None
    context = frame(request) | {
        "listing": listing,
        "form": form,
        "key": request.POST.get("key", "")[:KEY_LENGTH] or uuid.uuid4(),
        "has_sizes": bool(listing and listing.product.is_parent),
        "stock_seen": said.stock if said and said.stock is not None else "",
        "units": [{"text": unit, "grams": grams or ""} for unit, grams in UNITS],
        "photos": photos_of(listing) if listing else [],
        "pending": pending,
        "refused_change": last if last and last.state == "refused" else None,
        "problems": problems or [],
        "chip": chip_of(listing.state) if listing else None,
        "is_unseen": listing is None or listing.state in UNSEEN,
        # What a reviewer may be reading is not changed half-way through a word.
        "is_autosaved": listing is None or listing.state in (Listing.State.DRAFT, Listing.State.REFUSED),
    }
    return render(request, "seller/products/editor.html", context, status=status)
