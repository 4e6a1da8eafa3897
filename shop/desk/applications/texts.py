"""Words of the desk about applications: what an officer checks, and what stands in the way of a decision."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.dates import today
from shop.core.text import fold
from shop.onboarding.decisions import tax_code_taken
from shop.onboarding.models import Application
from shop.onboarding.rules import link_needed
from shop.onboarding.steps import steps_missing

STEP_TITLES: dict[str, Any] = {
    "seller": gettext_lazy("Who it is"),
    "place": gettext_lazy("Where it is"),
    "papers": gettext_lazy("Food-safety papers"),
    "account": gettext_lazy("Bank account"),
    "identity": gettext_lazy("Identity"),
}


@dataclass(frozen=True)
class Check:
    """One line of the checklist: whether the machine is content, and what to look at."""

    ok: bool
    text: str


def checklist(application: Application) -> list[Check]:
    """What the machine can tell beforehand; the officer decides."""
    missing = steps_missing(application)
    words = ", ".join(str(STEP_TITLES[step]) for step in missing)
    complete = _("Still missing: %(steps)s") % {"steps": words} if missing else _("All steps are filled in")
    taken = tax_code_taken(application)
    linked = application.linked_on is not None
    return [
        Check(not missing, complete),
        Check(not taken, _("Another seller has this tax code") if taken else _("No other seller has this tax code")),
        Check(holder_fits(application), holder_text(application)),
        Check(linked or not link_needed(is_new=True, on=today()), link_text(application)),
    ]


def holder_fits(application: Application) -> bool:
    """Whether the account's holder shares two words with the seller or the representative."""
    holder = set(fold(application.bank_holder).split())
    names = (application.name, application.legal_name, application.representative)
    return any(len(holder & set(fold(name).split())) >= 2 for name in names)


def holder_text(application: Application) -> str:
    if holder_fits(application):
        return _("The account is in the seller's name")
    return _("The account is in another name: %(holder)s. Please ask.") % {"holder": application.bank_holder}


def link_text(application: Application) -> str:
    if application.linked_on:
        return _("Says: linked with VNeID on %(day)s") % {"day": application.linked_on.strftime("%d/%m/%Y")}
    return _("Not yet linked with VNeID: may be approved, but the stall cannot open")


def problem_text(code: str) -> str:
    """Why a decision was not taken."""
    texts = {
        "state": _("Somebody has decided about it meanwhile. This is how it stands now."),
        "own": _("You cannot decide about your own application or cooperative. Please ask a colleague."),
        "incomplete": _("The application is not complete. Please send it back."),
        "taken": _("Another cooperative already sells under this tax code."),
        "empty": _("Please write beside at least one step what is to be changed."),
        "identity": _("The stall opens only for a seller whose identity is verified."),
        "link": _("The law asks for a link with VNeID: choose an account in VNeID and give the day."),
    }
    return texts.get(code, _("That is not possible now. Please look at it again."))
