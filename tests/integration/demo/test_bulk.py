"""Many listings for measuring."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shop.certifications.models import Certification
from shop.cooperatives.models import Cooperative
from shop.demo.bulk import listings_make
from shop.listings.models import Listing
from shop.payment.vietqr.models import BankAccount, BankFeed

Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")


def test_listings_are_on_sale_and_can_be_found(demo):
    made = listings_make(300)
    assert len(made) == 300
    assert Listing.objects.published().count() == 429
    listing = Listing.objects.published().matching(made[10].product.title).for_cards().get()
    assert listing.pk == made[10].pk
    assert listing.product.card_price > 0
    assert listing.product.image_400
    assert listing.search_text == listing.build_search_text()


def test_more_can_be_added(demo):
    listings_make(10)
    listings_make(5)
    assert Listing.objects.filter(product__code__startswith="HANG-LOAT-").count() == 15


def test_rows_are_written_in_batches(demo):
    with CaptureQueriesContext(connection) as queries:
        listings_make(300)
    assert len(queries) < 80


def test_it_works_in_an_empty_shop(demo):
    for model in (Product, BankFeed, BankAccount, Cooperative, Partner, Category):
        model.objects.all().delete()
    made = listings_make(30)
    assert len(made) == Listing.objects.published().count() == 30
    assert Certification.objects.in_force().exists()


def test_the_command_refuses_nonsense(db):
    with pytest.raises(CommandError):
        call_command("load_bulk", "--count", "0")
