"""A cooperative's own offers: the companion of Oscar's conditional offer."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative
from shop.promotions.benefits import CheapestFree, PercentOff

__all__ = ["CheapestFree", "CooperativeOffer", "PercentOff"]


class CooperativeOfferQuerySet(models.QuerySet["CooperativeOffer"]):
    def running(self, at: datetime | None = None) -> "CooperativeOfferQuerySet":
        """Open and within their dates."""
        at = at or timezone.now()
        return self.filter(
            models.Q(offer__start_datetime__isnull=True) | models.Q(offer__start_datetime__lte=at),
            models.Q(offer__end_datetime__isnull=True) | models.Q(offer__end_datetime__gte=at),
            offer__status="Open",
        )

    def automatic(self) -> "CooperativeOfferQuerySet":
        """Those that need no code."""
        return self.filter(offer__offer_type="Site")


class CooperativeOffer(models.Model):
    """Whose offer it is, what it does, and under which name buyers see it.

    Dates, limits and counts are Oscar's, on ``offer``; the dates of its vouchers are kept the same.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percent off")
        UNIT = "unit", _("Dong off each item")
        AMOUNT = "amount", _("Dong off the order")
        MULTIBUY = "multibuy", _("Buy some, get one free")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PLANNED = "planned", _("Planned")
        ENDED = "ended", _("Ended")
        USED_UP = "used_up", _("Used up")
        STOPPED = "stopped", _("Stopped")

    offer = models.OneToOneField("offer.ConditionalOffer", on_delete=models.CASCADE, related_name="cooperative_offer")
    cooperative = models.ForeignKey(Cooperative, on_delete=models.PROTECT, related_name="offers")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=60)
    all_goods = models.BooleanField(default=True)
    # Dong off one order at most; only for percentages.
    cap = models.PositiveIntegerField(null=True, blank=True)
    # The form that made it: pressed twice, it makes one offer.
    key = models.CharField(max_length=32, unique=True)
    created_by = models.CharField(max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_by = models.CharField(max_length=254, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = CooperativeOfferQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Offer of a cooperative")
        verbose_name_plural = _("Offers of cooperatives")

    def __str__(self) -> str:
        return self.title

    @property
    def needs_code(self) -> bool:
        return self.offer.offer_type == self.offer.VOUCHER

    @property
    def state(self) -> str:
        """Read off Oscar's dates and counts, never stored."""
        offer, at = self.offer, timezone.now()
        if self.stopped_at or offer.is_suspended:
            return self.State.STOPPED
        if offer.end_datetime and offer.end_datetime < at:
            return self.State.ENDED
        if offer.get_max_applications() == 0:
            return self.State.USED_UP
        return self.State.PLANNED if offer.start_datetime and offer.start_datetime > at else self.State.RUNNING

    @property
    def value(self) -> int:
        """Percent or dong; of "buy X, get one free" the X."""
        if self.kind == self.Kind.MULTIBUY:
            return int(self.offer.condition.value) - 1
        return int(self.offer.benefit.value)

    @property
    def min_spend(self) -> int:
        """Dong of the cooperative's goods, before discounts, from which on it applies; 0 for any sum."""
        condition: Any = self.offer.condition
        return int(condition.value) if condition.type == condition.VALUE else 0
