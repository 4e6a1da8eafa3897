"""Money that a cooperative owes back to a buyer, from the moment it is owed until it has gone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core import places


class Refund(models.Model):
    """One sum to be paid back. The money moves in the cooperative's bank app; here it is owed, then recorded.

    ``order`` is empty for money that never belonged to an order. ``key`` makes the reason unique: told twice, it is
    owed once.
    """

    class State(models.TextChoices):
        OWED = "owed", _("To be paid back")
        PAID = "paid", _("Paid back")
        DROPPED = "dropped", _("Not owed after all")

    class Kind(models.TextChoices):
        GOODS = "goods", _("Goods missing or damaged")
        EXCESS = "excess", _("Paid too much")
        ENDED = "ended", _("The order has ended")
        UNPLACED = "unplaced", _("Money without an order")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="refunds", null=True, blank=True)
    # How the money came: it goes back the same way.
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.OWED)
    amount = models.PositiveBigIntegerField(_("Dong"))
    reason = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, unique=True)
    # The buyer's account, as far as it is known, and the memo of the transfer back.
    bin = models.CharField(_("Bank"), max_length=6, blank=True)
    number = models.CharField(_("Account number"), max_length=19, blank=True)
    holder = models.CharField(_("Account holder"), max_length=50, blank=True)
    memo = models.CharField(max_length=25, unique=True)
    # What the bank (or the card service) calls the transfer back.
    reference = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.CharField(max_length=254, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["cooperative", "state"], name="refund_coop_state")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive")]
        verbose_name = _("Refund")
        verbose_name_plural = _("Refunds")

    def __str__(self) -> str:
        return f"{self.memo} {self.amount} {self.state}"

    @property
    def has_account(self) -> bool:
        """Whether it is known where to send the money."""
        return bool(self.bin and self.number)

    @property
    def bank_name(self) -> str:
        bank = places.bank(self.bin) if self.bin else None
        return bank.short_name if bank else self.bin


class RefundLine(models.Model):
    """Units of one order line that a refund stands for."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount = models.PositiveBigIntegerField(_("Dong"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["refund", "order_line"], name="refund_line_once")]
        verbose_name = _("Line of a refund")
        verbose_name_plural = _("Lines of refunds")

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.quantity}"
