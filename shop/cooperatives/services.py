"""Every change to a cooperative's settings and people; each function is one transaction and safe to call twice."""

from typing import Any

from django.db import transaction

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership


@transaction.atomic
def cooperative_cash_set(*, cooperative: Cooperative, accepts: bool, limit: int | None, by: str) -> Cooperative:
    """Whether buyers may pay the cooperative in cash at the door, up to ``limit`` dong a parcel.

    None: up to the market's own limit. Orders placed before stay as they are.
    """
    locked = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
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
def membership_set(*, cooperative: Cooperative, user: Any, role: str, by: str) -> Membership:
    """Let a person work for the cooperative in a role, or give them another one."""
    known = Membership.objects.select_for_update(of=("self",)).filter(cooperative=cooperative, user=user).first()
    if known and known.role == role:
        return known
    before = {"role": known.role} if known else None
    row, _ = Membership.objects.update_or_create(cooperative=cooperative, user=user, defaults={"role": role})
    role_log("role.granted", cooperative, user, by, before=before, after={"role": role})
    return row


@transaction.atomic
def membership_end(*, cooperative: Cooperative, user: Any, by: str) -> bool:
    """The person no longer works for the cooperative; True when this call said so."""
    known = Membership.objects.select_for_update(of=("self",)).filter(cooperative=cooperative, user=user).first()
    if known is None:
        return False
    before = {"role": known.role}
    known.delete()
    role_log("role.ended", cooperative, user, by, before=before)
    return True


def role_log(action: str, cooperative: Cooperative, user: Any, by: str, **values: Any) -> None:
    """The audit trail of the cooperative: who may do what in it."""
    scope = f"cooperative:{cooperative.pk}"
    entry_add(action=action, subject=f"user:{user.get_username() or user.pk}", by=by, scope=scope, **values)
