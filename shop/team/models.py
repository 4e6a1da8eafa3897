"""An invitation to work for a cooperative."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.accounts.contacts import contact_display
from shop.cooperatives.models import Cooperative, Membership


class Invitation(models.Model):
    """Somebody's phone number (E.164) may take a role. Of the link's secret only a keyed hash is kept."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="invitations")
    phone = models.CharField(_("Phone number"), max_length=16)
    role = models.CharField(_("Role"), max_length=12, choices=Membership.Role)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations_sent"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations_accepted"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "phone"], condition=models.Q(state="open"), name="one_open_invitation_each"
            )
        ]
        verbose_name = _("Invitation")
        verbose_name_plural = _("Invitations")

    def __str__(self) -> str:
        return f"{self.phone} {self.role} {self.cooperative}"

    @property
    def is_expired(self) -> bool:
        """Whether it was left open for too long."""
        return self.state == self.State.OPEN and self.expires_at <= timezone.now()

    @property
    def display_phone(self) -> str:
        return contact_display(self.phone)
