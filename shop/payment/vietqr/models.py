"""Bank accounts of cooperatives, what each buyer was asked to transfer, and what the banks say has arrived."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.payment.attempts.models import Attempt
from shop.payment.refunds.models import Refund
from shop.payment.vietqr import emv


class BankAccount(models.Model):
    """Where a cooperative's money arrives. One active account at a time; a new one waits for approval, then a day.

    An account is never edited: a change is a new row. Rows that were active once keep receiving, because codes that
    were shown to buyers name them.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for a second person")
        APPROVED = "approved", _("Approved, takes effect later")
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")
        REFUSED = "refused", _("Refused")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_accounts")
    bin = models.CharField(_("Bank"), max_length=6)
    number = models.CharField(_("Account number"), max_length=19)
    holder = models.CharField(_("Account holder"), max_length=50)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    asked_by = models.CharField(max_length=254, blank=True)
    decided_by = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    active_from = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative"], condition=models.Q(state="active"), name="one_active_account"
            ),
            models.UniqueConstraint(
                fields=["cooperative"],
                condition=models.Q(state__in=["asked", "approved"]),
                name="one_account_change",
            ),
        ]
        verbose_name = _("Bank account")
        verbose_name_plural = _("Bank accounts")

    def __str__(self) -> str:
        return f"{self.bin} {self.number} {self.holder}"

    @property
    def bank_name(self) -> str:
        bank = places.bank(self.bin)
        return bank.short_name if bank else self.bin

    def in_use(self, at: datetime | None = None) -> bool:
        """Whether new codes name this account at that moment, also when the clock has not come by yet."""
        if self.state == self.State.ACTIVE:
            return True
        due = self.active_from is not None and self.active_from <= (at or timezone.now())
        return self.state == self.State.APPROVED and due

    @property
    def receives(self) -> bool:
        """Whether money for this cooperative may arrive here: it is or was in use."""
        return self.state in (self.State.ACTIVE, self.State.CLOSED) or self.in_use()


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
        """Text of the VietQR code over the whole sum."""
        return self.payload_for(self.amount)

    def payload_for(self, amount: int) -> str:
        """Text of the code over what is still missing, in dong."""
        return emv.encode(bin=self.bin, account=self.number, amount=amount, memo=self.memo)

    @property
    def bank_name(self) -> str:
        bank = places.bank(self.bin)
        return bank.short_name if bank else self.bin


class BankFeed(models.Model):
    """A service that tells us about movements on a cooperative's account.

    ``token`` is the unguessable part of its address here; ``sealed`` holds the credentials, encrypted.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_feeds")
    code = models.CharField(max_length=12)
    token = models.CharField(max_length=40, unique=True)
    sealed = models.TextField(editable=False)
    # Virtual accounts that the service uses in front of the real one, with commas.
    virtual_accounts = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)
    asked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "code"], condition=models.Q(is_active=True), name="one_feed_of_a_kind"
            )
        ]
        verbose_name = _("Bank feed")
        verbose_name_plural = _("Bank feeds")

    def __str__(self) -> str:
        return f"{self.code} {self.cooperative_id}"


class BankLine(models.Model):
    """One movement on a cooperative's account, kept once and for ever, with the state of its money.

    ``outcome`` is what the matching found, ``state`` where the money stands now. A line is unique by what its source
    calls it, so the same news any number of times is one line.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not looked at yet")
        PLACED = "placed", _("On an order")
        OPEN = "open", _("A person decides")
        RETURN = "return", _("To be paid back")
        RETURNED = "returned", _("Paid back")
        IGNORED = "ignored", _("Not for the market")
        TWIN = "twin", _("Told before by another source")
        OUT = "out", _("Money out")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="bank_lines")
    feed = models.CharField(max_length=12)
    account = models.CharField(max_length=30)
    foreign_id = models.CharField(max_length=100)
    amount = models.PositiveBigIntegerField(_("Dong"))
    memo = models.CharField(max_length=1000, blank=True)
    occurred_at = models.DateTimeField()
    reference = models.CharField(max_length=100, blank=True)
    payer_bin = models.CharField(max_length=12, blank=True)
    payer_number = models.CharField(max_length=40, blank=True)
    payer_name = models.CharField(max_length=120, blank=True)
    raw = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    outcome = models.CharField(max_length=20, blank=True)
    how = models.CharField(max_length=10, blank=True)
    # An order waits for exactly this sum, or a code was in the memo: worth a person's look before the others.
    is_likely = models.BooleanField(default=False)
    twin_of = models.ForeignKey("self", on_delete=models.PROTECT, related_name="twins", null=True, blank=True)
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="bank_line", null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    handled_by = models.CharField(max_length=254, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cooperative", "feed", "account", "foreign_id"], name="bank_line_once")
        ]
        indexes = [
            models.Index(fields=["cooperative", "state", "occurred_at"], name="bank_line_coop_state"),
            models.Index(fields=["cooperative", "amount", "occurred_at"], name="bank_line_coop_amount"),
        ]
        verbose_name = _("Bank line")
        verbose_name_plural = _("Bank lines")

    def __str__(self) -> str:
        return f"{self.feed} {self.foreign_id} {self.amount}"


class LineShare(models.Model):
    """The part of a bank line that was credited to one attempt to pay. Undone shares stay, with who undid them."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="shares")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="line_shares")
    amount = models.PositiveBigIntegerField(_("Dong"))
    # A person had confirmed this money before the bank told it: the share proves that entry and adds no other.
    proves = models.BooleanField(default=False)
    by = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.CharField(max_length=254, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "attempt"], condition=models.Q(undone_at__isnull=True), name="one_share_of_a_line"
            )
        ]
        verbose_name = _("Share of a bank line")
        verbose_name_plural = _("Shares of bank lines")

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount}"


class StatementLayout(models.Model):
    """Which columns a cooperative's bank statements have; used again for the next file with the same header."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="statement_layouts")
    account = models.CharField(max_length=30)
    mapping = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cooperative", "account"], name="one_layout_per_account")]
        verbose_name = _("Statement layout")
        verbose_name_plural = _("Statement layouts")

    def __str__(self) -> str:
        return f"{self.cooperative_id} {self.account}"


class StatementFile(models.Model):
    """An uploaded statement between its preview and its import; the content goes once it is imported."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="statement_files")
    account = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True)
    rows = models.PositiveIntegerField(default=0)
    new_rows = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Statement file")
        verbose_name_plural = _("Statement files")

    def __str__(self) -> str:
        return self.name
