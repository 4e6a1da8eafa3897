"""A full basket asks the database as often as a small one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import basket_of, cooperative_make, listing_make, place
from tests.integration.checkout.offers import Benefit, offer_make
from tests.integration.checkout.pages import guest

pytestmark = pytest.mark.django_db

MOST = 20


def goods(cooperatives, each):
    """Listings of several cooperatives."""
    return [listing_make(cooperative) for cooperative in [cooperative_make() for _ in range(cooperatives)] * each]


def count(client, url):
    """Queries of one visit, after a first one has warmed the caches that all visitors share."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def counts(url):
    """For one line, and for twelve lines of six cooperatives."""
    return [count(guest(Client(), basket_of(*lines)), url) for lines in (goods(1, 1), goods(6, 2))]


@pytest.mark.parametrize("url", ["/gio-hang/", "/thanh-toan/", "/en/gio-hang/", "/en/thanh-toan/"])
def test_pages_before_the_purchase(url):
    small, large = counts(url)

    assert small == large <= MOST


def test_pages_with_an_offer_on_everything():
    offer_make(Benefit.PERCENTAGE, 10)

    small, large = counts("/gio-hang/")

    assert small == large <= MOST


def test_page_of_the_purchase():
    groups = [place(basket_of(*lines)).group for lines in (goods(1, 1), goods(6, 2))]

    small, large = [count(Client(), group.get_absolute_url()) for group in groups]

    assert small == large <= MOST


def test_status_of_the_purchase():
    groups = [place(basket_of(*lines)).group for lines in (goods(1, 1), goods(6, 2))]

    small, large = [count(Client(), f"{group.get_absolute_url()}trang-thai/") for group in groups]

    assert small == large <= MOST
