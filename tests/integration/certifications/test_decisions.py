"""Decisions about certificates: which follow from which, once each, in the audit trail."""

from datetime import date

import pytest

from shop.audit.models import AuditEntry
from shop.certifications.models import Certification
from shop.certifications.services import CertificationError, certification_decide
from tests.factories import listing_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    return Certification.objects.create(
        listing=listing_make(), stars=4, decision_no="12/QĐ-UBND", decision_date=date(2026, 1, 5), issuer="UBND tỉnh"
    )


def decide(certificate, status, **extra):
    return certification_decide(certification=certificate, status=status, by="cán bộ", **extra)


def test_verified_then_revoked(certificate):
    decide(certificate, "verified")
    decide(certificate, "verified")
    revoked = decide(certificate, "revoked", reason="hàng giả", on=date(2026, 11, 1))

    assert (revoked.status, revoked.revoked_on) == ("revoked", date(2026, 11, 1))
    entries = AuditEntry.objects.order_by("position")
    assert [entry.action for entry in entries] == ["certificate.verified", "certificate.revoked"]
    assert "hàng giả" in entries.last().after
    assert not Certification.objects.in_force().exists()


@pytest.mark.parametrize(("begin", "wanted"), [("revoked", "verified"), ("rejected", "verified"), ("draft", "revoked")])
def test_decisions_that_do_not_follow(certificate, begin, wanted):
    Certification.objects.update(status=begin)

    with pytest.raises(CertificationError, match=begin):
        decide(certificate, wanted)

    certificate.refresh_from_db()
    assert (certificate.status, AuditEntry.objects.count()) == (begin, 0)
