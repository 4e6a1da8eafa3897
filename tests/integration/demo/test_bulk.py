"""Many listings for measuring."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.certifications.models import Certification
from shop.demo.bulk import listings_make
from shop.listings.models import Listing


def test_listings_are_on_sale_and_can_be_found(demo):
    made = listings_make(300)
    assert len(made) == 300
    assert Listing.objects.published().count() == 429
    listing = Listing.objects.published().matching("khom so 11").for_cards().first()
    assert listing.product.card_price > 0
    assert listing.product.image_400
    assert listing.search_text == listing.build_search_text()


def test_more_can_be_added(demo):
    listings_make(10)
    listings_make(5)
    assert Listing.objects.filter(product__code__startswith="HANG-LOAT-").count() == 15


def test_queries_do_not_grow_with_the_count(demo):
    def asked(count):
        with CaptureQueriesContext(connection) as queries:
            listings_make(count)
        return len(queries)

    assert asked(10) == asked(100)


def test_it_works_without_the_demo(db):
    made = listings_make(30)
    assert len(made) == Listing.objects.published().count() == 30
    assert Certification.objects.in_force().exists()


def test_the_command_refuses_nonsense(db):
    with pytest.raises(CommandError):
        call_command("load_bulk", "--count", "0")
