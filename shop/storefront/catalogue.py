"""The catalogue, its sectors and sets, and the search: one list, narrowed by facets, sorted, 24 a page."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.catalogue.models import Category
from shop.cooperatives.models import Cooperative
from shop.core import ocop
from shop.core.dates import today
from shop.core.lang import pick
from shop.core.text import exact, fold, search_terms, slugify_vi
from shop.listings.models import ALL_YEAR, Listing, ListingQuerySet, month_bit
from shop.storefront import facets
from shop.storefront.delivery_place import reaches
from shop.storefront.facets import Chosen, Tally, narrowed, rows_of, tally
from shop.storefront.filters import chips, groups, month_name, name_key
from shop.storefront.place import ward_of
from shop.storefront.same_origin import NO_TOKEN
from shop.variants.queries import in_stock, lowest_price, price_of_any

PAGE_SIZE = 24
MAX_QUERY = 100
#: Pages beyond are nobody's reading; the number must fit an offset.
MAX_PAGE_DIGITS = 6
BY_NAME = "ten"
INTEGER = IntegerField()


@dataclass(frozen=True)
class Scope:
    """Which page this is: everything, one sector, one set, or a search."""

    title: str
    intro: str = ""
    crumbs: list[dict[str, str]] = field(default_factory=list)
    sector: ocop.Sector | None = None
    product_set: ocop.OcopSet | None = None
    query: str = ""

    @property
    def listings(self) -> ListingQuerySet:
        """The listings of this page before any facet."""
        found = Listing.objects.published()
        if self.product_set:
            found = found.filter(ocop_set=self.product_set.number)
        elif self.sector:
            found = found.filter(ocop_set__in=[one.number for one in self.sector.sets])
        return found.matching(self.query) if self.query else found


# --- Views ----------------------------------------------------------------------------------------------------------
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """``/san-pham/``: everything on sale."""
    scope = Scope(title=_("All goods"), crumbs=[{"title": _("All goods")}])
    return render(request, "catalogue/index.html", listing_context(request, scope))


@require_safe
def category(request: HttpRequest, category_slug: str) -> HttpResponse:
    """``/danh-muc/<slug>/``: one sector or one set of the programme."""
    found = get_object_or_404(Category.objects.only("slug", "code", "name"), slug=category_slug, is_public=True)
    kind, _dash, number = (found.code or "").partition("-")
    number = int(number) if number.isdigit() else 0
    all_goods = {"title": _("All goods"), "url": reverse("catalogue:index")}
    if kind == "sector" and 0 < number <= len(ocop.SECTORS):
        sector = ocop.SECTORS[number - 1]
        scope = Scope(title=sector.name, crumbs=[all_goods, {"title": sector.name}], sector=sector)
    elif kind == "set" and 0 < number <= len(ocop.SETS):
        product_set = ocop.set_(number)
        own = {"title": product_set.sector.name, "url": sector_url(product_set.sector)}
        crumbs = [all_goods, own, {"title": product_set.name}]
        scope = Scope(title=product_set.name, crumbs=crumbs, sector=product_set.sector, product_set=product_set)
    else:
        raise Http404
    return render(request, "catalogue/index.html", listing_context(request, scope))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """``/tim-kiem/?q=``: goods and cooperatives whose words begin with what was typed, marks or none."""
    query = clean_query(request.GET.get("q", ""))
    title = _("Results for “%(query)s”") % {"query": query} if query else _("Search the market")
    scope = Scope(title=title, crumbs=[{"title": _("Search")}], query=query)
    context = listing_context(request, scope)
    context.update(query=query, cooperatives=matching_cooperatives(query) if query else [])
    if query and not context["total"]:
        context.update(way_out(query, narrowed_by=bool(context["chips"])))
    return render(request, "search/search.html", context)


# --- The list -------------------------------------------------------------------------------------------------------
def listing_context(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """All that the list's template shows. 404 for a page that does not exist."""
    sellers = cooperative_names()
    chosen = Chosen.read(request.GET).known({slug for slug, _name in sellers.values()})
    ward_code = ward_of(request)
    pool = pool_of(scope, chosen, ward_code)
    picked = frozenset(pk for pk, (slug, _name) in sellers.items() if slug in chosen.cooperatives)
    months = sorted({today().month} | {month for month, all_year in chosen.masks if not all_year})
    counts = tally(rows_of(pool), chosen, picked, months)
    sort = sort_of(request)
    page_obj = page_of(request, ordered(narrowed(pool, chosen, picked), sort, scope.query), counts.total)
    return {
        "scope": scope,
        "meta_title": scope.title,
        "total": counts.total,
        "page_obj": page_obj,
        "products": [listing.product for listing in page_obj.object_list],
        "sorts": [(key, label, key == sort) for key, label in sort_labels(scope.query)],
        "chips": chips(chosen, request.GET, sellers, ward_code),
        "bad_price": chosen.bad_price,
        "kept": [(name, value) for name, values in request.GET.lists() for value in values[:40] if name in KEPT],
        "delivers": chosen.delivers,
        **form_context(request, scope, chosen, counts, sellers, months),
        **NO_TOKEN,
    }


def pool_of(scope: Scope, chosen: Chosen, ward_code: str) -> ListingQuerySet:
    """What the facets count: the page's listings within the chosen prices and, when asked, the visitor's reach."""
    pool = scope.listings
    if chosen.price_from is not None or chosen.price_to is not None:
        pool = priced(pool, chosen)
    return pool.filter(reaches(ward_code)) if chosen.delivers else pool


#: Parameters that the sorting form carries along.
KEPT = frozenset(
    {"q", facets.SECTOR, facets.SET, facets.STARS, facets.SEASON, facets.WARD, facets.COOPERATIVE}
    | {facets.PRICE_FROM, facets.PRICE_TO, facets.DELIVERS}
)


def form_context(
    request: HttpRequest, scope: Scope, chosen: Chosen, counts: Tally, sellers: dict, months: list[int]
) -> dict[str, Any]:
    """The filter form: its groups, typed prices, and what it carries along."""
    return {
        "groups": groups(scope, chosen, counts, sellers, months),
        "price_from": request.GET.get(facets.PRICE_FROM, "")[:20],
        "price_to": request.GET.get(facets.PRICE_TO, "")[:20],
        "sort": sort_of(request),
        "season_month": month_name(today().month),
    }


def cooperative_names() -> dict[int, tuple[str, str]]:
    """Slug and name in the visitor's language of every cooperative that sells, by primary key."""
    rows = Cooperative.objects.published().order_by().values_list("pk", "slug", "name", "name_en")
    return {pk: (slug, pick(name, name_en)) for pk, slug, name, name_en in rows}


def priced(listings: ListingQuerySet, chosen: Chosen) -> ListingQuerySet:
    """To be had within the chosen range of prices, in dong, in at least one size."""
    bounds = {"price__gte": chosen.price_from, "price__lte": chosen.price_to}
    return listings.filter(price_of_any("product", **{name: to for name, to in bounds.items() if to is not None}))


# --- Order ----------------------------------------------------------------------------------------------------------
def sort_labels(query: str) -> list[tuple[str, str]]:
    """The ways to sort; the first one needs no parameter."""
    return [
        ("", _("Best match first") if query else _("In season first")),
        ("gia-thap", _("Price: low to high")),
        ("gia-cao", _("Price: high to low")),
        ("moi", _("Newest first")),
        (BY_NAME, _("Name: A to Z")),
    ]


def sort_of(request: HttpRequest) -> str:
    """The way to sort that the address asks for, the first one when it asks for none of ours."""
    asked = request.GET.get(facets.SORT, "")
    return asked if asked in dict(sort_labels("")) else ""


def ordered(listings: ListingQuerySet, sort: str, query: str) -> ListingQuerySet:
    """In season first, then stars, then newest, unless told otherwise; a search begins with the best matches."""
    newest = (F("published_at").desc(nulls_last=True), "-pk")
    if sort == BY_NAME:
        return listings
    if sort in ("gia-thap", "gia-cao"):
        price = F("unit_price").asc(nulls_last=True) if sort == "gia-thap" else F("unit_price").desc(nulls_last=True)
        return listings.annotate(unit_price=lowest_price()).order_by(price, *newest)
    if sort == "moi":
        return listings.order_by(*newest)
    seasonal = When(~Q(season=ALL_YEAR) & Q(_now__gt=0), then=1)
    found = listings.annotate(
        _now=F("season").bitand(month_bit(today().month)),
        in_season_first=Case(seasonal, default=0, output_field=INTEGER),
    )
    first = ["-in_season_first", "-best_stars", *newest]
    return found.annotate(rank=rank_of(query)).order_by("-rank", *first) if query else found.order_by(*first)


def rank_of(query: str) -> Case:
    """3: the name holds the query with its marks; 2: the name begins with it; 1: the name holds it, marks aside."""
    cases = []
    if exact(query) != fold(query):
        cases.append(When(_in_title(query), then=3))
    if fold(query):
        cases.append(When(search_text__startswith=f" {fold(query)}", then=2))
        cases.append(When(product__slug__contains=slugify_vi(query), then=1))
    return Case(*cases, default=0, output_field=INTEGER) if cases else Case(default=Value(0))


def _in_title(query: str) -> Q:
    """SQLite knows upper and lower case of plain letters only, so "ổi" is also looked for as "Ổi"."""
    return Q(product__title__icontains=query) | Q(product__title__icontains=query[:1].upper() + query[1:])


def page_of(request: HttpRequest, listings: ListingQuerySet, total: int) -> Page:
    """The asked page of cards. No number, or none that is one, is the first page; a page too far is a 404."""
    asked = request.GET.get("page", "").strip()
    number = int(asked[: MAX_PAGE_DIGITS + 1]) if asked.isascii() and asked.isdigit() else 1
    by_name = sort_of(request) == BY_NAME
    paginator = Paginator(sorted_pks(listings) if by_name else listings.for_cards(), PAGE_SIZE)
    paginator.count = total
    try:
        found = paginator.page(max(number, 1))
    except EmptyPage as error:
        raise Http404 from error
    if by_name:
        cards = {one.pk: one for one in Listing.objects.filter(pk__in=found.object_list).for_cards()}
        found.object_list = [cards[pk] for pk in found.object_list if pk in cards]
    return found


def sorted_pks(listings: ListingQuerySet) -> list[int]:
    """Primary keys in alphabetical order of the names; no database sorts Vietnamese without a collation."""
    names = listings.order_by().values_list("pk", "product__title", "title_en")
    return [pk for _key, pk in sorted((name_key(pick(title, title_en)), pk) for pk, title, title_en in names)]


# --- Search ---------------------------------------------------------------------------------------------------------
def clean_query(typed: str) -> str:
    """What was typed, in one line without control characters, at most 100 characters."""
    one_line = " ".join(unicodedata.normalize("NFC", typed[:400]).split())
    return "".join(c for c in one_line if unicodedata.category(c)[0] != "C")[:MAX_QUERY].strip()


def matching_cooperatives(query: str) -> list[Cooperative]:
    """At most three cooperatives that every word of the query fits."""
    terms = search_terms(query)
    if not terms:
        return []
    found = Cooperative.objects.published()
    for alternatives in terms:
        condition = Q()
        for term in alternatives:
            condition |= Q(search_text__contains=f" {term}")
        found = found.filter(condition)
    return list(found[:3])


def way_out(query: str, *, narrowed_by: bool) -> dict[str, Any]:
    """For a search without result: shorter searches that find something, and the goods that come nearest."""
    nearest = nearest_listings(query)
    shorter = [] if narrowed_by or not nearest else shorter_queries(query)
    found = [(text, Listing.objects.published().matching(text).count()) for text in shorter]
    return {
        "tries": [{"query": text, "count": count} for text, count in found if count][:3],
        "nearest": [listing.product for listing in nearest or in_stock_now()],
        "nearest_match": bool(nearest),
    }


def shorter_queries(query: str) -> list[str]:
    """The query without its last or first words: ``a b c`` gives ``a b``, ``b c``, ``a``."""
    words = query.split()[:8]
    if len(words) < 2:
        return []
    parts = [words[:-1], words[1:], words[: len(words) // 2]]
    return list(dict.fromkeys(" ".join(part) for part in parts if part))


def nearest_listings(query: str) -> list[Listing]:
    """Four listings with most of the query's words; a word in the name counts twice."""
    score, anything = Value(0), Q()
    for alternatives in search_terms(query):
        anywhere, in_name = Q(), Q()
        for term in alternatives:
            anywhere |= Q(search_text__contains=f" {term}")
            in_name |= Q(product__slug__contains=slugify_vi(term))
        anything |= anywhere
        score = score + Case(When(anywhere & in_name, then=2), When(anywhere, then=1), default=0, output_field=INTEGER)
    if not anything:
        return []
    found = Listing.objects.published().filter(anything).annotate(score=score)
    return list(found.order_by("-score", "-pk").for_cards()[:4])


def in_stock_now() -> list[Listing]:
    """Four listings of this month's season that can be had."""
    found = Listing.objects.published().seasonal().in_season(today().month).filter(in_stock())
    return list(found.order_by("-pk").for_cards()[:4])


def sector_url(sector: ocop.Sector) -> str:
    """Page of a sector; its category's slug is the sector's own."""
    return reverse("catalogue:category", kwargs={"category_slug": sector.slug})
