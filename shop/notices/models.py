"""What a cooperative tells its buyers, when its people are told, and which buyers want no messages."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.cooperatives.models import Cooperative, Membership


def default_hours() -> list[int]:
    """Before the morning's packing and before the carrier's last round."""
    return [7, 16]


class CooperativeNotices(models.Model):
    """A cooperative's choices about its messages."""

    cooperative = models.OneToOneField(Cooperative, on_delete=models.CASCADE, related_name="notices")
    # One of settings.BUYER_CHANNELS; the first of them when empty.
    channel = models.CharField(_("How buyers are told"), max_length=8, blank=True)
    # Text messages without Vietnamese marks hold 160 letters instead of 70.
    is_unmarked = models.BooleanField(_("Text messages without marks"), default=False)
    # Kinds (shop.notices.texts) that differ from their default.
    switched = models.JSONField(default=dict, blank=True)
    # Hours of the day in Viet Nam, 0 to 23.
    digest_hours = models.JSONField(default=default_hours, blank=True)
    # The latest hour that was dealt with: "2026-11-24T07".
    digest_slot = models.CharField(max_length=13, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("Messages of a cooperative")
        verbose_name_plural = _("Messages of cooperatives")

    def __str__(self) -> str:
        return f"{self.cooperative_id}"

    def sends(self, kind: Any) -> bool:
        """Whether buyers get this kind; what is about money always goes out."""
        return kind.is_locked or bool(self.switched.get(kind.code, kind.is_on))


class StaffNotices(models.Model):
    """When somebody who works for a cooperative hears of new orders."""

    class When(models.TextChoices):
        AT_ONCE = "at_once", _("At once, for each order")
        DIGEST = "digest", _("Together, at the hours below")
        NEVER = "never", _("Never, I look myself")

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="notices")
    when = models.CharField(_("New orders"), max_length=8, choices=When)

    class Meta:
        verbose_name = _("Messages for a person")
        verbose_name_plural = _("Messages for people")

    def __str__(self) -> str:
        return f"{self.membership_id} {self.when}"


class QuietPhone(models.Model):
    """A buyer's number that wants to hear about money only. ``phone`` is E.164."""

    phone = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Number without messages")
        verbose_name_plural = _("Numbers without messages")

    def __str__(self) -> str:
        return f"#{self.pk}"
