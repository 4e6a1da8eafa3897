"""What an applicant does: start, fill in step by step, add papers and scans, send. The province: ``decisions``.

Every function is one transaction behind the application's lock and may be called twice.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.onboarding.models import Application, ApplicationFile, Paper
from shop.onboarding.steps import FIELDS, may_change, steps_missing

State = Application.State

#: The rules that an applicant agrees to, by the day they were last changed.
TERMS_VERSION = "2026-11-24"
#: Scans of one application in all: a phone's camera roll sent by mistake must not fill the disk.
FILES_MAX = 30
PAPERS_MAX = 20


class OnboardingError(Exception):
    """``code``: ``state`` (decided or sent meanwhile), ``incomplete`` (``missing`` has the steps), ``many`` (no more
    files or papers), ``empty`` (nothing to tell), ``own`` (nobody decides about themselves), ``taken`` (another
    cooperative has that tax code), ``identity`` (not verified), ``link`` (the law asks for VNeID)."""

    def __init__(self, code: str, missing: Mapping[str, list[str]] | None = None) -> None:
        super().__init__(code)
        self.code, self.missing = code, missing or {}


def name_of(user: Any) -> str:
    """How a person is named in histories: phone number or e-mail address."""
    return user.phone or user.email or f"#{user.pk}"


def application_start(*, user: Any, by: str) -> Application:
    """The person's open application; a new one, with what the account knows already, when there is none."""
    known = Application.objects.open().filter(applicant=user).first()
    return known or application_insert(user, by)


def application_insert(user: Any, by: str) -> Application:
    """A new draft; the other one when two clicks both made it."""
    try:
        with transaction.atomic():
            application = Application.objects.create(
                applicant=user, phone=user.phone or "", representative=user.get_full_name()[:120]
            )
            log("application.started", application, by)
            return application
    except IntegrityError:
        return Application.objects.open().get(applicant=user)


@transaction.atomic
def dossier_open(*, cooperative: Cooperative, by: str) -> Application:
    """The application that holds the papers of a cooperative which sold here before it ever applied."""
    locked = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    known = Application.objects.filter(cooperative=locked).first()
    if known:
        return known
    copied = ("kind", "name", "legal_name", "tax_code", "representative", "phone", "zalo", "ward_code", "address")
    values = {name: getattr(locked, name) for name in copied}
    application = Application.objects.create(cooperative=locked, state=State.APPROVED, **values)
    log("application.dossier", application, by)
    return application


@transaction.atomic
def step_save(*, application: Application, step: str, values: Mapping[str, Any], by: str) -> Application:
    """Keep what was typed in a step; the audit trail hears which fields changed, not what stands in them.

    Raises ``state`` when the step can no longer be changed.
    """
    locked = application_lock(application)
    if not may_change(locked, step):
        raise OnboardingError("state")
    changed = [name for name in FIELDS[step] if name in values and getattr(locked, name) != values[name]]
    if not changed:
        return locked
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=[*changed, "updated_at"])
    log("application.step", locked, by, after={"step": step, "fields": ", ".join(changed)})
    return locked


@transaction.atomic
def paper_save(*, application: Application, values: Mapping[str, Any], paper: Paper | None = None, by: str) -> Paper:
    """A new paper, or other words for a known one. The very same paper typed twice is kept once."""
    locked = papers_lock(application)
    same = locked.papers.filter(**values).exclude(pk=paper.pk if paper else None).first()
    if same and paper is None:
        return same
    if paper is None and locked.papers.count() >= PAPERS_MAX:
        raise OnboardingError("many")
    row = locked.papers.get(pk=paper.pk) if paper else Paper(application=locked)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    log("application.paper", locked, by, after={"paper": row.pk, "kind": row.kind, "number": row.number})
    return row


@transaction.atomic
def paper_remove(*, paper: Paper, by: str) -> bool:
    """Drop a paper with its scans; True when this call did it."""
    locked = papers_lock(paper.application)
    row = locked.papers.filter(pk=paper.pk).first()
    if row is None:
        return False
    for scan in row.scans.all():
        file_drop(scan)
    row.delete()
    log("application.paper_removed", locked, by, before={"paper": paper.pk, "kind": paper.kind, "number": paper.number})
    return True


@transaction.atomic
def file_add(*, application: Application, file: ContentFile, paper: Paper | None = None, by: str) -> ApplicationFile:
    """Keep a cleaned scan (see ``shop.core.uploads.document_clean``); the same one again changes nothing."""
    locked = papers_lock(application, "papers" if paper else "identity")
    file.seek(0)
    digest = sha256(file.read()).hexdigest()
    known = locked.files.filter(paper=paper, digest=digest).first()
    if known:
        return known
    if locked.files.count() >= FILES_MAX:
        raise OnboardingError("many")
    file.seek(0)
    is_pdf = (file.name or "").endswith(".pdf")
    row = ApplicationFile(application=locked, paper=paper, digest=digest, size=file.size, uploaded_by=by[:254])
    row.content_type = "application/pdf" if is_pdf else "image/jpeg"
    row.file.save(file.name or "", file, save=False)
    row.save()
    log("application.file", locked, by, after={"file": row.pk, "kind": row.content_type, "sha256": digest})
    return row


@transaction.atomic
def file_remove(*, file: ApplicationFile, by: str) -> bool:
    """Drop a scan; True when this call did it."""
    locked = papers_lock(file.application, "papers" if file.paper_id else "identity")
    row = locked.files.filter(pk=file.pk).first()
    if row is None:
        return False
    file_drop(row)
    log("application.file_removed", locked, by, before={"file": file.pk, "sha256": file.digest})
    return True


@transaction.atomic
def application_send(*, application: Application, terms_version: str, by: str) -> Application:
    """Hand the application to the province, with the applicant's agreement to the rules of that version.

    Raises ``incomplete``, or ``state`` once it is decided.
    """
    locked = application_lock(application)
    if locked.state == State.SENT:
        return locked
    if not locked.is_editable:
        raise OnboardingError("state")
    missing = steps_missing(locked)
    if missing:
        raise OnboardingError("incomplete", missing)
    now = timezone.now()
    locked.state, locked.sends, locked.sent_at = State.SENT, locked.sends + 1, now
    locked.terms_version, locked.terms_agreed_at = terms_version, now
    locked.save(update_fields=["state", "sends", "sent_at", "terms_version", "terms_agreed_at", "updated_at"])
    facts = {"sends": locked.sends, "terms": terms_version, "name": locked.name, "tax_code": locked.tax_code}
    log("application.sent", locked, by, after=facts)
    return locked


# -- Parts --------------------------------------------------------------------------------------------------------


def application_lock(application: Application) -> Application:
    """The application as it is now; its changes queue behind one another."""
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def papers_lock(application: Application, step: str = "papers") -> Application:
    """The application, if its papers or evidence may be changed now."""
    locked = application_lock(application)
    if not may_change(locked, step):
        raise OnboardingError("state")
    return locked


def file_drop(row: ApplicationFile) -> None:
    """The row now, the bytes once the transaction has held."""
    storage, name = row.file.storage, row.file.name
    row.delete()
    transaction.on_commit(lambda: storage.delete(name))


def log(action: str, application: Application, by: str, **values: Any) -> None:
    """The audit trail: the cooperative's once there is one, the application's own before."""
    own = f"application:{application.pk}"
    scope = f"cooperative:{application.cooperative_id}" if application.cooperative_id else own
    entry_add(action=action, subject=own, by=by, scope=scope, **values)
