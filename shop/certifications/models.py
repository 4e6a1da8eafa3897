"""OCOP certificates. In force is computed from dates in Viet Nam's time zone; no flag is stored."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.core.dates import add_months, today

#: A recognition holds 36 months from the decision's date (decisions 148/QĐ-TTg and 26/2026/QĐ-TTg).
VALID_MONTHS = 36
#: Fewer stars are screened by the commune only and get no certificate.
MIN_STARS = 3
SOON_DAYS = 90


class LegalBasis(models.Model):
    """A national decision that certificates are issued under, with its dates."""

    decision = models.CharField(max_length=60, unique=True)
    signed_on = models.DateField()
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["signed_on"]
        verbose_name = _("Legal basis")
        verbose_name_plural = _("Legal bases")

    def __str__(self) -> str:
        return self.decision


class CertificationQuerySet(models.QuerySet["Certification"]):
    def in_force(self, on: date | None = None) -> "CertificationQuerySet":
        """Those that allow the badge on a day (today in Viet Nam unless told)."""
        day = on or today()
        return self.filter(
            status=Certification.Status.VERIFIED,
            stars__gte=MIN_STARS,
            decision_date__lte=day,
            decision_date__gt=add_months(day, -VALID_MONTHS),
        )


class Certification(models.Model):
    """One decision that gives a listing its stars. The issuer is text: many issuing districts no longer exist."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        VERIFIED = "verified", _("Verified")
        REJECTED = "rejected", _("Rejected")
        REVOKED = "revoked", _("Revoked")

    listing = models.ForeignKey("listings.Listing", on_delete=models.CASCADE, related_name="certifications")
    stars = models.PositiveSmallIntegerField(_("Stars"))
    decision_no = models.CharField(_("Decision number"), max_length=60)
    decision_date = models.DateField(_("Decision date"))
    issuer = models.CharField(_("Issued by"), max_length=200)
    legal_basis = models.ForeignKey(LegalBasis, on_delete=models.PROTECT, null=True, blank=True)
    product_code = models.CharField(_("Product code"), max_length=40, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    revoked_on = models.DateField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(stars__gte=3, stars__lte=5), name="stars_from_3_to_5"),
        ]
        verbose_name = _("Certificate")
        verbose_name_plural = _("Certificates")

    def __str__(self) -> str:
        return f"{self.decision_no} {self.stars}*"

    @property
    def expires_on(self) -> date:
        """First day on which the certificate no longer holds."""
        return add_months(self.decision_date, VALID_MONTHS)

    def in_force(self, on: date | None = None) -> bool:
        """Whether the badge may be shown on that day (today in Viet Nam unless told)."""
        day = on or today()
        return (
            self.status == self.Status.VERIFIED
            and self.stars >= MIN_STARS
            and self.decision_date <= day < self.expires_on
        )

    def has_lapsed(self, on: date | None = None) -> bool:
        """Verified once, out of time now."""
        return self.status == self.Status.VERIFIED and (on or today()) >= self.expires_on

    @property
    def expires_soon(self) -> bool:
        """In force, with 90 days or fewer to go."""
        return self.in_force() and (self.expires_on - today()).days <= SOON_DAYS
