"""Applications of those who want to sell, their papers and files, and the proven identity of those who do."""

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core import phone as phones
from shop.core import places
from shop.core.dates import today
from shop.core.private import private_storage
from shop.core.sealing import SealBroken, unseal
from shop.core.text import search_key
from shop.onboarding.numbers import masked

#: What sealed numbers are for: a token made for anything else does not open here.
PURPOSE = "identity"


class Method(models.TextChoices):
    """How somebody shows who they are."""

    ORGANISATION = "vneid_org", _("The organisation's account in VNeID")
    PERSON = "vneid_person", _("The owner's own account in VNeID (level 2)")
    SIGNATURE = "signature", _("Digital signature of the organisation")
    PAPER = "paper", _("Copies on paper, shown to an officer")


def file_name(instance: Any, filename: str) -> str:
    """A name that nobody guesses; the ending is ours, never the sender's."""
    ending = "pdf" if filename.endswith(".pdf") else "jpg"
    return f"applications/{secrets.token_hex(2)}/{secrets.token_urlsafe(24)}.{ending}"


def number_shown(sealed: str) -> str:
    """The number that a token hides; empty without one, dots when today's keys do not open it."""
    try:
        return unseal(sealed, purpose=PURPOSE) if sealed else ""
    except SealBroken:
        return "••••"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def open(self) -> "ApplicationQuerySet":
        """Those that wait for the applicant or for the province."""
        return self.filter(state__in=Application.OPEN)


class Application(models.Model):
    """One wish to sell. Everything may be empty until it is sent; ``sends`` counts how often it was.

    For a cooperative that sold before it ever applied the row is made later, approved, to hold its papers.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being filled in")
        SENT = "sent", _("Waiting for the province")
        RETURNED = "returned", _("Sent back to be completed")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    OPEN = (State.DRAFT, State.SENT, State.RETURNED)
    #: The applicant may change every step.
    EDITABLE = (State.DRAFT, State.RETURNED)

    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="applications"
    )
    cooperative = models.OneToOneField(
        Cooperative, on_delete=models.PROTECT, null=True, blank=True, related_name="application"
    )
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    sends = models.PositiveSmallIntegerField(default=0)

    kind = models.CharField(_("Legal form"), max_length=16, choices=Cooperative.Kind, blank=True)
    name = models.CharField(_("Name"), max_length=128, blank=True)
    legal_name = models.CharField(_("Legal name"), max_length=200, blank=True)
    tax_code = models.CharField(_("Tax code"), max_length=14, blank=True)
    # A household whose tax code is its owner's personal number: sealed like the number itself.
    tax_sealed = models.TextField(blank=True)
    representative = models.CharField(_("Representative"), max_length=120, blank=True)
    phone = models.CharField(_("Phone number"), max_length=16, blank=True)
    zalo = models.CharField(_("Zalo number"), max_length=16, blank=True)

    ward_code = models.CharField(_("Commune"), max_length=5, blank=True)
    address = models.CharField(_("Street, hamlet"), max_length=200, blank=True)

    #: Who makes mats or weaves baskets needs no food-safety paper.
    sells_no_food = models.BooleanField(_("We sell no food"), default=False)

    bank_bin = models.CharField(_("Bank"), max_length=6, blank=True)
    bank_number = models.CharField(_("Account number"), max_length=19, blank=True)
    bank_holder = models.CharField(_("Account holder"), max_length=50, blank=True)

    method = models.CharField(_("Way to show who you are"), max_length=12, choices=Method, blank=True)
    linked_on = models.DateField(_("Linked with VNeID on"), null=True, blank=True)
    number_sealed = models.TextField(blank=True)

    terms_version = models.CharField(max_length=20, blank=True)
    terms_agreed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    #: Why the province refused; the applicant reads it.
    reason = models.TextField(blank=True)
    search_text = models.CharField(max_length=600, editable=False, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(state__in=["draft", "sent", "returned"]), name="one_open_application"
            ),
        ]
        indexes = [models.Index(fields=["state", "sent_at"], name="application_queue")]
        permissions = [("decide_application", _("Can decide about applications of sellers"))]
        verbose_name = _("Application")
        verbose_name_plural = _("Applications")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        words = (self.name, self.legal_name, self.representative, self.tax_code, phones.display(self.phone))
        self.search_text = search_key(*words, self.commune.name if self.commune else "")[:600]
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    @property
    def commune(self) -> places.Commune | None:
        return places.commune(self.ward_code)

    @property
    def full_address(self) -> str:
        parts = [self.address, self.commune.full_name if self.commune else ""]
        return ", ".join(part for part in parts if part)

    @property
    def bank_name(self) -> str:
        bank = places.bank(self.bank_bin)
        return bank.short_name if bank else self.bank_bin

    @property
    def number(self) -> str:
        """The personal or organisation number in the clear: for officers and for the form, never for a list."""
        return number_shown(self.number_sealed)

    @property
    def number_masked(self) -> str:
        return masked(self.number)

    @property
    def tax_number(self) -> str:
        """The tax code, wherever it is kept."""
        return self.tax_code or number_shown(self.tax_sealed)

    @property
    def tax_masked(self) -> str:
        return self.tax_code or masked(number_shown(self.tax_sealed))

    @property
    def is_household(self) -> bool:
        return self.kind == Cooperative.Kind.HOUSEHOLD

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE


class Paper(models.Model):
    """One food-safety paper. ``expires_on`` is empty for those that hold until they are withdrawn."""

    class Kind(models.TextChoices):
        DECLARATION = "declaration", _("Own declaration of the product (bản tự công bố)")
        SAFETY = "safety", _("Food-safety certificate")
        COMMITMENT = "commitment", _("Commitment to food safety, signed at the commune")
        VIETGAP = "vietgap", _("VietGAP or GlobalGAP")
        ORGANIC = "organic", _("Organic")
        HACCP = "haccp", _("HACCP or ISO 22000")
        OTHER = "other", _("Another paper")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(_("Which paper"), max_length=12, choices=Kind)
    number = models.CharField(_("Number"), max_length=60, blank=True)
    issuer = models.CharField(_("Issued by"), max_length=150, blank=True)
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Paper")
        verbose_name_plural = _("Papers")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    @property
    def is_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < today()


class ApplicationFile(models.Model):
    """A scan: of a paper, or evidence of identity when ``paper`` is empty. Never behind a public address."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="files")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, null=True, blank=True, related_name="scans")
    file = models.FileField(upload_to=file_name, storage=private_storage, max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    # SHA-256 of the kept bytes: the same photo sent twice is kept once.
    digest = models.CharField(max_length=64)
    uploaded_by = models.CharField(max_length=254, blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "paper", "digest"], name="scan_once_per_paper"),
            models.UniqueConstraint(
                fields=["application", "digest"], condition=Q(paper=None), name="evidence_once_per_application"
            ),
        ]
        verbose_name = _("File of an application")
        verbose_name_plural = _("Files of applications")

    def __str__(self) -> str:
        return f"{self.application_id}/{self.pk}"

    @property
    def is_picture(self) -> bool:
        return self.content_type == "image/jpeg"

    @property
    def download_name(self) -> str:
        """What it is called on the disk of whoever saves it."""
        return f"ho-so-{self.application_id}-{self.pk}.{'jpg' if self.is_picture else 'pdf'}"


class StepComment(models.Model):
    """What the province asks to be changed in a step; ``round`` is the sending that it answers (1, 2, …)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="comments")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=254)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round", "step"], name="one_comment_per_step_and_round")
        ]
        verbose_name = _("Comment on an application")
        verbose_name_plural = _("Comments on applications")

    def __str__(self) -> str:
        return f"{self.step}: {self.text[:40]}"


class Identity(models.Model):
    """Who a cooperative really is, and how the market knows.

    Verified: an officer looked, on ``verified_at``. Not yet verified but with ``due_on``: it sold before the law asked
    and may go on until that day.
    """

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="identity")
    method = models.CharField(max_length=12, choices=Method, blank=True)
    linked_on = models.DateField(null=True, blank=True)
    number_sealed = models.TextField(blank=True)
    verified_by = models.CharField(max_length=254, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Identity")
        verbose_name_plural = _("Identities")

    def __str__(self) -> str:
        return f"{self.cooperative} {self.state()}"

    def state(self, on: date | None = None) -> str:
        """``verified``, ``expired``, ``grace`` (sells without, until ``due_on``), ``overdue`` or ``missing``."""
        day = on or today()
        if self.verified_at:
            return "expired" if self.expires_on and self.expires_on < day else "verified"
        if self.due_on:
            return "grace" if day <= self.due_on else "overdue"
        return "missing"

    def allows_selling(self, on: date | None = None) -> bool:
        """Whether the stall may be open on that day."""
        return self.state(on) in ("verified", "grace")

    @property
    def number(self) -> str:
        return number_shown(self.number_sealed)

    @property
    def number_masked(self) -> str:
        return masked(self.number)
