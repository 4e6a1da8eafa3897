"""Where the sample goods can be sent, and for how much."""

import pytest

from shop.cooperatives.models import Cooperative
from shop.delivery.models import DeliveryRate, DeliveryService
from shop.delivery.services import arrives_fresh, quotes, zone_of
from shop.listings.models import Listing

MY_THO, HO_CHI_MINH, HA_NOI = "28261", "26740", "00070"


def ways(slug, ward_code, weight_g=None):
    """Codes of the services, other than collecting, that bring a product there in time."""
    listing = Listing.objects.select_related("cooperative").get(product__slug=slug)
    found = quotes(
        listing.cooperative.delivery_services.prefetch_related("rates"),
        zone_of(listing.cooperative, ward_code),
        weight_g or listing.ship_weight_g,
    )
    fresh = [quote for quote in found if arrives_fresh(quote, listing.max_transit_days)]
    return [quote.service.code for quote in fresh if not quote.is_pickup]


@pytest.mark.parametrize(
    ("slug", "ward_code", "expected"),
    [
        ("vu-sua-lo-ren-vinh-kim", "28576", ["trong-xa"]),
        ("vu-sua-lo-ren-vinh-kim", MY_THO, ["tinh"]),
        ("vu-sua-lo-ren-vinh-kim", HO_CHI_MINH, ["mien-nam", "xe-lanh"]),
        ("vu-sua-lo-ren-vinh-kim", HA_NOI, []),
        ("so-ri-go-cong", MY_THO, ["xe-lanh-tinh"]),
        ("so-ri-go-cong", HO_CHI_MINH, ["xe-lanh"]),
        ("buoi-da-xanh-long-hung", HA_NOI, ["toan-quoc"]),
        ("gao-vd20-go-cong", HA_NOI, ["toan-quoc"]),
        ("homestay-nha-vuon-tan-phong", MY_THO, []),
    ],
)
def test_fresh_goods_go_as_far_as_they_last(demo, slug, ward_code, expected):
    assert ways(slug, ward_code) == expected


def test_everything_can_be_had_in_the_province_and_the_south_unless_it_is_a_visit(demo):
    for listing in Listing.objects.select_related("product"):
        for address in (MY_THO, HO_CHI_MINH):
            assert bool(ways(listing.product.slug, address)) == (listing.ocop_set != 26), listing.title


def test_dry_goods_go_everywhere(demo):
    keeping = Listing.objects.filter(max_transit_days=None).select_related("product")
    assert len(keeping) > 60
    assert all(ways(listing.product.slug, HA_NOI) for listing in keeping)


def test_every_producer_lets_buyers_collect_for_nothing(demo):
    for row in Cooperative.objects.prefetch_related("delivery_services__rates"):
        pickup = row.delivery_services.all()[0]
        assert pickup.is_pickup
        assert not pickup.rates.all()
        assert pickup.note_vi == row.pickup_vi


def test_rates_rise_with_weight_and_distance_and_differ_between_producers(demo):
    assert not DeliveryRate.objects.exclude(price__range=(8000, 125000)).exists()
    for service in DeliveryService.objects.prefetch_related("rates"):
        prices = [rate.price for rate in service.rates.all()]
        assert prices == sorted(set(prices)), service
        assert all(price % 500 == 0 for price in prices)
        assert service.is_pickup or service.extra_per_kg > 0
    assert len(set(DeliveryRate.objects.filter(service__code="tinh", up_to_g=2000).values_list("price", flat=True))) > 4


def test_names_and_notes_are_in_both_languages(demo):
    for service in DeliveryService.objects.all():
        assert service.name_vi and service.name_en and service.note_vi and service.note_en, service
