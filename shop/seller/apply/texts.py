"""Words about applications: titles of steps, what is missing, what stands in the way. The desk has its own."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.onboarding.models import Application
from shop.onboarding.steps import REVIEW, STEPS, may_change, missing_in

#: Step -> (word in the address, title, what it asks for, icon).
WORDS: dict[str, tuple[str, Any, Any, str]] = {
    "seller": (
        "nguoi-ban",
        gettext_lazy("Who you are"),
        gettext_lazy("Legal form, name, tax code, representative"),
        "store",
    ),
    "place": (
        "dia-chi",
        gettext_lazy("Where you are"),
        gettext_lazy("Commune, street, hamlet"),
        "map-pin",
    ),
    "papers": (
        "giay-to",
        gettext_lazy("Food-safety papers"),
        gettext_lazy("Own declaration, certificates, with photos"),
        "certificate",
    ),
    "account": (
        "tai-khoan",
        gettext_lazy("Account for the money"),
        gettext_lazy("Buyers transfer straight to it"),
        "bank",
    ),
    "identity": (
        "dinh-danh",
        gettext_lazy("Identity"),
        gettext_lazy("VNeID, number of the person or organisation"),
        "shield",
    ),
    REVIEW: (
        "gui",
        gettext_lazy("Check and send"),
        gettext_lazy("The province answers by message"),
        "check",
    ),
}
STEP_BY_WORD = {words[0]: step for step, words in WORDS.items()}


@dataclass(frozen=True)
class StepRow:
    """A line of the list of steps."""

    name: str
    word: str
    number: int
    title: Any
    note: Any
    icon: str
    missing: list[str]
    comment: str
    may_change: bool

    @property
    def is_done(self) -> bool:
        return not self.missing


def step_rows(application: Application) -> list[StepRow]:
    """The steps in order, each with what it lacks and what the province says about it now."""
    comments = comments_now(application)
    return [step_row(application, step, comments.get(step, "")) for step in STEPS]


def step_row(application: Application, step: str, comment: str) -> StepRow:
    word, title, note, icon = WORDS[step]
    return StepRow(
        name=step,
        word=word,
        number=STEPS.index(step) + 1,
        title=title,
        note=note,
        icon=icon,
        missing=[missing_text(name) for name in missing_in(application, step)],
        comment=comment,
        may_change=may_change(application, step),
    )


def comments_now(application: Application) -> dict[str, str]:
    """By step, what the province asked for when it sent the application back last; nothing at other times."""
    if application.state != Application.State.RETURNED:
        return {}
    return {row.step: row.text for row in application.comments.all() if row.round == application.sends}


def missing_text(name: str) -> str:
    """One thing that a step lacks."""
    texts = {
        "kind": _("legal form"),
        "name": _("name"),
        "legal_name": _("legal name"),
        "tax_number": _("tax code"),
        "representative": _("representative"),
        "phone": _("phone number"),
        "ward_code": _("commune or ward"),
        "address": _("street or hamlet"),
        "bank_bin": _("bank"),
        "bank_number": _("account number"),
        "bank_holder": _("account holder"),
        "method": _("way to show who you are"),
        "number_sealed": _("number of the person or organisation"),
        "none": _("at least one paper"),
        "scan": _("a photo or PDF of every paper"),
        "expired": _("a paper that is still valid"),
    }
    return texts[name]


def problem_text(code: str) -> str:
    """What stands in the way, and what to do."""
    texts = {
        "state": _("This application can no longer be changed here. Please look at where it stands."),
        "incomplete": _("Something is still missing. Please open the steps that are marked."),
        "many": _("There are too many files or papers. Please remove some you do not need."),
    }
    return texts.get(code, _("That is not possible now. Please look at the application again."))
