"""The cooperatives: all of them, and one with its goods, papers, delivery and people."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shop.certifications.models import Certification
from shop.cooperatives.models import Cooperative
from shop.core import phone, places
from shop.core.text import search_terms
from shop.delivery.models import DeliveryService
from shop.listings.models import Listing
from shop.storefront.catalogue import MAX_PAGE_DIGITS, PAGE_SIZE, clean_query, ordered
from shop.storefront.facets import with_best_stars
from shop.storefront.filters import name_key
from shop.storefront.product import by_nearness, in_stock
from shop.storefront.same_origin import NO_TOKEN

WARD = "xa"
FEW_GOODS = 4


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """``/hop-tac-xa/``: everyone who sells here, by commune or by a word of the name."""
    query = clean_query(request.GET.get("q", ""))
    ward = request.GET.get(WARD, "")
    everyone = list(Cooperative.objects.published().annotate(goods=_goods_on_sale()))
    kept = matching(everyone, query)
    if places.commune(ward):
        kept = [one for one in kept if one.ward_code == ward]
    kept.sort(key=lambda one: name_key(one.display_name))
    page_obj = page_number(request, kept)
    context = {
        "meta_title": _("Cooperatives"),
        "meta_description": _("The cooperatives and producers of Dong Thap that sell here, with their communes."),
        "crumbs": [{"title": _("Cooperatives")}],
        "page_obj": page_obj,
        "total": len(kept),
        "coop_query": query,
        "communes": commune_choices(everyone, ward),
        "narrowed": bool(query or places.commune(ward)),
    }
    return render(request, "cooperatives/index.html", context)


def _goods_on_sale() -> Count:
    return Count("listings", filter=Q(listings__state=Listing.State.PUBLISHED))


def matching(cooperatives: list[Cooperative], query: str) -> list[Cooperative]:
    """Those that every word of the query fits, marks aside; there are hundreds of them, not thousands."""
    terms = search_terms(query)
    return [
        one
        for one in cooperatives
        if all(any(f" {term}" in one.search_text for term in alternatives) for alternatives in terms)
    ]


def commune_choices(cooperatives: list[Cooperative], chosen: str) -> list[tuple[str, str, int, bool]]:
    """Communes that have a cooperative: code, name, how many, whether chosen."""
    counted = Counter(one.ward_code for one in cooperatives)
    named = [(code, places.commune(code), count) for code, count in counted.items()]
    found = [(code, commune.name, count, code == chosen) for code, commune, count in named if commune]
    return sorted(found, key=lambda choice: name_key(places.commune(choice[0]).short_name))


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """``/hop-tac-xa/<slug>/``; 404 while it is not published."""
    cooperative = get_object_or_404(Cooperative.objects.published(), slug=slug)
    services = list(cooperative.delivery_services.filter(is_active=True).prefetch_related("rates"))
    listings = cooperative.listings.published()
    page_obj = page_number(request, ordered(with_best_stars(listings), "", "").for_cards())
    context = {
        "cooperative": cooperative,
        "page_obj": page_obj,
        "products": [_with_seller(listing, cooperative).product for listing in page_obj.object_list],
        "certificates": certificates(cooperative),
        "neighbours": neighbours(cooperative) if page_obj.paginator.count <= FEW_GOODS else [],
        "rates": [rate_row(service) for service in services if not service.is_pickup],
        "pickup": next((service for service in services if service.is_pickup), None),
        "facts": legal_facts(cooperative),
        "zalo": phone.zalo_url(cooperative.zalo),
        "crumbs": [{"title": _("Cooperatives"), "url": "../"}, {"title": cooperative.display_name}],
        "meta_title": cooperative.display_name,
        "meta_description": cooperative.intro[:300],
        **NO_TOKEN,
    }
    return render(request, "cooperatives/detail.html", context)


def _with_seller(listing: Listing, cooperative: Cooperative) -> Listing:
    listing.cooperative = cooperative
    return listing


def page_number(request: HttpRequest, rows: Any) -> Page:
    """The asked page of 24; no number is the first page, one too far is a 404."""
    asked = request.GET.get("page", "").strip()
    number = int(asked[: MAX_PAGE_DIGITS + 1]) if asked.isascii() and asked.isdigit() else 1
    try:
        return Paginator(rows, PAGE_SIZE).page(max(number, 1))
    except EmptyPage as error:
        raise Http404 from error


def neighbours(cooperative: Cooperative) -> list[Any]:
    """Four products from round about that can be had now, for a page with little of its own."""
    others = in_stock().exclude(cooperative=cooperative)
    return [one.product for one in by_nearness(others, cooperative.ward_code).for_cards()[:4]]


def certificates(cooperative: Cooperative) -> list[dict[str, Any]]:
    """Certificates in force for goods on sale, the most stars first."""
    rows = (
        Certification.objects.in_force()
        .filter(listing__cooperative=cooperative, listing__state=Listing.State.PUBLISHED)
        .select_related("listing__product")
        .order_by("-stars", "-decision_date")
    )
    return [
        {
            "row": row,
            "listing": row.listing,
            "stars_text": str(row.stars),
            "last_day": row.expires_on - timedelta(days=1),
        }
        for row in rows[:24]
    ]


def rate_row(service: DeliveryService) -> dict[str, Any]:
    """A service with its bands of weight for the table."""
    return {"service": service, "bands": list(service.rates.all()), "days": days_text(service)}


def days_text(service: DeliveryService) -> str:
    """How long it takes: ``1–2 days``."""
    first, last = service.days_min, service.days_max
    if last == 0:
        return _("The same day")
    span = str(last) if first in (0, last) else f"{first}–{last}"
    return ngettext("%(days)s day", "%(days)s days", last) % {"days": span}


def legal_facts(cooperative: Cooperative) -> list[dict[str, Any]]:
    """Who answers for the goods."""
    return [
        {"term": _("Legal name"), "value": cooperative.legal_name},
        {"term": _("Legal form"), "value": cooperative.get_kind_display()},
        {"term": _("Tax code"), "value": cooperative.tax_code},
        {"term": _("Representative"), "value": cooperative.representative},
        {"term": _("Registered office"), "value": cooperative.full_address},
        {"term": _("Phone number"), "value": phone.display(cooperative.phone), "url": f"tel:{cooperative.phone}"},
        {"term": _("E-mail"), "value": cooperative.email, "url": f"mailto:{cooperative.email}"},
    ]
