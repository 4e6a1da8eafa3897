"""The stall opens for a verified identity only; whoever sold before the law has time."""

from datetime import date, datetime
from importlib import import_module

import pytest
from django.apps import apps

from shop.audit.models import AuditEntry
from shop.cooperatives.models import Cooperative, Membership
from shop.core.dates import TZ
from shop.listings.models import Listing
from shop.messaging.models import Message
from shop.onboarding import identity as module
from shop.onboarding.identity import cooperative_publish, cooperative_unpublish, identity_state, identity_verify
from shop.onboarding.models import Identity
from shop.onboarding.services import OnboardingError
from tests.factories import cooperative_make, listing_make
from tests.factories.onboarding import applicant_make

pytestmark = pytest.mark.django_db
BY = "canbo@example.vn"
LINKED = {"method": "vneid_org", "number": "0100109106", "linked_on": date(2026, 11, 1)}


@pytest.fixture
def closed(monkeypatch):
    """A cooperative that came in November 2026, with an owner; today is the 24th."""
    monkeypatch.setattr(module, "today", lambda: date(2026, 11, 24))
    cooperative = cooperative_make()
    since = datetime(2026, 11, 20, tzinfo=TZ)
    Cooperative.objects.filter(pk=cooperative.pk).update(created_at=since, is_published=False)
    Membership.objects.create(cooperative=cooperative, user=applicant_make(), role="owner")
    return cooperative


def code_of(call, **arguments) -> str:
    with pytest.raises(OnboardingError) as caught:
        call(**arguments)
    return caught.value.code


def test_no_identity_no_stall(closed):
    listing = listing_make(closed)
    assert code_of(cooperative_publish, cooperative=closed, by=BY) == "identity"
    assert not Listing.objects.published().exists()

    identity_verify(cooperative=closed, by=BY, **LINKED)
    for _twice in range(2):
        cooperative_publish(cooperative=closed, by=BY)
    assert Listing.objects.published().get() == listing
    assert Message.objects.filter(kind="stall").count() == 1

    for _twice in range(2):
        cooperative_unpublish(cooperative=closed, reason="Hết hạn giấy", by=BY)
    assert not Listing.objects.published().exists()
    assert Message.objects.filter(kind="stall").count() == 2
    entries = AuditEntry.objects.filter(scope=f"cooperative:{closed.pk}").values_list("action", flat=True)
    assert list(entries) == ["identity.verified", "cooperative.published", "cooperative.unpublished"]


def test_new_sellers_need_the_link(closed):
    assert code_of(identity_verify, cooperative=closed, by=BY, **(LINKED | {"linked_on": None})) == "link"
    assert code_of(identity_verify, cooperative=closed, by=BY, **(LINKED | {"method": "paper"})) == "link"
    assert identity_state(closed) == "missing"
    Cooperative.objects.filter(pk=closed.pk).update(created_at=datetime(2026, 9, 1, tzinfo=TZ))
    identity_verify(cooperative=closed, by=BY, method="paper", number="0100109106", linked_on=None)
    assert identity_state(closed) == "verified"


def test_the_number_is_sealed_and_verifying_twice_is_once(closed):
    for _twice in range(2):
        identity = identity_verify(cooperative=closed, by=BY, **LINKED)
    assert "0100109106" not in identity.number_sealed
    assert (identity.number, identity.number_masked) == ("0100109106", "•••••••106")
    entry = AuditEntry.objects.get(action="identity.verified")
    assert "0100109106" not in entry.after


def test_nobody_verifies_their_own_stall(closed):
    mine = Membership.objects.get().user.phone
    assert code_of(identity_verify, cooperative=closed, by=mine, **LINKED) == "own"
    assert code_of(cooperative_publish, cooperative=closed, by=mine) == "own"
    assert not Identity.objects.exists()


def test_states_by_day():
    grace = Identity(due_on=date(2026, 12, 31))
    assert [grace.state(day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == ["grace", "overdue"]
    assert not grace.allows_selling(date(2027, 1, 1))
    verified = Identity(verified_at=datetime(2026, 11, 1, tzinfo=TZ), expires_on=date(2027, 11, 1))
    assert [verified.state(day) for day in (date(2027, 11, 1), date(2027, 11, 2))] == ["verified", "expired"]


def test_open_stalls_get_time():
    open_one, closed_one = cooperative_make(), cooperative_make()
    Cooperative.objects.filter(pk=closed_one.pk).update(is_published=False)
    migration = import_module("shop.onboarding.migrations.0002_existing_identities")
    for _twice in range(2):
        migration.grace_give(apps, None)
    identity = Identity.objects.get()
    assert (identity.cooperative, identity.due_on, identity.verified_at) == (open_one, date(2026, 12, 31), None)
