"""Who may touch the sizes: people who answer for the goods, of their own cooperative's goods only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shop.listings.models import Listing
from shop.seller.access import SESSION_KEY, members_only
from shop.seller.views import frame
from shop.variants.models import Variant

#: No database key is larger.
BIGGEST_KEY = 2**63 - 1


def own_listing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the listing instead of its number. Other cooperatives' goods do not exist (404)."""

    @members_only
    @wraps(view)
    def found(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        mine = [membership.cooperative_id for membership in request.workspace.memberships]
        rows = Listing.objects.filter(pk=pk, cooperative_id__in=mine).for_cards()
        listing = rows.first() if pk <= BIGGEST_KEY else None
        if listing is None:
            raise Http404
        request.workspace = request.workspace.within(listing.cooperative_id)
        request.session[SESSION_KEY] = request.workspace.cooperative.slug
        if not request.workspace.may_sell:
            return render(request, "seller/variants/closed.html", frame(request), status=403)
        return view(request, listing, **kwargs)

    return found


def size_or_404(listing: Listing, pk: int) -> Variant:
    """A size of this product and of no other, also one that is no longer sold."""
    rows = Variant.objects.filter(product__parent=listing.product_id).select_related("product__parent")
    found = rows.filter(pk=pk).first() if pk <= BIGGEST_KEY else None
    if found is None:
        raise Http404
    return found
