"""What officers decide about certificates: each decision one transaction, written into the audit trail."""

from datetime import date

from django.db import transaction

from shop.audit.services import entry_add
from shop.certifications.models import Certification
from shop.core.dates import today

Status = Certification.Status
#: From which states a decision may be taken.
FROM = {
    Status.SUBMITTED: {Status.DRAFT, Status.REJECTED},
    Status.VERIFIED: {Status.DRAFT, Status.SUBMITTED},
    Status.REJECTED: {Status.DRAFT, Status.SUBMITTED},
    Status.REVOKED: {Status.VERIFIED},
}


class CertificationError(Exception):
    """The decision does not follow from the state; ``code`` is that state."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def certification_decide(
    *, certification: Certification, status: str, by: str, reason: str = "", on: date | None = None
) -> Certification:
    """Submit, verify, reject or revoke a certificate; the same decision twice is one.

    A revoked one carries the day (``on``, today in Viet Nam unless told): it stays readable, without its stars.
    """
    rows = Certification.objects.select_for_update(of=("self",)).select_related("listing")
    locked = rows.get(pk=certification.pk)
    if locked.status == status:
        return locked
    if locked.status not in FROM.get(status, set()):
        raise CertificationError(locked.status)
    before = {"status": locked.status, "revoked_on": locked.revoked_on}
    locked.status = status
    if status == Status.REVOKED:
        locked.revoked_on = on or today()
    locked.save(update_fields=["status", "revoked_on"])
    entry_add(
        action=f"certificate.{status}",
        subject=f"certificate:{locked.pk}",
        by=by,
        scope=f"cooperative:{locked.listing.cooperative_id}",
        before=before,
        after={"status": locked.status, "revoked_on": locked.revoked_on, "reason": reason},
    )
    return locked
