"""``/ban-hang/hang/``: the cooperative's goods, a picture, a price and a stock each, changed in place."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shop.cooperatives.models import Cooperative
from shop.listings.models import Listing, ListingChange
from shop.seller.products.guards import goods_only
from shop.seller.products.texts import chip_of
from shop.seller.views import frame
from shop.variants.queries import scarcest_left

PAGE_SIZE = 20
QUERY_LENGTH = 60
#: So few can still be ordered, of one size at least, that the row says so.
LOW = 5

LOW_STOCK = Q(state="published") & Q(left__lte=LOW)
TABS: dict[str, tuple[Any, Q]] = {
    "": (_("On sale"), Q(state="published")),
    "low": (_("Running out"), LOW_STOCK),
    "draft": (_("Drafts"), Q(state="draft")),
    "review": (_("Waiting"), Q(state="review") | Q(has_change=True)),
    "refused": (_("To mend"), Q(state="refused")),
    "paused": (_("Paused"), Q(state="paused")),
    "archived": (_("Archive"), Q(state="archived")),
}


def rows_of(cooperative: Cooperative) -> QuerySet[Listing]:
    """The goods, with what can still be ordered of the scarcest size (``left``) and whether a change waits
    (``has_change``)."""
    pending = ListingChange.objects.filter(listing=OuterRef("pk"), state="pending")
    mine = Listing.objects.filter(cooperative=cooperative)
    return mine.annotate(left=scarcest_left(), has_change=Exists(pending))


@require_safe
@goods_only
def products(request: HttpRequest) -> HttpResponse:
    """``?tab=`` one of TABS, ``?q=`` words with or without marks, ``?page=`` turns."""
    return list_page(request)


def list_page(
    request: HttpRequest, *, problem: tuple[int, str] | None = None, typed: Any = None, status: int = 200
) -> HttpResponse:
    """The list; ``problem`` is the number of a row and what stands in the way of what was asked of it."""
    rows = rows_of(request.workspace.cooperative)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else ""
    query = request.GET.get("q", "").strip()[:QUERY_LENGTH]
    counts = rows.aggregate(**{name or "published": Count("pk", filter=wanted) for name, (_l, wanted) in TABS.items()})
    shown = rows.matching(query) if query else rows.filter(TABS[tab][1])
    found = rows.filter(pk=problem[0]) if problem else shown
    page = Paginator(found.for_cards().order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(request) | {
        "tab": tab,
        "query": query,
        "product_tabs": [
            {"name": name, "label": label, "count": counts[name or "published"]} for name, (label, _w) in TABS.items()
        ],
        "page_obj": page,
        "rows": [row_facts(listing, problem, typed) for listing in page.object_list],
        "back": request.get_full_path() if request.method == "GET" else "",
        "is_alone": bool(problem),
    }
    return render(request, "seller/products/list.html", context, status=status)


def row_facts(listing: Listing, problem: tuple[int, str] | None, typed: Any) -> dict[str, Any]:
    """One row of the list. The stock of goods with sizes is told here and changed on the page of their sizes."""
    product = listing.product
    record, left = product.stock_record, product.stock_left
    records = [record] if record else [size.stock_record for size in product.sizes if size.stock_record]
    return {
        "listing": listing,
        "chip": chip_of(listing.state),
        "has_stock": record is not None,
        "left": left,
        "less": max(0, left - 1),
        "more": left + 1,
        "held": sum(row.num_allocated or 0 for row in records),
        "is_low": listing.state == "published" and listing.left <= LOW,
        "short": [size.size for size in product.sizes if size.stock_left <= LOW],
        "typed": (typed or {}).get("stock"),
        "key": uuid.uuid4(),
        "problem": problem[1] if problem and problem[0] == listing.pk else "",
    }
