"""Every change to who works for a cooperative; each function is one transaction and safe to call twice.

Locks: the cooperative's row first, so that invitations and roles of one cooperative queue; the audit entry comes last.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership
from shop.cooperatives.services import cooperative_lock, membership_end, membership_set
from shop.core.lang import shop_name
from shop.messaging.services import message_send
from shop.team.models import Invitation

State = Invitation.State

DAYS = 7
#: Invitations that one cooperative may send within a day: text messages cost money and annoy strangers.
PER_DAY = 20
#: The kind of message: its text holds the secret link, so it is forgotten once it has left.
KIND = "invitation"


class InvitationError(Exception):
    """``code``: ``member`` (works here already), ``limit`` (enough for today), ``unknown``, ``expired``, ``withdrawn``,
    ``used`` (accepted before), ``foreign`` (meant for another phone number), ``unproven`` (the account's number was
    never confirmed by a code)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def digest_of(token: str) -> str:
    """A keyed hash of the link's secret: a copy of the table opens no door."""
    return salted_hmac("shop.team.invitation", token, algorithm="sha256").hexdigest()


def invitation_find(token: str) -> Invitation | None:
    """The invitation that the link leads to."""
    return Invitation.objects.select_related("cooperative", "invited_by").filter(digest=digest_of(token)).first()


def invitations_open(cooperative: Cooperative) -> list[Invitation]:
    """Sent and neither accepted nor withdrawn, also those that ran out; newest first."""
    return list(Invitation.objects.filter(cooperative=cooperative, state=State.OPEN))


@transaction.atomic
def invitation_send(*, cooperative: Cooperative, phone: str, role: str, user: Any, by: str) -> Invitation:
    """Invite the person with that number (E.164) by text message; raises InvitationError ``member`` or ``limit``.

    The same invitation once more sends nothing. Another role, or one that ran out, replaces it: the old link ends.
    """
    locked = cooperative_lock(cooperative)
    if Membership.objects.filter(cooperative=locked, user__phone=phone).exists():
        raise InvitationError("member")
    known = Invitation.objects.select_for_update().filter(cooperative=locked, phone=phone, state=State.OPEN).first()
    if known and known.role == role and not known.is_expired:
        return known
    now = timezone.now()
    if Invitation.objects.filter(cooperative=locked, created_at__gt=now - timedelta(days=1)).count() >= PER_DAY:
        raise InvitationError("limit")
    if known:
        state_set(known, State.WITHDRAWN)
    token = secrets.token_urlsafe(16)
    row = Invitation.objects.create(
        cooperative=locked,
        phone=phone,
        role=role,
        digest=digest_of(token),
        created_at=now,
        expires_at=now + timedelta(days=DAYS),
        invited_by=user,
    )
    message_send(kind=KIND, to=phone, body=invitation_text(row, token), key=f"invitation-{row.pk}")
    invitation_log("invitation.sent", row, by, after={"role": role})
    return row


def invitation_text(row: Invitation, token: str) -> str:
    """The text message, in the language of the page it was sent from."""
    link = settings.SITE_URL + reverse("seller:invitation", kwargs={"token": token})
    return _(
        "%(shop)s: %(cooperative)s invites you to work there (%(role)s). Accept within %(days)s days: %(link)s"
    ) % {
        "shop": shop_name(),
        "cooperative": row.cooperative.display_name[:60],
        "role": row.get_role_display(),
        "days": DAYS,
        "link": link,
    }


def invitation_check(row: Invitation | None, user: Any) -> Invitation:
    """The invitation, when this person may accept it now; raises InvitationError otherwise."""
    if row is None:
        raise InvitationError("unknown")
    if user.phone != row.phone:
        raise InvitationError("foreign")
    if not user.phone_verified:
        raise InvitationError("unproven")
    if row.state == State.ACCEPTED:
        raise InvitationError("used")
    if row.state == State.WITHDRAWN:
        raise InvitationError("withdrawn")
    if row.is_expired:
        raise InvitationError("expired")
    return row


@transaction.atomic
def invitation_accept(*, token: str, user: Any, by: str) -> Membership:
    """The invited person takes the role; raises InvitationError. A second call finds the first one's membership.

    Whoever works there already keeps the role they have: an old link neither promotes nor demotes.
    """
    known = invitation_find(token)
    if known is None:
        raise InvitationError("unknown")
    cooperative = cooperative_lock(known.cooperative)
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=known.pk)
    member = Membership.objects.filter(cooperative=cooperative, user=user).first()
    if member and row.state == State.ACCEPTED and row.accepted_by_id == user.pk:
        return member
    invitation_check(row, user)
    state_set(row, State.ACCEPTED, user)
    return member or membership_set(cooperative=cooperative, user=user, role=row.role, by=by)


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, by: str) -> bool:
    """The link leads nowhere from now on; True when this call said so. What was accepted stays."""
    cooperative_lock(invitation.cooperative)
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if row.state != State.OPEN:
        return False
    state_set(row, State.WITHDRAWN)
    invitation_log("invitation.withdrawn", row, by, before={"role": row.role})
    return True


@transaction.atomic
def member_role_set(*, member: Membership, role: str, by: str) -> Membership:
    """Give somebody who works here another role; raises MembershipError ``last_owner`` and ``gone``.

    Invitations that a former owner sent end with the right to send them.
    """
    row = membership_set(cooperative=member.cooperative, user=member.user, role=role, by=by, must_exist=True)
    if role != Membership.Role.OWNER:
        invitations_end(member)
    return row


@transaction.atomic
def member_remove(*, member: Membership, by: str) -> bool:
    """The person no longer works here, and what they had sent ends; raises MembershipError ``last_owner``."""
    cooperative_lock(member.cooperative)
    invitations_end(member)
    return membership_end(cooperative=member.cooperative, user=member.user, by=by)


# -- Parts -------------------------------------------------------------------------------------------------------


def invitations_end(member: Membership) -> None:
    """Withdraw what this person sent and nobody accepted."""
    sent = Invitation.objects.filter(cooperative=member.cooperative_id, invited_by=member.user_id, state=State.OPEN)
    sent.update(state=State.WITHDRAWN)


def state_set(row: Invitation, state: str, user: Any = None) -> None:
    row.state, row.accepted_by = state, user
    row.save(update_fields=["state", "accepted_by"])


def invitation_log(action: str, row: Invitation, by: str, **values: Any) -> None:
    """The audit trail of the cooperative."""
    entry_add(action=action, subject=f"user:{row.phone}", by=by, scope=f"cooperative:{row.cooperative_id}", **values)
