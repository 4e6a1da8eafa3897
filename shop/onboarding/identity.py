"""Who a seller is: verified by an officer, and the stall that opens only then. Each function is safe to call twice."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership
from shop.core.dates import TZ, today
from shop.core.sealing import seal
from shop.onboarding.models import PURPOSE, Identity, Method
from shop.onboarding.notices import stall_notice
from shop.onboarding.rules import is_new_seller, link_needed
from shop.onboarding.services import OnboardingError, name_of

LINKED = (Method.ORGANISATION, Method.PERSON)


def number_seal(number: str) -> str:
    """How a personal or organisation number is kept; empty for none."""
    return seal(number, purpose=PURPOSE) if number else ""


def identity_state(cooperative: Cooperative) -> str:
    """See :meth:`Identity.state`; ``missing`` when nothing is known."""
    identity = Identity.objects.filter(cooperative=cooperative).first()
    return identity.state() if identity else "missing"


def needs_link(cooperative: Cooperative) -> bool:
    """Whether the law asks this seller for a link with VNeID today."""
    since = cooperative.created_at.astimezone(TZ).date()
    return link_needed(is_new=is_new_seller(since), on=today())


@transaction.atomic
def identity_verify(
    *,
    cooperative: Cooperative,
    method: str,
    number: str,
    linked_on: date | None,
    expires_on: date | None = None,
    by: str,
) -> Identity:
    """An officer has looked and knows who the seller is. ``number``: of the person or organisation; kept sealed.

    Raises ``link`` when the law asks for VNeID today and there is none, ``own`` for the seller's own people.
    """
    locked = stall_lock(cooperative, by)
    if needs_link(locked) and not (method in LINKED and linked_on):
        raise OnboardingError("link")
    identity = Identity.objects.filter(cooperative=locked).first() or Identity(cooperative=locked)
    told = {"method": method, "linked_on": linked_on, "expires_on": expires_on}
    same = all(getattr(identity, name) == value for name, value in told.items()) and identity.number == number
    if same and identity.state() == "verified":
        return identity
    for name, value in told.items():
        setattr(identity, name, value)
    identity.number_sealed = number_seal(number)
    identity.verified_by, identity.verified_at = by[:254], timezone.now()
    identity.save()
    log("identity.verified", locked, by, {name: str(value or "") for name, value in told.items()})
    return identity


@transaction.atomic
def cooperative_publish(*, cooperative: Cooperative, by: str) -> Cooperative:
    """Open the stall to shoppers. Raises ``identity`` when nobody has verified who the seller is."""
    locked = stall_lock(cooperative, by)
    identity = Identity.objects.filter(cooperative=locked).first()
    if identity is None or not identity.allows_selling():
        raise OnboardingError("identity")
    if locked.is_published:
        return locked
    locked.is_published = True
    locked.save(update_fields=["is_published"])
    stall_notice(locked, "published")
    log("cooperative.published", locked, by, {"identity": identity.state()})
    return locked


@transaction.atomic
def cooperative_unpublish(*, cooperative: Cooperative, reason: str, by: str) -> Cooperative:
    """Close the stall: its goods are no longer to be found or bought; orders that were placed go on."""
    locked = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    if not locked.is_published:
        return locked
    locked.is_published = False
    locked.save(update_fields=["is_published"])
    stall_notice(locked, "unpublished", reason)
    log("cooperative.unpublished", locked, by, {"reason": reason})
    return locked


def stall_lock(cooperative: Cooperative, by: str) -> Cooperative:
    """The cooperative, locked; its own people do not decide about it."""
    locked = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    people = Membership.objects.filter(cooperative=locked).select_related("user")
    if any(name_of(row.user) == by for row in people):
        raise OnboardingError("own")
    return locked


def log(action: str, cooperative: Cooperative, by: str, after: dict[str, str]) -> None:
    scope = f"cooperative:{cooperative.pk}"
    entry_add(action=action, subject=scope, by=by, scope=scope, after=after)
