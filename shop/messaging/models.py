"""The outbox: every message that leaves the shop, once each."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One text for one recipient. ``key`` makes it unique: asking twice sends once."""

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        EMAIL = "email", _("E-mail")

    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=254)
    body = models.TextField()
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "to", "created_at"], name="message_kind_to_created")]
        verbose_name = _("Message")
        verbose_name_plural = _("Messages")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
