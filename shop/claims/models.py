"""Problems that buyers report: what is wrong, the cooperative's answer, and whether the province looks at it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.claims.deadlines import answer_due
from shop.cooperatives.models import Cooperative
from shop.core.private import private_storage
from shop.payment.refunds.models import Refund


class Claim(models.Model):
    """One report about one order. ``open`` -> ``answered`` -> ``closed``, or ``escalated`` to the province's staff."""

    class Kind(models.TextChoices):
        BROKEN = "broken", _("Broken or crushed")
        MISSING = "missing", _("Something is missing")
        WRONG = "wrong", _("Not what I ordered")
        NOT_FRESH = "not_fresh", _("Not fresh, spoilt")
        NOT_ARRIVED = "not_arrived", _("It has not arrived")

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")
        ESCALATED = "escalated", _("With the province")
        CLOSED = "closed", _("Settled")

    class Outcome(models.TextChoices):
        REFUND = "refund", _("Money back")
        REPLACE = "replace", _("New goods")
        REFUSE = "refuse", _("Refused")

    number = models.CharField(max_length=12, unique=True)
    # Of the page it was sent from: the same page twice is one report.
    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="claims")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(_("What is wrong?"), max_length=12, choices=Kind)
    text = models.TextField(_("What happened?"), max_length=1000)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(max_length=1000, blank=True)
    amount = models.PositiveBigIntegerField(_("Dong"), default=0)
    refund = models.ForeignKey(Refund, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims")
    answered_by = models.CharField(max_length=254, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the buyer says to the answer; once.
    reply = models.TextField(max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    # What the province's staff wrote when they settled it.
    verdict = models.TextField(max_length=1000, blank=True)
    closed_by = models.CharField(max_length=254, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["cooperative", "state"], name="claim_coop_state"),
            models.Index(fields=["state", "answered_at"], name="claim_state_answered"),
        ]
        verbose_name = _("Reported problem")
        verbose_name_plural = _("Reported problems")

    def __str__(self) -> str:
        return self.number

    @property
    def is_settled(self) -> bool:
        return self.state == self.State.CLOSED

    @property
    def can_answer(self) -> bool:
        """Whether the cooperative may still answer, or think better of what it refused."""
        again = self.state == self.State.ESCALATED and self.outcome != self.Outcome.REFUND
        return self.state == self.State.OPEN or again

    @property
    def can_reply(self) -> bool:
        return self.state == self.State.ANSWERED and not self.reply

    @property
    def due_at(self) -> datetime:
        """Until when the cooperative should have answered."""
        return answer_due(self.created_at)

    @property
    def is_late(self) -> bool:
        return self.state == self.State.OPEN and self.due_at <= timezone.now()


class ClaimLine(models.Model):
    """Units of one order line that something is wrong with."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="claim_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "order_line"], name="claim_line_once")]
        verbose_name = _("Line of a reported problem")
        verbose_name_plural = _("Lines of reported problems")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.quantity}"


def photo_path(photo: Any, name: str) -> str:
    """By the report's number; the storage adds what makes it unique."""
    return f"claims/{photo.claim.number}/{name}"


class ClaimPhoto(models.Model):
    """A picture of what is wrong: for this buyer, this cooperative and the province's staff."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(storage=private_storage, upload_to=photo_path)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("Photo of a reported problem")
        verbose_name_plural = _("Photos of reported problems")

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.pk}"
