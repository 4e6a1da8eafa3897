"""Bank accounts of cooperatives, and what each buyer was asked to transfer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.payment.attempts.models import Attempt
from shop.payment.vietqr import emv


class BankAccount(models.Model):
    """Where a cooperative's money arrives. One active account at a time."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_accounts")
    bin = models.CharField(_("Bank"), max_length=6)
    number = models.CharField(_("Account number"), max_length=19)
    holder = models.CharField(_("Account holder"), max_length=50)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative"], condition=models.Q(state="active"), name="one_active_account"
            )
        ]
        verbose_name = _("Bank account")
        verbose_name_plural = _("Bank accounts")

    def __str__(self) -> str:
        return f"{self.bin} {self.number} {self.holder}"


class TransferRequest(models.Model):
    """The transfer that one order waits for: account and memo are frozen when the code is first shown."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="transfer")
    memo = models.CharField(max_length=25, unique=True)
    bin = models.CharField(max_length=6)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=50)
    amount = models.PositiveBigIntegerField(_("Dong"))

    class Meta:
        verbose_name = _("Transfer request")
        verbose_name_plural = _("Transfer requests")

    def __str__(self) -> str:
        return f"{self.memo} {self.amount}"

    @property
    def payload(self) -> str:
        """Text of the VietQR code."""
        return emv.encode(bin=self.bin, account=self.number, amount=self.amount, memo=self.memo)

    @property
    def bank_name(self) -> str:
        bank = places.bank(self.bin)
        return bank.short_name if bank else self.bin
