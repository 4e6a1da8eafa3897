"""What the law asks of a seller's identity, and from when. The only place with these dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class IdentityRule:
    """In force from ``effective_from``. ``sellers`` is ``new``, ``existing`` or ``all``.

    ``due``: the last day on which those sellers may still do without; None when the rule binds at once.
    """

    sellers: str
    effective_from: date
    due: date | None
    basis: str
    text: Any


IDENTITY_RULES = (
    IdentityRule(
        sellers="new",
        effective_from=date(2026, 9, 28),
        due=None,
        basis="Nghị định 320/2026/NĐ-CP",
        text=_("Since 28/9/2026 a new seller links the account with VNeID before selling."),
    ),
    IdentityRule(
        sellers="existing",
        effective_from=date(2026, 9, 28),
        due=date(2026, 12, 31),
        basis="Nghị định 320/2026/NĐ-CP",
        text=_("Whoever sold here before 28/9/2026 links the account with VNeID by 31/12/2026."),
    ),
    IdentityRule(
        sellers="all",
        effective_from=date(2027, 1, 1),
        due=None,
        basis="Nghị định 248/2026/NĐ-CP, Điều 52 khoản 2",
        text=_("From 1/1/2027 every seller's identity is confirmed electronically."),
    ),
)


def rules_for(*, is_new: bool, on: date) -> list[IdentityRule]:
    """The rules that concern a seller and are in force on that day or announced for later, oldest first."""
    mine = {"all", "new" if is_new else "existing"}
    return [rule for rule in IDENTITY_RULES if rule.sellers in mine and (is_new or on <= (rule.due or date.max))]


def link_needed(*, is_new: bool, on: date) -> bool:
    """Whether a seller must be linked with VNeID to sell on that day."""
    mine = {"all", "new" if is_new else "existing"}
    binding = [rule for rule in IDENTITY_RULES if rule.sellers in mine and rule.effective_from <= on]
    return any(rule.due is None or on > rule.due for rule in binding)


def is_new_seller(since: date) -> bool:
    """Whether somebody who came on that day counts as a new seller."""
    return since >= min(rule.effective_from for rule in IDENTITY_RULES if rule.sellers == "new")


def existing_due() -> date:
    """Until when those who sold before may go on without a link."""
    return max(rule.due for rule in IDENTITY_RULES if rule.sellers == "existing" and rule.due)
