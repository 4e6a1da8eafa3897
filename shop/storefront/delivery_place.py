"""Delivery to the visitor's commune: in words for a product, as a condition for the catalogue."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.core import places
from shop.delivery.models import DeliveryService, Zone
from shop.delivery.services import Quote, arrives_fresh, parcel_quotes, quotes, zone_of
from shop.delivery.words import arrival_text, terms_text
from shop.listings.models import Listing
from shop.storefront.place import ward_of


def deliver_to(request: HttpRequest) -> dict[str, str]:
    """Name of the visitor's commune and the page that changes it, for the header."""
    address = f"{reverse('places:set')}?{urlencode({'next': request.get_full_path()})}"
    return {"label": places.commune(ward_of(request)).name, "url": address}


@dataclass(frozen=True)
class Way:
    """One way to get the goods, with its arrival in words."""

    quote: Quote
    arrival: str

    @property
    def service(self) -> DeliveryService:
        return self.quote.service

    @property
    def price(self) -> int:
        return self.quote.price

    @property
    def terms(self) -> str:
        """Packing, free delivery and closed days in words; empty when there is nothing to say."""
        return terms_text(self.quote)


@dataclass(frozen=True)
class Offer:
    """What can be said about sending one listing to one commune. ``refusal`` is empty when a parcel gets there."""

    commune: places.Commune
    ways: list[Way] = field(default_factory=list)
    refusal: str = ""


def offer(listing: Listing, ward_code: str, weight_g: int, goods: int = 0) -> Offer:
    """Ways to get one unit of ``weight_g`` grams, for ``goods`` dong, to a commune.

    The cooperative comes with everything that ``parcel_quotes`` reads.
    """
    commune = places.commune(ward_code)
    found = parcel_quotes(
        listing.cooperative, ward_code, weight_g=weight_g, goods=goods, transit_days=listing.max_transit_days
    )
    parcels = [quote for quote in found if not quote.is_pickup]
    fresh = [quote for quote in found if arrives_fresh(quote, listing.max_transit_days)]
    refusal = "" if any(not quote.is_pickup for quote in fresh) else refusal_text(listing, commune, parcels)
    return Offer(commune, [Way(quote, arrival_text(quote)) for quote in fresh], refusal)


def refusal_text(listing: Listing, commune: places.Commune, parcels: list[Quote]) -> str:
    """Why no parcel goes there: nobody drives that far, or the goods would not last."""
    if not parcels:
        return _("The cooperative does not send to %(place)s yet.") % {"place": commune.full_name}
    days = min(quote.service.days_max for quote in parcels)
    keeps = listing.max_transit_days
    return ngettext(
        "These goods stay good for %(keeps)d day on the road; a parcel to %(place)s may take %(days)d.",
        "These goods stay good for %(keeps)d days on the road; a parcel to %(place)s may take %(days)d.",
        keeps,
    ) % {"keeps": keeps, "place": commune.full_name, "days": days}


def days_by_cooperative(ward_code: str) -> dict[int, int]:
    """For every cooperative that sends parcels to a commune: days that its quickest parcel may take."""
    services = (
        DeliveryService.objects.filter(is_active=True, cooperative__is_published=True)
        .exclude(zone=Zone.PICKUP)
        .select_related("cooperative")
        .prefetch_related("rates")
    )
    of_each = defaultdict(list)
    for service in services:
        of_each[service.cooperative_id].append(service)
    found = {}
    for pk, own in of_each.items():
        offered = quotes(own, zone_of(own[0].cooperative, ward_code), 0)
        if offered:
            found[pk] = min(quote.service.days_max for quote in offered)
    return found


def reaches(ward_code: str) -> Q:
    """Condition on listings: a parcel gets to the commune while the goods are fresh."""
    by_days = defaultdict(list)
    for pk, days in days_by_cooperative(ward_code).items():
        by_days[days].append(pk)
    condition = Q(pk__in=[])
    for days, pks in by_days.items():
        lasting = Q(max_transit_days__isnull=True) | Q(max_transit_days__gte=days)
        condition |= Q(cooperative__in=pks) & lasting
    return condition
