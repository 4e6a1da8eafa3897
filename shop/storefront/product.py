"""One product: what it is, what it costs here and at your door, who makes it, and the paper that proves its stars."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import segno
from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, Prefetch, Q, When
from django.db.models.functions import Abs, Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.basket.splitting import goods_total
from shop.catalogue.images import rendition_url
from shop.catalogue.models import SIZE, Product
from shop.core import ocop, phone
from shop.core.dates import month_ranges, next_month_in, today
from shop.core.lang import pick
from shop.core.money import format_dong, format_weight
from shop.delivery.models import DeliveryService
from shop.listings.lookup import ship_weight_of, title_of, unit_of
from shop.listings.models import ALL_YEAR, Listing, ListingQuerySet, month_bit
from shop.promotions.shown import shown_price
from shop.reviews.lists import Average, average_of, public_of
from shop.storefront.catalogue import sector_url
from shop.storefront.delivery_place import deliver_to, offer
from shop.storefront.facets import SET
from shop.storefront.filters import month_name
from shop.storefront.place import ward_of
from shop.storefront.places import form_for
from shop.storefront.same_origin import NO_TOKEN
from shop.storefront.sizes import chosen_of, family_address, kilo_price_of, tiles_of
from shop.variants.queries import in_stock as is_in_stock

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
    listings = Listing.objects.published().for_cards().select_related("cooperative__delivery_rules")
    listings = listings.prefetch_related(
        Prefetch("cooperative__delivery_services", services), "cooperative__closed_days"
    )
    found = listings.filter(product_id=pk).first() if pk <= BIGGEST_KEY else None
    if found is None:
        raise Http404
    return found


@require_safe
def detail(request: HttpRequest, product_slug: str, pk: int) -> HttpResponse:
    """``/san-pham/<slug>-<pk>/``. The number decides; an old or mistyped name leads to today's address.

    The number of a size leads to the page of its product, where it is chosen.
    """
    try:
        listing = published(pk)
    except Http404:
        return HttpResponsePermanentRedirect(family_address(pk))
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
    goods = chosen_of(product, request.GET.get(SIZE, ""))
    return {
        "listing": listing,
        "product": product,
        "cooperative": cooperative,
        "goods": goods,
        "unit": unit_of(goods),
        "kilo_price": kilo_price_of(goods, listing),
        "tiles": tiles_of(product, goods),
        "least": product.price_from and goods == product.cheapest,
        "few_left": 0 < goods.stock_left <= FEW_LEFT,
        "pictures": [rendition_url(image.original.name, 800) for image in product.images.all()],
        "certificate": certificate_panel(listing),
        "offer": offer(listing, ward_code, ship_weight_of(goods), goods_of_one(request, listing, goods)),
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


def goods_of_one(request: HttpRequest, listing: Listing, product: Product) -> int:
    """Dong for one unit as the basket would reckon it; asked only where delivery depends on it."""
    services = listing.cooperative.delivery_services.all()
    if product.stock_record is None or not any(service.free_over for service in services):
        return product.card_price or 0
    return goods_total(product, product.stock_record, 1, request.strategy)


def share_context(request: HttpRequest, listing: Listing, average: Average | None = None) -> dict[str, Any]:
    """What search engines and shared links show."""
    product = listing.product
    address = request.build_absolute_uri(product.get_absolute_url())
    return {
        "address": address,
        "facebook": "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address}),
        "meta_title": f"{listing.title}, {listing.card_unit}",
        "meta_description": description(request, listing),
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


def price_now(request: HttpRequest, goods: Product) -> int | None:
    """Dong for one unit after the offers that everybody gets, as the page beside it says."""
    lower = None if goods.sold_out else shown_price(request.__dict__, goods)
    return lower.price if lower else goods.card_price


def description(request: HttpRequest, listing: Listing) -> str:
    """One line for search engines and shared links."""
    certificate, price = listing.certificate, price_now(request, listing.product.cheapest)
    stars = _("OCOP %(stars)s stars") % {"stars": certificate.stars} if certificate else ""
    cost = listing.card_unit
    if price is not None:
        cost = f"{cost} {format_dong(price, pick('vi', 'en'))}"
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
    sizes = [goods.size for goods in listing.product.sizes] or [listing]
    net, whole = (
        "; ".join(format_weight(grams, language) for one in sizes if (grams := getattr(one, name)))
        for name in ("net_weight_g", "ship_weight_g")
    )
    return [
        {"term": _("Product set"), "value": listing.product_set.name},
        {"term": _("Net weight"), "value": net},
        {"term": _("Packed weight"), "value": whole},
        {"term": _("Origin"), "value": commune.full_name if commune else ""},
        {"term": _("Ingredients"), "value": listing.ingredients},
        {"term": _("Storage"), "value": listing.storage},
        {"term": _("Keeps"), "value": listing.shelf_life},
        {"term": _("On the road"), "value": road_text(listing.max_transit_days)},
        {"term": _("The producer declares"), "value": claims_text(listing.claims)},
    ]


def claims_text(claims: str) -> str:
    """Organic, VietGAP and the like: whose word it is and who has read it. Empty without any."""
    return _("%(claims)s (the province has reviewed the entry)") % {"claims": claims} if claims else ""


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
    return Listing.objects.published().filter(is_in_stock())


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
    offers = [
        offer_ld(request, goods, cooperative) for goods in product.sizes or [product] if goods.card_price is not None
    ]
    if offers:
        data["offers"] = offers if len(offers) > 1 else offers[0]
    if average:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": str(average.value),
            "reviewCount": str(average.count),
        }
    return script_safe(data)


def offer_ld(request: HttpRequest, goods: Any, cooperative: Any) -> dict[str, Any]:
    """What one costs, of a product or of one of its sizes."""
    data = {
        "@type": "Offer",
        "price": str(price_now(request, goods)),
        "priceCurrency": "VND",
        "availability": "https://schema.org/" + ("OutOfStock" if goods.sold_out else "InStock"),
        "url": request.build_absolute_uri(goods.get_absolute_url()),
        "seller": {"@type": "Organization", "name": cooperative.legal_name},
    }
    return {**data, "name": title_of(goods), "sku": str(goods.pk)} if goods.size else data


def script_safe(data: dict[str, Any]) -> SafeString:
    """JSON in which no character can end or open a script element."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308  every character that HTML reads is escaped above
