"""The state of a payment source, and the keys that make a transaction unique."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """One try to pay one order by one provider: the state beside Oscar's source.

    What was paid is the sum of the source's transactions; it is not stored here.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CONFIRMED = "confirmed", _("Paid")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")

    source = models.OneToOneField("payment.Source", on_delete=models.CASCADE, related_name="attempt")
    provider = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    expires_at = models.DateTimeField(null=True, blank=True)
    # When the buyer said that the transfer was made; the hold is longer from then on.
    claimed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["state", "expires_at"], name="attempt_state_expires")]
        verbose_name = _("Payment attempt")
        verbose_name_plural = _("Payment attempts")

    def __str__(self) -> str:
        return f"{self.provider} {self.state} #{self.source_id}"


class TransactionKey(models.Model):
    """What a transaction stands for, unique: the same news told twice moves money once."""

    transaction = models.OneToOneField("payment.Transaction", on_delete=models.CASCADE, related_name="key")
    key = models.CharField(max_length=120, unique=True)
    by = models.CharField(max_length=254, blank=True)

    class Meta:
        verbose_name = _("Transaction key")
        verbose_name_plural = _("Transaction keys")

    def __str__(self) -> str:
        return self.key
