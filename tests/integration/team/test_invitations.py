"""An invitation leads one phone number into one role, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.cooperatives.models import Membership
from shop.cooperatives.services import MembershipError, membership_end, membership_set
from shop.messaging.models import Message
from shop.team import services
from shop.team.models import Invitation
from shop.team.services import (
    InvitationError,
    invitation_accept,
    invitation_send,
    invitation_withdraw,
    member_remove,
    member_role_set,
)
from tests.factories import cooperative_make

pytestmark = pytest.mark.django_db
PHONE = "+84912345678"


@pytest.fixture
def cooperative():
    return cooperative_make("HTX Vú sữa")


@pytest.fixture
def owner(cooperative):
    person = User.objects.create_user(phone="+84911000001", first_name="Lành")
    Membership.objects.create(cooperative=cooperative, user=person, role="owner")
    return person


@pytest.fixture
def send(cooperative, owner):
    def make(role="packer", phone=PHONE):
        return invitation_send(cooperative=cooperative, phone=phone, role=role, user=owner, by=owner.phone)

    return make


def guest(phone=PHONE, verified=True):
    return User.objects.create_user(phone=phone, phone_verified=verified)


def token():
    return Message.objects.filter(kind="invitation").latest("pk").body.rstrip("/").rsplit("/", 1)[-1]


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Membership, Invitation)]


def refused(code, call, **values):
    before = rows()
    with pytest.raises((InvitationError, MembershipError)) as problem:
        call(**values)
    assert problem.value.code == code
    assert before == rows()


def accept(user, secret=None):
    return invitation_accept(token=secret or token(), user=user, by=user.phone)


def test_a_text_message_leads_to_the_role(cooperative, send):
    row = send("accountant")
    message = Message.objects.get(kind="invitation")
    assert (message.to, message.channel) == (PHONE, "sms")
    assert "HTX Vú sữa" in message.body
    assert token() not in row.digest
    person = guest()
    member = accept(person)
    assert (member.cooperative, member.user, member.role) == (cooperative, person, "accountant")
    row.refresh_from_db()
    assert (row.state, row.accepted_by) == ("accepted", person)
    actions = AuditEntry.objects.filter(scope=f"cooperative:{cooperative.pk}").order_by("position")
    assert list(actions.values_list("action", flat=True)) == ["invitation.sent", "role.granted"]


def test_the_secret_is_forgotten_once_it_has_left(send, run_tasks):
    send()
    run_tasks()
    assert "loi-moi" not in Message.objects.get(kind="invitation").body


def test_pressed_twice(send):
    assert send() == send()
    assert Message.objects.filter(kind="invitation").count() == 1
    person = guest()
    assert accept(person) == accept(person)
    assert AuditEntry.objects.filter(action="role.granted").count() == 1


def test_another_role_replaces_the_first_invitation(send):
    send("packer")
    old = token()
    send("seller")
    person = guest()
    refused("withdrawn", accept, user=person, secret=old)
    assert accept(person).role == "seller"


def test_only_that_phone_and_only_when_it_is_proven(send):
    send()
    refused("foreign", accept, user=guest("+84912345679"))
    refused("unproven", accept, user=guest(verified=False))
    refused("unknown", accept, user=guest("+84912345670"), secret="no-such-secret")


def test_it_runs_out_after_a_week(send, monkeypatch):
    row = send()
    person = guest()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused("expired", accept, user=person)
    # The owner invites again: a new link.
    assert send() != row
    assert accept(person).role == "packer"


def test_withdrawn(send, owner):
    row = send()
    assert invitation_withdraw(invitation=row, by=owner.phone)
    assert not invitation_withdraw(invitation=row, by=owner.phone)
    refused("withdrawn", accept, user=guest())


def test_accepted_and_removed_does_not_come_back_by_the_old_link(cooperative, send, owner):
    send()
    person = guest()
    accept(person)
    membership_end(cooperative=cooperative, user=person, by=owner.phone)
    refused("used", accept, user=person)


def test_an_old_link_changes_no_role(cooperative, send):
    send("owner")
    person = guest()
    membership_set(cooperative=cooperative, user=person, role="packer", by="chủ nhiệm")
    assert accept(person).role == "packer"


def test_those_who_work_here_are_not_invited(owner, send):
    refused("member", send, phone=owner.phone)


def test_so_many_a_day(send, monkeypatch):
    monkeypatch.setattr(services, "PER_DAY", 2)
    for number in (1, 2):
        send(phone=f"+8491234560{number}")
    refused("limit", send, phone="+84912345609")
    Invitation.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    assert send(phone="+84912345609")


def test_the_last_owner_stays(cooperative, owner):
    member = Membership.objects.get(user=owner)
    refused("last_owner", member_remove, member=member, by=owner.phone)
    refused("last_owner", member_role_set, member=member, role="packer", by=owner.phone)
    assert not AuditEntry.objects.exists()
    membership_set(cooperative=cooperative, user=guest(), role="owner", by=owner.phone)
    assert member_role_set(member=member, role="packer", by=owner.phone).role == "packer"


def test_what_a_former_owner_sent_ends(cooperative, send, owner):
    send("owner", phone="+84912345601")
    membership_set(cooperative=cooperative, user=guest(), role="owner", by="x")
    member = Membership.objects.get(user=owner)
    assert member_remove(member=member, by="x")
    assert not member_remove(member=member, by="x")
    assert Invitation.objects.get().state == "withdrawn"
    refused("gone", member_role_set, member=member, role="packer", by="x")
