"""``/ban-hang/giao-hang/thu/``: what a buyer somewhere would pay, and why some ways are not offered there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shop.basket.splitting import goods_total
from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.delivery.models import REACH, DeliveryService
from shop.delivery.services import Quote, arrives_fresh, parcel_quotes, zone_of
from shop.delivery.words import arrival_text, terms_text
from shop.listings.lookup import ship_weight_of
from shop.listings.models import Listing
from shop.seller.delivery.forms import TryForm, sold_as
from shop.seller.delivery.guards import sellers_only
from shop.seller.views import frame


@dataclass(frozen=True)
class Parcel:
    """What is to be sent: grams, dong after discounts, days that it lasts (None: it keeps)."""

    weight_g: int
    goods: int
    transit_days: int | None


@require_safe
@sellers_only
def page(request: HttpRequest) -> HttpResponse:
    """The form, and its answer once a commune is chosen."""
    cooperative = prefetched(request.workspace.cooperative)
    listings = list(cooperative.listings.published().for_cards().order_by("product__title"))
    asked = "ward" in request.GET and "communes" not in request.GET
    form = TryForm(request.GET if asked else None, listings=listings, initial=initial_of(request, cooperative))
    context: dict[str, Any] = {"form": form, "answer": None}
    if asked and form.is_valid():
        context["answer"] = answer_of(request, cooperative, form.cleaned_data, listings)
    status = 422 if asked and form.errors else 200
    return render(request, "seller/delivery/try.html", frame(request) | context, status=status)


def prefetched(cooperative: Cooperative) -> Cooperative:
    """The cooperative with everything that a quote reads."""
    found = Cooperative.objects.select_related("delivery_rules")
    return found.prefetch_related("delivery_services__rates", "closed_days").get(pk=cooperative.pk)


def initial_of(request: HttpRequest, cooperative: Cooperative) -> dict[str, Any]:
    """What was chosen so far; a new province brings its communes first."""
    typed = {name: request.GET.get(name, "") for name in ("goods", "units", "kilos")}
    province = places.province(request.GET.get("province"))
    if province:
        return {**typed, "province": province.code}
    return {"province": cooperative.commune.province_code, "kilos": "3", "units": 1}


def answer_of(
    request: HttpRequest, cooperative: Cooperative, values: dict[str, Any], listings: list[Listing]
) -> dict[str, Any]:
    """Offers with prices and days, and what is not offered, with the reason."""
    parcel = parcel_of(request, values, listings)
    found = parcel_quotes(
        cooperative, values["ward"], weight_g=parcel.weight_g, goods=parcel.goods, transit_days=parcel.transit_days
    )
    offered = [quote for quote in found if arrives_fresh(quote, parcel.transit_days)]
    return {
        "commune": places.commune(values["ward"]),
        "parcel": parcel,
        "ways": [{"quote": q, "arrival": arrival_text(q), "terms": terms_text(q)} for q in offered],
        "left_out": left_out(cooperative, values["ward"], found, offered, parcel.transit_days),
    }


def parcel_of(request: HttpRequest, values: dict[str, Any], listings: list[Listing]) -> Parcel:
    """So many of the chosen goods, in the size chosen, with their price after offers, or just a weight."""
    found = {product.pk: (listing, product) for listing in listings for product in sold_as(listing)}
    if values["goods"] not in found:
        return Parcel(values["kilos"] or 0, 0, None)
    listing, product = found[values["goods"]]
    units, record = values["units"] or 1, product.stock_record
    goods = goods_total(product, record, units, request.strategy) if record else 0
    return Parcel(ship_weight_of(product) * units, goods, listing.max_transit_days)


def left_out(
    cooperative: Cooperative, ward_code: str, found: list[Quote], offered: list[Quote], transit_days: int | None
) -> list[dict[str, Any]]:
    """Services that the buyer does not see, with the reason."""
    shown, reached = {q.service.pk for q in offered}, {q.service.pk for q in found}
    zone = zone_of(cooperative, ward_code)
    return [
        {"service": service, "reason": reason_of(service, zone, service.pk in reached, transit_days)}
        for service in cooperative.delivery_services.all()
        if service.pk not in shown
    ]


def reason_of(service: DeliveryService, zone: str, reached: bool, transit_days: int | None) -> str:
    """Why a service is not offered."""
    if not service.is_active:
        return _("You switched it off.")
    if reached:
        return ngettext(
            "Too slow: it may take %(days)d days, the goods stay good for %(keeps)d day.",
            "Too slow: it may take %(days)d days, the goods stay good for %(keeps)d days.",
            transit_days,
        ) % {"days": service.days_max, "keeps": transit_days}
    if service.is_pickup:
        return _("You are closed for too long.")
    if REACH[service.zone] < REACH[zone]:
        return _("It does not go that far.")
    return _("A nearer way goes there, so buyers see that one.")
