"""One product: what it is, what it costs here and at your door, who makes it, and the paper that proves its stars."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import segno
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, When
from django.db.models.functions import Abs, Cast, Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.catalogue.images import rendition_url
from shop.core import ocop, phone
from shop.core.dates import month_ranges, next_month_in, today
from shop.core.lang import pick
from shop.core.money import format_dong, format_weight
from shop.delivery.models import DeliveryService
from shop.listings.models import ALL_YEAR, Listing, ListingQuerySet, month_bit
from shop.partner.models import StockRecord
from shop.reviews.lists import Average, average_of, public_of
from shop.storefront.catalogue import sector_url
from shop.storefront.delivery_place import deliver_to, offer
from shop.storefront.facets import SET
from shop.storefront.filters import month_name
from shop.storefront.place import ward_of
from shop.storefront.places import form_for
from shop.storefront.same_origin import NO_TOKEN

RELATED = 4
#: Reviews on the product's own page; the rest stands on theirs.
REVIEWS = 5
REVIEW_PAGE = 20
#: No database key is larger; asking SQLite for one that is fails instead of finding nothing.
BIGGEST_KEY = 2**63 - 1
#: From here on the number left is worth saying.
FEW_LEFT = 20


def published(pk: int) -> Listing:
    """The listing of a product that shoppers may see, with all that its page shows; 404 for any other."""
    services = DeliveryService.objects.filter(is_active=True).prefetch_related("rates")
    listings = Listing.objects.published().for_cards()
    listings = listings.prefetch_related(Prefetch("cooperative__delivery_services", services))
    found = listings.filter(product_id=pk).first() if pk <= BIGGEST_KEY else None
    if found is None:
        raise Http404
    return found


@require_safe
def detail(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    """``/san-pham/<slug>-<pk>/``. The number decides; an old or mistyped name leads to today's address."""
    listing = published(pk)
    if product_slug != listing.product.slug:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(listing.product.get_absolute_url() + (f"?{query}" if query else ""))
    return render(request, "catalogue/detail.html", product_context(request, listing))


@require_safe
@cache_control(public=True, max_age=86400)
def qr(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    """The page's address as a QR code to print, an SVG without any style."""
    listing = published(pk)
    address = request.build_absolute_uri(listing.product.get_absolute_url())
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=8, border=4, light="#fff", title=listing.title, xmldecl=True
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml; charset=utf-8")


@require_safe
def reviews(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    """``…/nhan-xet/``: everything that buyers said about a product."""
    listing = published(pk)
    page = Paginator(public_of(listing.product), REVIEW_PAGE).get_page(request.GET.get("page"))
    context = {
        "listing": listing,
        "product": listing.product,
        "average": average_of(listing.product),
        "page_obj": page,
        "reviews": page.object_list,
        "crumbs": [
            *crumbs(listing)[:-1],
            {"title": listing.title, "url": listing.product.get_absolute_url()},
            {"title": _("Reviews")},
        ],
        **NO_TOKEN,
    }
    return render(request, "catalogue/reviews.html", context)


def product_context(request: HttpRequest, listing: Listing) -> dict[str, Any]:
    """Everything the template shows."""
    product, cooperative = listing.product, listing.cooperative
    average = average_of(product)
    ward_code = ward_of(request)
    related = related_listings(listing)
    return {
        "listing": listing,
        "product": product,
        "cooperative": cooperative,
        "few_left": 0 < product.stock_left <= FEW_LEFT,
        "pictures": [rendition_url(image.original.name, 800) for image in product.images.all()],
        "certificate": certificate_panel(listing),
        "offer": offer(listing, ward_code, cooperative.delivery_services.all()),
        "place_form": form_for(ward_code),
        "deliver_to": {**deliver_to(request), "url": "#delivery"},
        "season_text": season_text(listing.season),
        "next_month": next_month(listing),
        "zalo": phone.zalo_url(cooperative.zalo),
        "facts": facts(listing),
        "seller_facts": seller_facts(listing),
        "food_phrase": functional_food_phrase(listing),
        "related": [one.product for one in related],
        "related_in_season": bool(related) and all(one.in_season_now for one in related),
        "crumbs": crumbs(listing),
        "average": average,
        "reviews": list(public_of(product)[:REVIEWS]) if average else [],
        **share_context(request, listing, average),
        **NO_TOKEN,
    }


def share_context(request: HttpRequest, listing: Listing, average: Average | None = None) -> dict[str, Any]:
    """What search engines and shared links show."""
    product = listing.product
    address = request.build_absolute_uri(product.get_absolute_url())
    return {
        "address": address,
        "facebook": "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address}),
        "meta_title": f"{listing.title}, {listing.unit}",
        "meta_description": description(listing),
        "meta_image": request.build_absolute_uri(product.image_800) if product.image_800 else "",
        "json_ld": json_ld(request, listing, average),
    }


def crumbs(listing: Listing) -> list[dict[str, str]]:
    """Sector, set, product; the set is a filter of its sector, which needs no look-up."""
    product_set = listing.product_set
    sector = sector_url(product_set.sector)
    return [
        {"title": product_set.sector.name, "url": sector},
        {"title": product_set.name, "url": f"{sector}?{urlencode({SET: product_set.number})}"},
        {"title": listing.title},
    ]


def description(listing: Listing) -> str:
    """One line for search engines and shared links."""
    certificate, price = listing.certificate, listing.product.card_price
    stars = _("OCOP %(stars)s stars") % {"stars": certificate.stars} if certificate else ""
    cost = f"{listing.unit} {format_dong(price, pick('vi', 'en'))}" if price is not None else listing.unit
    parts = [listing.title, stars, cost, listing.cooperative.display_name]
    return f"{', '.join(part for part in parts if part)}. {listing.summary}".strip()


# --- Certificate ----------------------------------------------------------------------------------------------------
def certificate_panel(listing: Listing) -> dict[str, Any] | None:
    """The certificate in force, else the latest that has run out; None without either. ``last_day`` still counts."""
    certificate = listing.certificate or listing.lapsed_certificate
    if certificate is None:
        return None
    day = "%d/%m/%Y"
    return {
        "stars": certificate.stars,
        "in_force": certificate.in_force(),
        "expires_soon": certificate.expires_soon,
        "last_day": certificate.expires_on - timedelta(days=1),
        "badge": f"img/badges/ocop-badge-{certificate.stars}.svg",
        "is_sample": certificate.is_sample,
        "facts": [
            {"term": _("Decision"), "value": certificate.decision_no},
            {"term": _("Signed on"), "value": f"{certificate.decision_date:{day}}"},
            {"term": _("Issued by"), "value": certificate.issuer},
            {"term": _("Product code"), "value": certificate.product_code},
        ],
    }


# --- Facts ----------------------------------------------------------------------------------------------------------
def facts(listing: Listing) -> list[dict[str, Any]]:
    """What the label says."""
    language = pick("vi", "en")
    commune = listing.commune
    net = format_weight(listing.net_weight_g, language) if listing.net_weight_g else ""
    whole = format_weight(listing.ship_weight_g, language) if listing.ship_weight_g else ""
    return [
        {"term": _("Product set"), "value": listing.product_set.name},
        {"term": _("Net weight"), "value": net},
        {"term": _("Packed weight"), "value": whole},
        {"term": _("Origin"), "value": commune.full_name if commune else ""},
        {"term": _("Ingredients"), "value": listing.ingredients},
        {"term": _("Storage"), "value": listing.storage},
        {"term": _("Keeps"), "value": listing.shelf_life},
        {"term": _("On the road"), "value": road_text(listing.max_transit_days)},
    ]


def road_text(days: int | None) -> str:
    """How long the goods bear to be on the road; empty when any distance will do."""
    return ngettext("At most %(days)d day", "At most %(days)d days", days) % {"days": days} if days else ""


def seller_facts(listing: Listing) -> list[dict[str, Any]]:
    """Who answers for the goods, as the law wants it shown before an order."""
    cooperative = listing.cooperative
    return [
        {"term": _("Legal name"), "value": cooperative.legal_name},
        {"term": _("Tax code"), "value": cooperative.tax_code},
        {"term": _("Representative"), "value": cooperative.representative},
        {"term": _("Registered office"), "value": cooperative.full_address},
        {"term": _("Phone number"), "value": phone.display(cooperative.phone), "url": f"tel:{cooperative.phone}"},
    ]


def functional_food_phrase(listing: Listing) -> dict[str, str] | None:
    """The phrase the law wants word for word in Vietnamese, with its meaning for readers of English."""
    if not listing.is_functional_food:
        return None
    return {"vi": ocop.FUNCTIONAL_FOOD_PHRASE, "en": pick("", ocop.FUNCTIONAL_FOOD_PHRASE_EN)}


def season_text(mask: int) -> str:
    """``tháng 11 đến tháng 3`` or ``November to March``; empty for the whole year and for no season."""
    if mask == ALL_YEAR:
        return ""
    spans = [
        month_name(first) if first == last else f"{month_name(first)} {pick('đến', 'to')} {month_name(last)}"
        for first, last in month_ranges(mask)
    ]
    return ", ".join(spans)


def next_month(listing: Listing) -> str:
    """The month in which the next harvest begins; empty when this month has one."""
    number = None if listing.in_season() else next_month_in(listing.season, today().month)
    return month_name(number) if number else ""


# --- Related --------------------------------------------------------------------------------------------------------
def related_listings(listing: Listing) -> list[Listing]:
    """Four others that can be had now."""
    found = by_nearness(in_stock().exclude(pk=listing.pk), listing.ward_code, listing.ocop_set)
    return list(found.for_cards()[:RELATED])


def in_stock() -> ListingQuerySet:
    """Published listings of which at least one unit is free."""
    free = F("num_in_stock") - Coalesce(F("num_allocated"), 0)
    left = StockRecord.objects.filter(product=OuterRef("product")).annotate(free=free).filter(free__gt=0)
    return Listing.objects.published().filter(Exists(left))


def by_nearness(listings: ListingQuerySet, ward_code: str, ocop_set: int = 0) -> ListingQuerySet:
    """In season first, then of the same set, then from nearby.

    Communes were numbered district by district, so near numbers are near places.
    """
    number = IntegerField()
    seasonal = When(~Q(season=ALL_YEAR) & Q(_now__gt=0), then=1)
    return listings.annotate(
        _now=F("season").bitand(month_bit(today().month)),
        seasonal=Case(seasonal, default=0, output_field=number),
        alike=Case(When(ocop_set=ocop_set, then=1), default=0, output_field=number),
        distance=Abs(Cast("ward_code", number) - int(ward_code)),
    ).order_by("-seasonal", "-alike", "distance", "-pk")


# --- For machines ---------------------------------------------------------------------------------------------------
def json_ld(request: HttpRequest, listing: Listing, average: Average | None = None) -> SafeString:
    """The product in schema.org's words, safe inside a script element whatever sellers write."""
    product, cooperative = listing.product, listing.cooperative
    price = product.card_price
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.title,
        "description": listing.summary,
        "sku": product.upc or str(product.pk),
        "category": listing.product_set.name,
        "brand": {"@type": "Organization", "name": cooperative.display_name},
    }
    if product.image_800:
        data["image"] = request.build_absolute_uri(product.image_800)
    if price is not None:
        data["offers"] = {
            "@type": "Offer",
            "price": str(price),
            "priceCurrency": "VND",
            "availability": "https://schema.org/" + ("OutOfStock" if product.sold_out else "InStock"),
            "url": request.build_absolute_uri(product.get_absolute_url()),
            "seller": {"@type": "Organization", "name": cooperative.legal_name},
        }
    if average:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(average.value),
            "reviewCount": str(average.count),
        }
    return script_safe(data)


def script_safe(data: dict[str, Any]) -> SafeString:
    """JSON in which no character can end or open a script element."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308  every character that HTML reads is escaped above
