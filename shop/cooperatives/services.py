"""Every change to a cooperative's settings and people; each function is one transaction and safe to call twice."""

from typing import Any

from django.db import transaction

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership


class MembershipError(Exception):
    """``code``: ``last_owner`` (a cooperative always has one) or ``gone`` (does not work here any more)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cooperative_lock(cooperative: Cooperative) -> Cooperative:
    """The cooperative's row, locked: changes to its settings and its people queue behind one another."""
    return Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)


@transaction.atomic
def cooperative_cash_set(*, cooperative: Cooperative, accepts: bool, limit: int | None, by: str) -> Cooperative:
    """Whether buyers may pay the cooperative in cash at the door, up to ``limit`` dong a parcel.

    None: up to the market's own limit. Orders placed before stay as they are.
    """
    locked = cooperative_lock(cooperative)
    before = {"accepts": locked.accepts_cod, "limit": locked.cod_limit}
    after = {"accepts": accepts, "limit": limit}
    if before == after:
        return locked
    locked.accepts_cod, locked.cod_limit = accepts, limit
    locked.save(update_fields=["accepts_cod", "cod_limit"])
    entry_add(
        action="cooperative.cash",
        subject=f"cooperative:{locked.pk}",
        by=by,
        scope=f"cooperative:{locked.pk}",
        before=before,
        after=after,
    )
    return locked


@transaction.atomic
def membership_set(*, cooperative: Cooperative, user: Any, role: str, by: str, must_exist: bool = False) -> Membership:
    """Let a person work for the cooperative in a role, or give them another one.

    Raises MembershipError: ``last_owner``; ``gone`` when the person ``must_exist`` there and does not.
    """
    cooperative_lock(cooperative)
    known = Membership.objects.select_for_update(of=("self",)).filter(cooperative=cooperative, user=user).first()
    if known and known.role == role:
        return known
    if known is None and must_exist:
        raise MembershipError("gone")
    if known:
        owner_check(known)
    before = {"role": known.role} if known else None
    row, _ = Membership.objects.update_or_create(cooperative=cooperative, user=user, defaults={"role": role})
    role_log("role.granted", cooperative, user, by, before=before, after={"role": role})
    return row


@transaction.atomic
def membership_end(*, cooperative: Cooperative, user: Any, by: str) -> bool:
    """The person no longer works for the cooperative; True when this call said so.

    Raises MembershipError ``last_owner``.
    """
    cooperative_lock(cooperative)
    known = Membership.objects.select_for_update(of=("self",)).filter(cooperative=cooperative, user=user).first()
    if known is None:
        return False
    owner_check(known)
    before = {"role": known.role}
    known.delete()
    role_log("role.ended", cooperative, user, by, before=before)
    return True


def owner_check(member: Membership) -> None:
    """Raise MembershipError when nobody else owns the cooperative. Its row is locked, so no two leave at once."""
    others = Membership.objects.filter(cooperative=member.cooperative_id, role=Membership.Role.OWNER)
    if member.role == Membership.Role.OWNER and not others.exclude(pk=member.pk).exists():
        raise MembershipError("last_owner")


def role_log(action: str, cooperative: Cooperative, user: Any, by: str, **values: Any) -> None:
    """The audit trail of the cooperative: who may do what in it."""
    scope = f"cooperative:{cooperative.pk}"
    entry_add(action=action, subject=f"user:{user.get_username() or user.pk}", by=by, scope=scope, **values)
