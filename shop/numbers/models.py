"""Tax rates with their dates, and archives of a cooperative's own data."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core.private import private_storage

#: How long an archive can be fetched.
ARCHIVE_LIFE = timedelta(days=7)


class TaxRate(models.Model):
    """What sellers of one legal form pay on goods, from a day on. Kept by the market's operators.

    Rates are hundredths of a percent: 100 is 1 %. A legal form without a row works its tax out by itself.
    """

    kind = models.CharField(_("Legal form"), max_length=16, choices=Cooperative.Kind)
    effective_from = models.DateField(_("In force from"))
    effective_to = models.DateField(_("In force until"), null=True, blank=True)
    vat = models.PositiveIntegerField(_("VAT in hundredths of a percent"))
    pit = models.PositiveIntegerField(_("Personal income tax in hundredths of a percent"))
    # Dong a year up to which nothing is due; empty when there is none.
    yearly_threshold = models.PositiveBigIntegerField(_("Free up to so many dong a year"), null=True, blank=True)
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        ordering = ["kind", "-effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="one_tax_rate_a_day"),
            models.CheckConstraint(condition=models.Q(vat__lte=10_000, pit__lte=10_000), name="tax_rate_percent"),
        ]
        verbose_name = _("Tax rate")
        verbose_name_plural = _("Tax rates")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_from:%d/%m/%Y}"

    def clean(self) -> None:
        if self.effective_to and self.effective_from and self.effective_to < self.effective_from:
            raise ValidationError({"effective_to": _("The last day is before the first.")})


class DataExport(models.Model):
    """One archive of everything that belongs to a cooperative: asked for, built in the background, gone in a week.

    ``done`` of ``total`` parts are in it. At most one of a cooperative is under way.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being put together")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Gone")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to="own-data", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative"], condition=models.Q(state="waiting"), name="one_data_export_under_way"
            )
        ]
        verbose_name = _("Archive of own data")
        verbose_name_plural = _("Archives of own data")

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.state} {self.done}/{self.total}"

    @property
    def expires_at(self):
        """When it can no longer be fetched; None before it is ready."""
        return self.ready_at + ARCHIVE_LIFE if self.ready_at else None

    @property
    def can_be_fetched(self) -> bool:
        return self.state == self.State.READY and timezone.now() < self.expires_at
