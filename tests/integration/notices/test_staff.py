"""What the cooperative's people are told: at once, together, or never."""

from datetime import datetime

import pytest

from shop.core.dates import TZ
from shop.messaging.models import Message
from shop.notices.digest import digest_text, digests_send
from shop.notices.models import CooperativeNotices, StaffNotices
from shop.notices.services import NoticesError, notices_save
from tests.integration.seller.parcels import BY

pytestmark = pytest.mark.django_db
SEVEN, EIGHT, FOUR = (datetime(2026, 11, 24, hour, 5, tzinfo=TZ) for hour in (7, 8, 16))


def told(kind):
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


def test_new_order_in_cash_is_told_to_those_who_decide(cooperative, neighbour, member, order_of):
    owner, packer, _stranger = member(cooperative), member(cooperative, "packer"), member(neighbour)
    order_of(cooperative, provider="cod")
    assert told("seller_order") == [owner.phone]
    body = Message.objects.get(kind="seller_order").body
    assert "2 × Vú sữa" in body
    assert "Thảo" not in body
    assert packer.phone not in told("seller_order")


def test_new_transfer_waits_for_its_money(cooperative, member, order_of):
    member(cooperative)
    order_of(cooperative)
    assert told("seller_order") == []


def test_each_person_chooses(cooperative, member, order_of):
    owner, packer = member(cooperative), member(cooperative, "packer")
    for person, when in ((owner, "never"), (packer, "at_once")):
        StaffNotices.objects.create(membership=person.memberships.get(), when=when)
    order_of(cooperative, provider="cod")
    assert told("seller_order") == [packer.phone]


def test_digest_once_each_hour(cooperative, member, taken):
    packer = member(cooperative, "packer")
    taken()
    assert [digests_send(at) for at in (SEVEN, SEVEN, EIGHT, FOUR)] == [1, 0, 0, 1]
    assert told("seller_digest") == [packer.phone] * 2
    assert "1 " in digest_text(cooperative)


def test_nothing_to_do_says_nothing_and_spends_the_hour(cooperative, member, taken):
    member(cooperative, "packer")
    assert digests_send(SEVEN) == 0
    assert CooperativeNotices.objects.get().digest_slot == "2026-11-24T07"
    taken()
    assert digests_send(SEVEN) == 0
    assert told("seller_digest") == []


def test_nobody_wants_it(cooperative, member, taken, django_assert_num_queries):
    member(cooperative)
    taken()
    with django_assert_num_queries(1):
        assert digests_send(SEVEN) == 0


@pytest.mark.parametrize(("change", "code"), [({"channel": "fax"}, "channel"), ({"hours": [24]}, "hours")])
def test_choices_are_checked(cooperative, change, code):
    values = {"channel": "sms", "is_unmarked": False, "on": set(), "hours": [7]} | change
    with pytest.raises(NoticesError) as refused:
        notices_save(cooperative=cooperative, by=BY, **values)
    assert refused.value.code == code
    assert not CooperativeNotices.objects.exists()
