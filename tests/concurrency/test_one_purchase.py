"""One basket makes one purchase, however often and however fast the button is pressed."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.checkout.models import OrderGroup
from shop.fulfilment.models import Consignment
from shop.messaging.models import Message
from shop.order.models import Order
from tests.concurrency.buyers import buyer, groups, held
from tests.concurrency.race import race, tally
from tests.factories import basket_of, listing_make
from tests.integration.checkout.pages import basket_cookie, checkout_form

pytestmark = pytest.mark.django_db(transaction=True)


def test_50_identical_submissions(figures):
    first, second = listing_make(stock=100), listing_make(stock=100)
    job = buyer(basket_of((first, 2), second))

    outcomes = race([job] * 50, workers=20)

    figures(f"one basket submitted 50 times: {dict(tally(outcomes))}")
    assert tally(outcomes) == {"ok": 50}
    assert len({outcome.value.group.pk for outcome in outcomes}) == groups() == 1
    assert sum(outcome.value.created for outcome in outcomes) == 1
    assert Order.objects.count() == Consignment.objects.count() == 2
    assert (held(first), held(second)) == (2, 1)
    assert Message.objects.count() == 1


def test_50_identical_posts_all_end_at_the_purchase(figures):
    """Through the whole site, as 50 impatient presses of one visitor."""
    listing = listing_make(stock=100)
    basket = basket_of((listing, 3))
    visitor = Client()
    visitor.cookies = basket_cookie(basket)
    data = checkout_form(visitor)

    def press():
        client = Client()
        client.cookies = basket_cookie(basket)
        response = client.post(reverse("checkout:index"), data)
        return response.status_code, response.headers.get("Location")

    outcomes = race([press] * 50, workers=20)

    answers = {outcome.value for outcome in outcomes}
    figures(f"one form posted 50 times: {dict(tally(outcomes))}, answers {sorted(map(str, answers))}")
    assert tally(outcomes) == {"ok": 50}
    assert answers == {(303, OrderGroup.objects.get().get_absolute_url())}
    assert held(listing) == 3
    assert Order.objects.count() == 1
