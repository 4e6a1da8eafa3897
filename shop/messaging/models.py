"""The outbox: every message that leaves the shop, once each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One text for one recipient. ``key`` makes it unique: asking twice sends once.

    ``claimed`` means that a worker is sending it, or died while it was: whether it left is unknown, so it is not sent
    again by itself. ``failed`` means that the backend refused it so often that nobody tries any more.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")
        ZALO = "zalo", "Zalo"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=254)
    body = models.TextField()
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)  # not before this moment
    error = models.CharField(max_length=200, blank=True, default="")  # the last one, without secrets

    class Meta:
        indexes = [
            models.Index(fields=["kind", "to", "created_at"], name="message_kind_to_created"),
            models.Index(fields=["state", "created_at"], name="message_state_created"),
        ]
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
