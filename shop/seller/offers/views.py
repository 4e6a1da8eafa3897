"""``/ban-hang/khuyen-mai/``: a cooperative's offers on its own goods, and their codes."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.listings.models import Listing
from shop.promotions.models import CooperativeOffer
from shop.promotions.services import (
    MOST_CODES,
    OfferData,
    OfferError,
    Voucher,
    listings_of,
    offer_create,
    offer_stop,
    offer_update,
    voucher_create,
    vouchers_create,
)
from shop.seller.delivery.guards import sellers_only
from shop.seller.offers.forms import CHOSEN, LimitsForm, OfferForm, day_end, day_start, key_new, limits_initial
from shop.seller.offers.words import CHIPS, KINDS, effect_text, example_of, problem_of
from shop.seller.views import SeeOther, frame

State = CooperativeOffer.State
KEY = re.compile(r"[0-9a-f]{16}")
GROUPS = {State.RUNNING: "running", State.PLANNED: "planned"}
MOST_SHOWN = 100


def own_offer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view an offer of the person's cooperative; 404 for any other."""

    @sellers_only
    @wraps(view)
    def found(request: HttpRequest, pk: int) -> HttpResponse:
        offer = offers_of(request).filter(pk=pk).first() if pk < 2**63 else None
        if offer is None:
            raise Http404
        return view(request, offer)

    return found


def offers_of(request: HttpRequest) -> Any:
    """The cooperative's offers with all that a row shows."""
    mine = CooperativeOffer.objects.filter(cooperative=request.workspace.cooperative)
    return mine.select_related("offer__condition", "offer__benefit").prefetch_related("offer__vouchers")


@require_safe
@sellers_only
def index(request: HttpRequest) -> HttpResponse:
    """Running, planned and past offers."""
    groups: dict[str, list[dict[str, Any]]] = {"running": [], "planned": [], "past": []}
    for offer in offers_of(request)[:MOST_SHOWN]:
        groups[GROUPS.get(offer.state, "past")].append(row_of(offer))
    return render(request, "seller/offers/index.html", frame(request) | {"groups": groups, "kinds": KINDS})


def row_of(offer: CooperativeOffer) -> dict[str, Any]:
    """An offer for a list."""
    codes = list(offer.offer.vouchers.all())
    return {
        "offer": offer,
        "effect": effect_text(offer.kind, offer.value, offer.cap, offer.min_spend),
        "state": State(offer.state).label,
        "chip": CHIPS[State(offer.state)],
        "codes": len(codes),
        "code": codes[0].code if len(codes) == 1 else "",
    }


# -- A new one ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@sellers_only
def new(request: HttpRequest) -> HttpResponse:
    """``…/them/``: first the kind (``?kind=``), then its few fields; "try" only shows the example."""
    kind = request.GET.get("kind", "")
    if kind not in CooperativeOffer.Kind:
        return render(request, "seller/offers/kinds.html", frame(request) | {"kinds": KINDS})
    cooperative = request.workspace.cooperative
    if request.method != "POST":
        return form_page(request, OfferForm(kind=kind, cooperative=cooperative))
    form = OfferForm(request.POST, kind=kind, cooperative=cooperative)
    if not form.is_valid():
        return form_page(request, form, status=422)
    if "try" in request.POST:
        return form_page(request, form)
    try:
        offer = offer_open(request, form)
    except OfferError as error:
        form.add_error(*problem_of(error))
        return form_page(request, form, status=409 if error.code in ("overlap", "too_many") else 422)
    messages.success(request, _("“%(title)s” is saved.") % {"title": offer.title})
    return SeeOther(reverse("seller:offer", kwargs={"pk": offer.pk}))


@transaction.atomic
def offer_open(request: HttpRequest, form: OfferForm) -> CooperativeOffer:
    """The offer with its codes: both or nothing."""
    key = request.POST.get("key", "")
    data: OfferData = form.offer_data()
    by = request.workspace.by
    offer = offer_create(
        cooperative=request.workspace.cooperative, data=data, key=key if KEY.fullmatch(key) else key_new(), by=by
    )
    if data.code_usage == Voucher.SINGLE_USE:
        vouchers_create(offer=offer, count=form.cleaned_data["count"], by=by)
    elif data.code_usage and not (offer.offer.vouchers.exists() and not form.cleaned_data["code"]):
        voucher_create(offer=offer, usage=data.code_usage, code=form.cleaned_data["code"], by=by)
    return offer


def form_page(request: HttpRequest, form: OfferForm, status: int = 200) -> HttpResponse:
    key = request.POST.get("key", "")
    context = {
        "form": form,
        "kind": form.kind,
        "kind_label": next(label for code, _icon, label, _note in KINDS if code == form.kind),
        "key": key if KEY.fullmatch(key) else key_new(),
        "example": example_for(request, form),
    }
    return render(request, "seller/offers/new.html", frame(request) | context, status=status)


def example_for(request: HttpRequest, form: OfferForm) -> dict[str, Any]:
    """What one of the goods would cost by what is typed; before anything is typed, by a small offer."""
    values = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    first = {"percent": 10, "multibuy": 2}.get(form.kind, 10_000)
    chosen = values.get("listings") if values.get("goods") == CHOSEN else None
    shown = list(chosen[:1]) if chosen else []
    goods = Listing.objects.filter(cooperative=request.workspace.cooperative, state=Listing.State.PUBLISHED)
    goods = goods.filter(pk=shown[0].pk) if shown else goods
    listing = goods.for_cards().order_by("pk").first()
    value = values.get("value") if form.is_bound else first
    return example_of(form.kind, value, listing, values.get("min_spend") or 0, values.get("cap"))


# -- One that is there --------------------------------------------------------------------------------------------


@require_safe
@own_offer
def detail(request: HttpRequest, offer: CooperativeOffer) -> HttpResponse:
    """``…/<pk>/``: what it gives, how often it was used, its codes, and the button that stops it."""
    return detail_page(request, offer)


@require_POST
@own_offer
def change(request: HttpRequest, offer: CooperativeOffer) -> HttpResponse:
    """``…/<pk>/sua/``: name, days, limits."""
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return detail_page(request, offer, form, status=422)
    values = form.cleaned_data
    try:
        offer_update(
            offer=offer, title=values["title"] or offer.title, starts_at=day_start(values["starts"]),
            ends_at=day_end(values["ends"]), max_uses=values["max_uses"], budget=values["budget"],
            by=request.workspace.by,
        )  # fmt: skip
    except OfferError as error:
        form.add_error(*problem_of(error))
        return detail_page(request, offer, form, status=409)
    messages.success(request, _("Saved."))
    return SeeOther(reverse("seller:offer", kwargs={"pk": offer.pk}))


@require_POST
@own_offer
def stop(request: HttpRequest, offer: CooperativeOffer) -> HttpResponse:
    """``…/<pk>/ngung/``: over now."""
    offer_stop(offer=offer, by=request.workspace.by)
    messages.success(request, _("“%(title)s” is stopped. Orders that have it keep it.") % {"title": offer.title})
    return SeeOther(reverse("seller:offer", kwargs={"pk": offer.pk}))


@require_POST
@own_offer
def codes(request: HttpRequest, offer: CooperativeOffer) -> HttpResponse:
    """``…/<pk>/ma/``: more codes for one use. ``have`` is how many the page showed: a double click adds once."""
    have, more = (number_of(request.POST.get(name, "")) for name in ("have", "more"))
    if not offer.needs_code or not more or have + more > MOST_CODES:
        problem = _("Please write a number from 1 to %(most)d.") % {"most": max(1, MOST_CODES - have)}
        return detail_page(request, offer, problem=problem, status=422)
    try:
        made = vouchers_create(offer=offer, count=have + more, by=request.workspace.by)
    except OfferError as error:
        return detail_page(request, offer, problem=problem_of(error)[1], status=409)
    messages.success(request, ngettext("%(n)d more code.", "%(n)d more codes.", len(made)) % {"n": len(made)})
    return SeeOther(reverse("seller:offer", kwargs={"pk": offer.pk}))


def number_of(typed: str) -> int:
    """A small number as typed; 0 for anything else."""
    return int(typed) if re.fullmatch(r"[0-9]{1,4}", typed) else 0


def detail_page(
    request: HttpRequest, offer: CooperativeOffer, form: LimitsForm | None = None, problem: Any = "", status: int = 200
) -> HttpResponse:
    vouchers = offer.offer.vouchers.prefetch_related("applications").order_by("code")
    context = row_of(offer) | {
        "form": form or LimitsForm(initial=limits_initial(offer)),
        "listings": listings_of(offer),
        "vouchers": [{"row": row, "used": len(row.applications.all())} for row in vouchers],
        "is_single": any(row.usage == Voucher.SINGLE_USE for row in vouchers),
        "is_open": offer.state in (State.RUNNING, State.PLANNED),
        "problem": problem,
    }
    return render(request, "seller/offers/detail.html", frame(request) | context, status=status)
