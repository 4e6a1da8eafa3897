"""Who may do what in a cooperative: given, changed, ended; each once, in the audit trail."""

import pytest

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.cooperatives.models import Membership
from shop.cooperatives.services import membership_end, membership_set
from shop.dashboard.services import operator_add
from tests.factories import cooperative_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user(phone="+84911000001", first_name="Lành")


def test_roles_are_written_down(person):
    cooperative = cooperative_make()

    for role in ("packer", "packer", "accountant"):
        membership_set(cooperative=cooperative, user=person, role=role, by="chủ nhiệm")
    assert Membership.objects.get().role == "accountant"
    assert membership_end(cooperative=cooperative, user=person, by="chủ nhiệm")
    assert not membership_end(cooperative=cooperative, user=person, by="chủ nhiệm")

    entries = AuditEntry.objects.filter(scope=f"cooperative:{cooperative.pk}").order_by("position")
    assert [entry.action for entry in entries] == ["role.granted", "role.granted", "role.ended"]
    assert "packer" in entries[1].before
    assert "accountant" in entries[1].after


def test_operators_are_written_down_once(person):
    assert operator_add(user=person, by="root")
    assert not operator_add(user=person, by="root")

    entry = AuditEntry.objects.get(scope="market")
    assert (entry.action, entry.by, entry.subject) == ("role.granted", "root", "user:+84911000001")
