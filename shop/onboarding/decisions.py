"""What the province decides about an application: send it back, refuse it, approve it. Each once, each told once."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.cooperatives.models import Cooperative, Membership
from shop.cooperatives.services import membership_set
from shop.core.text import slugify_vi
from shop.onboarding.models import Application, StepComment
from shop.onboarding.notices import decision_notice
from shop.onboarding.services import OnboardingError, application_lock, log, name_of
from shop.onboarding.steps import STEPS, steps_missing

Partner = get_model("partner", "Partner")
State = Application.State


@transaction.atomic
def application_return(*, application: Application, comments: Mapping[str, str], by: str) -> Application:
    """Send it back with what is to be changed, by step. Raises ``empty`` without a comment, ``state``, ``own``."""
    locked = decision_lock(application, by, done=State.RETURNED)
    if locked.state == State.RETURNED:
        return locked
    told = {step: comments[step] for step in STEPS if comments.get(step)}
    if not told:
        raise OnboardingError("empty")
    StepComment.objects.bulk_create(
        StepComment(application=locked, round=locked.sends, step=step, text=text[:500], by=by[:254])
        for step, text in told.items()
    )
    decide(locked, State.RETURNED, by)
    log("application.returned", locked, by, after=told)
    return locked


@transaction.atomic
def application_refuse(*, application: Application, reason: str, by: str) -> Application:
    """The end of this application; the applicant reads the reason and may start another one."""
    locked = decision_lock(application, by, done=State.REFUSED)
    if locked.state == State.REFUSED:
        return locked
    locked.reason = reason[:2000]
    locked.save(update_fields=["reason"])
    decide(locked, State.REFUSED, by)
    log("application.refused", locked, by, after={"reason": reason})
    return locked


@transaction.atomic
def application_approve(*, application: Application, by: str) -> Cooperative:
    """Make the seller: partner, cooperative (not yet published) and the applicant as its owner.

    The bank account is opened by ``shop.reconciliation.opening``, in the same transaction. Raises ``incomplete``,
    ``taken``, ``state``, ``own``.
    """
    locked = decision_lock(application, by, done=State.APPROVED)
    if locked.state == State.APPROVED:
        return locked.cooperative
    missing = steps_missing(locked)
    if missing or locked.applicant is None:
        raise OnboardingError("incomplete", missing)
    if tax_code_taken(locked):
        raise OnboardingError("taken")
    cooperative = cooperative_create(locked)
    locked.cooperative = cooperative
    locked.save(update_fields=["cooperative"])
    decide(locked, State.APPROVED, by)
    membership_set(cooperative=cooperative, user=locked.applicant, role=Membership.Role.OWNER, by=by)
    log("application.approved", locked, by, after={"slug": cooperative.slug, "tax_code": cooperative.tax_code})
    return cooperative


# -- Parts --------------------------------------------------------------------------------------------------------


def decision_lock(application: Application, by: str, *, done: str) -> Application:
    """The application, if it waits for a decision or was decided just so; nobody decides about their own."""
    locked = application_lock(application)
    if locked.state not in (State.SENT, done):
        raise OnboardingError("state")
    if locked.applicant and name_of(locked.applicant) == by:
        raise OnboardingError("own")
    return locked


def decide(locked: Application, state: str, by: str) -> None:
    """Write the decision down and tell the applicant."""
    locked.state, locked.decided_by, locked.decided_at = state, by[:254], timezone.now()
    locked.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    decision_notice(locked)


def tax_code_taken(application: Application) -> bool:
    """Whether another cooperative sells here under that tax code."""
    code = application.tax_code
    return bool(code) and Cooperative.objects.filter(tax_code=code).exclude(pk=application.cooperative_id).exists()


def cooperative_create(application: Application) -> Cooperative:
    """Partner and cooperative out of what was applied for. A household's personal number does not become public."""
    slug = slug_free(application.name)
    return Cooperative.objects.create(
        partner=Partner.objects.create(name=application.name, code=slug),
        slug=slug,
        name=application.name,
        kind=application.kind,
        legal_name=application.legal_name,
        tax_code=application.tax_code,
        representative=application.representative,
        phone=application.phone,
        zalo=application.zalo,
        ward_code=application.ward_code,
        address=application.address,
        is_published=False,
    )


def slug_free(name: str) -> str:
    """An address without marks that no other cooperative has: ``htx-vu-sua``, ``htx-vu-sua-2``."""
    base = slugify_vi(name)[:100].strip("-") or "gian-hang"
    taken = set(Cooperative.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= set(Partner.objects.filter(code__startswith=base).values_list("code", flat=True))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug
