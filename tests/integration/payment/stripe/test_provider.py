"""When a card can be chosen."""

import pytest
from django.core.checks import run_checks

from shop.payment.providers import provider
from shop.payment.services import attempts_of
from shop.payment.stripe.models import StripeAccount
from tests.factories import basket_of, cooperative_make, listing_make, place

pytestmark = pytest.mark.django_db


def offer(cooperative, total=120_000):
    """Whether it is offered, and the reason when it is not."""
    offered = provider("stripe").availability(cooperative, total)
    return offered.ok, "" if offered.ok else str(offered.reason)


def test_offered(double):
    assert offer(cooperative_make()) == (True, "")


def test_switched_off(double, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert offer(cooperative_make())[0] is False


@pytest.mark.parametrize(("total", "ok"), [(14_999, False), (15_000, True), (99_999_999, True), (100_000_000, False)])
def test_sums(double, total, ok):
    assert offer(cooperative_make(), total)[0] is ok


def test_own_account_is_needed_when_each_order_is_charged_for_itself(double, settings):
    settings.STRIPE_COLLECTS = "order"
    cooperative = cooperative_make()
    assert offer(cooperative)[0] is False

    account = StripeAccount.objects.create(cooperative=cooperative, account_id="acct_1")
    assert offer(cooperative)[0] is False

    account.charges_enabled = True
    account.save()
    cooperative.refresh_from_db()
    assert offer(cooperative) == (True, "")


def test_reasons_differ(double, settings):
    cooperative = cooperative_make()
    reasons = {offer(cooperative, 1)[1], offer(cooperative, 10**9)[1]}
    settings.STRIPE_COLLECTS = "order"
    reasons.add(offer(cooperative)[1])
    settings.STRIPE_SECRET_KEY = ""
    reasons.add(offer(cooperative)[1])

    assert len(reasons) == 4


def test_placing_an_order_asks_nobody(double):
    group = place(basket_of(listing_make(cooperative_make())), provider="stripe").group
    attempt = attempts_of(group.members.get().order).get()

    assert (attempt.provider, attempt.state) == ("stripe", "pending")
    assert attempt.expires_at
    assert double.requests == []


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"STRIPE_WEBHOOK_SECRET": ""}, ["stripe_payment.W001"]),
        ({"STRIPE_COLLECTS": "both"}, ["stripe_payment.E001"]),
        ({"STRIPE_SECRET_KEY": "", "STRIPE_WEBHOOK_SECRET": ""}, []),
    ],
)
def test_settings_are_checked(double, settings, changes, ids):
    for name, value in changes.items():
        setattr(settings, name, value)

    assert [found.id for found in run_checks() if found.id.startswith("stripe_payment.")] == ids
