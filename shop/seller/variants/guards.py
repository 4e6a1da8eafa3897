"""Who may touch the sizes: people who answer for the goods, of their own cooperative's goods only."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from shop.listings.models import Listing
from shop.seller.access import own
from shop.seller.views import frame
from shop.variants.models import Variant

#: No database key is larger.
BIGGEST_KEY = 2**63 - 1


def closed(request: HttpRequest) -> HttpResponse:
    """Not this person's task."""
    return render(request, "seller/variants/closed.html", frame(request), status=403)


def listing_find(pk: int) -> Listing | None:
    """The listing of that number, whoever's it is: ``own`` asks."""
    return Listing.objects.filter(pk=pk).for_cards().first() if pk <= BIGGEST_KEY else None


#: The view gets the listing instead of its number. Other cooperatives' goods do not exist (404).
own_listing = own(listing_find, refused=closed)


def size_or_404(listing: Listing, pk: int) -> Variant:
    """A size of this product and of no other, also one that is no longer sold."""
    rows = Variant.objects.filter(product__parent=listing.product_id).select_related("product__parent")
    found = rows.filter(pk=pk).first() if pk <= BIGGEST_KEY else None
    if found is None:
        raise Http404
    return found
