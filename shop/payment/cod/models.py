"""Cash at the door: what carriers took for the cooperatives, and how a phone number behaved. No transfer is in here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative


class CashEntry(models.Model):
    """One step of cash between a carrier and a cooperative, in dong; entries are added, never changed.

    ``collected`` is what a carrier took from a buyer (the carrier owes it), ``handed_over`` what it gave to the
    cooperative, ``fee`` what it kept. A carrier owes the sum of the first less the other two.
    """

    class Kind(models.TextChoices):
        COLLECTED = "collected", _("Taken from the buyer")
        HANDED_OVER = "handed_over", _("Handed over to the cooperative")
        FEE = "fee", _("Kept by the carrier as its fee")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="cash_entries")
    order = models.ForeignKey(
        "order.Order", on_delete=models.PROTECT, related_name="cash_entries", null=True, blank=True
    )
    carrier = models.CharField(_("Carrier"), max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.PositiveBigIntegerField(_("Dong"))
    reference = models.CharField(max_length=100, blank=True)
    key = models.CharField(max_length=120, unique=True)
    by = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cooperative", "carrier"], name="cash_coop_carrier")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="cash_amount_positive")]
        verbose_name = _("Cash entry")
        verbose_name_plural = _("Cash entries")

    def __str__(self) -> str:
        return f"{self.carrier} {self.kind} {self.amount}"


class CashBuyer(models.Model):
    """A phone number that has ordered in cash: its row is the lock while its open parcels are counted."""

    phone = models.CharField(max_length=16, unique=True)
    refusals = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("Buyer in cash")
        verbose_name_plural = _("Buyers in cash")

    def __str__(self) -> str:
        return self.phone
