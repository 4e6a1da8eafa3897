"""Card payments: what was asked of Stripe, what Stripe told, and what one account owes the cooperatives."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.payment.attempts.models import Attempt

#: A payment begun in the last second of a session is told to us a little later.
NEWS_DELAY = timedelta(minutes=10)


class StripeAccount(models.Model):
    """A cooperative's own account at Stripe, connected to ours."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.PROTECT, related_name="stripe_account")
    account_id = models.CharField(_("Account"), max_length=64, unique=True)
    charges_enabled = models.BooleanField(_("Takes cards"), default=False)
    by = models.CharField(max_length=254, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("Stripe account")
        verbose_name_plural = _("Stripe accounts")

    def __str__(self) -> str:
        return self.account_id


class CheckoutSession(models.Model):
    """One hosted payment page over one order or over several orders of a group.

    The row with its ``idempotency_key`` and everything that is asked is written before Stripe is asked; ``session_id``
    is empty until Stripe has answered. Asking again with the same row is the same question.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        PAID = "paid", _("Paid")
        EXPIRED = "expired", _("Expired")
        FAILED = "failed", _("Failed")

    session_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    group_code = models.CharField(max_length=32, db_index=True)
    # The connected account that is charged; empty when the market's own account collects.
    account = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    amount = models.PositiveBigIntegerField(_("Dong"))
    language = models.CharField(max_length=5, default="vi")
    success_url = models.CharField(max_length=500)
    cancel_url = models.CharField(max_length=500)
    url = models.CharField(max_length=2000, blank=True)
    payment_intent = models.CharField(max_length=64, blank=True, db_index=True)
    charge = models.CharField(max_length=64, blank=True)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Payment page")
        verbose_name_plural = _("Payment pages")

    def __str__(self) -> str:
        return f"{self.session_id or self.idempotency_key} {self.amount} {self.state}"

    @property
    def hold_until(self) -> datetime:
        """How long the orders must hold their goods, so that none is let go while it can still be paid."""
        return self.expires_at + NEWS_DELAY

    def is_usable(self, spare: timedelta) -> bool:
        """Whether the page stays open for at least so long."""
        return self.state == self.State.OPEN and self.expires_at > timezone.now() + spare


class SessionShare(models.Model):
    """The part of a payment page that belongs to one attempt, in dong."""

    session = models.ForeignKey(CheckoutSession, on_delete=models.PROTECT, related_name="shares")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="session_shares")
    amount = models.PositiveBigIntegerField(_("Dong"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "attempt"], name="stripe_share_once")]
        verbose_name = _("Part of a payment page")
        verbose_name_plural = _("Parts of payment pages")

    def __str__(self) -> str:
        return f"{self.session_id}/{self.attempt_id} {self.amount}"


class StripeRefund(models.Model):
    """Money that was sent back by Stripe. Written with its key before Stripe is asked, like a payment page."""

    class State(models.TextChoices):
        NEW = "new", _("Not sent yet")
        SENT = "sent", _("On its way")
        SUCCEEDED = "succeeded", _("Paid back")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=120, unique=True)
    share = models.ForeignKey(SessionShare, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField(_("Dong"))
    refund_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    reason = models.CharField(max_length=120, blank=True)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="stripe_refund_positive")]
        verbose_name = _("Refund to a card")
        verbose_name_plural = _("Refunds to cards")

    def __str__(self) -> str:
        return f"{self.refund_id or self.key} {self.amount} {self.state}"


class StripeTransfer(models.Model):
    """A cooperative's part of a payment, sent on to its own Stripe account. Written before Stripe is asked."""

    class State(models.TextChoices):
        NEW = "new", _("Not sent yet")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    key = models.CharField(max_length=120, unique=True)
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="stripe_transfers")
    share = models.ForeignKey(SessionShare, on_delete=models.PROTECT, related_name="transfers")
    account = models.CharField(max_length=64)
    amount = models.PositiveBigIntegerField(_("Dong"))
    transfer_id = models.CharField(max_length=64, unique=True, null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="stripe_transfer_positive")]
        verbose_name = _("Transfer to a Stripe account")
        verbose_name_plural = _("Transfers to Stripe accounts")

    def __str__(self) -> str:
        return f"{self.transfer_id or self.key} {self.amount} {self.state}"


class StripeEvent(models.Model):
    """What Stripe told us, kept once by its own id, signature checked. It is a hint to ask, never a proof."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Not for us")

    event_id = models.CharField(max_length=255, unique=True)
    kind = models.CharField(max_length=80)
    account = models.CharField(max_length=64, blank=True)
    livemode = models.BooleanField(default=False)
    payload = models.TextField()
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    # When it happened, by Stripe's clock.
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "received_at"], name="stripe_event_state")]
        verbose_name = _("Stripe event")
        verbose_name_plural = _("Stripe events")

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class Payable(models.Model):
    """A line of the ledger between the market's account and a cooperative; lines are added, never changed.

    Positive: the market owes it to the cooperative. The balance is the sum of the lines. Only while one
    account collects.
    """

    class Kind(models.TextChoices):
        CHARGED = "charged", _("Paid by card")
        REFUNDED = "refunded", _("Paid back to the buyer")
        DISPUTED = "disputed", _("Taken back by the buyer's bank")
        PAYOUT = "payout", _("Bank transfer to the cooperative")
        TRANSFER = "transfer", _("Transfer to the cooperative's Stripe account")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="payables")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="payables", null=True, blank=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="payables", null=True, blank=True)
    amount = models.BigIntegerField(_("Dong"))
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=100, blank=True)
    by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cooperative", "created_at"], name="payable_coop_time")]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="payable_not_zero")]
        verbose_name = _("Ledger line")
        verbose_name_plural = _("Ledger lines")

    def __str__(self) -> str:
        return f"{self.kind} {self.amount:+}"
