"""The steps of an application, and what each still lacks."""

from shop.onboarding.models import Application, Paper

#: In the order in which they are walked through; ``review`` is where the application is sent.
STEPS = ("seller", "place", "papers", "account", "identity")
REVIEW = "review"
#: What may be renewed once the application is approved.
AFTER_APPROVAL = ("papers", "identity")

#: Fields of the application that a step may write.
FIELDS: dict[str, tuple[str, ...]] = {
    "seller": (
        "kind",
        "name",
        "legal_name",
        "tax_code",
        "tax_sealed",
        "representative",
        "phone",
        "zalo",
    ),
    "place": ("ward_code", "address"),
    "papers": ("sells_no_food",),
    "account": ("bank_bin", "bank_number", "bank_holder"),
    "identity": ("method", "linked_on", "number_sealed"),
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "seller": ("kind", "name", "legal_name", "tax_number", "representative", "phone"),
    "place": ("ward_code", "address"),
    "account": ("bank_bin", "bank_number", "bank_holder"),
    "identity": ("method", "number_sealed"),
}


def missing_in(application: Application, step: str) -> list[str]:
    """Names of fields that the step lacks; for the papers ``none``, ``scan`` (a paper without one), ``expired``."""
    if step == "papers":
        return papers_missing(application)
    return [name for name in _NEEDED[step] if not getattr(application, name)]


def papers_missing(application: Application) -> list[str]:
    """What the papers lack; those who sell no food need none."""
    papers = list(application.papers.all())
    if not papers:
        return [] if application.sells_no_food else ["none"]
    found = []
    if any(not has_scan(paper) for paper in papers):
        found.append("scan")
    if any(paper.is_expired for paper in papers):
        found.append("expired")
    return found


def has_scan(paper: Paper) -> bool:
    """Whether there is something to look at."""
    return bool(paper.scans.all())


def steps_missing(application: Application) -> dict[str, list[str]]:
    """Steps that are not complete, with what they lack; empty when the application can be sent."""
    found = {step: missing_in(application, step) for step in STEPS}
    return {step: names for step, names in found.items() if names}


def may_change(application: Application, step: str) -> bool:
    """Whether the applicant may write to the step now."""
    return application.is_editable or (application.state == Application.State.APPROVED and step in AFTER_APPROVAL)
