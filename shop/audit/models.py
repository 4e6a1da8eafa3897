"""The audit trail: entries that can be added and read, never changed. ``services.entry_add`` is the only writer."""

from datetime import UTC
from hashlib import sha256
from typing import Any, Never

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.audit.values import canonical

#: What the first entry of a chain remembers as the hash before it.
GENESIS = "0" * 64


class AppendOnlyError(Exception):
    """Somebody tried to change or remove what may only be added."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads only. The database's own triggers refuse what goes around this class."""

    def refuse(self, *args: Any, **options: Any) -> Never:
        raise AppendOnlyError("Audit entries are added by entry_add and never change.")

    update = delete = bulk_create = bulk_update = update_or_create = refuse


class AuditEntry(models.Model):
    """One act. ``scope`` names the chain (``cooperative:12``, ``market``), ``position`` counts in it from 1.

    ``before`` and ``after`` are canonical JSON, ``null`` when there is nothing to say.
    """

    scope = models.CharField(max_length=64)
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    before = models.TextField()
    after = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["scope", "position"], name="audit_one_entry_per_position"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="audit_positions_from_one"),
        ]
        indexes = [models.Index(fields=["subject"], name="audit_subject")]
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit entries")

    def __str__(self) -> str:
        return f"{self.scope} #{self.position} {self.action}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Audit entries never change.")
        super().save(*args, **{**options, "force_insert": True})

    def delete(self, *args: Any, **options: Any) -> Never:
        raise AppendOnlyError("Audit entries are never removed.")

    def compute_hash(self, position: int | None = None) -> str:
        """SHA-256, in hex, over all fields and the hash before; ``position`` asks "what if it stood there"."""
        fields = {
            "scope": self.scope,
            "position": self.position if position is None else position,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": self.by,
            "action": self.action,
            "subject": self.subject,
            "before": self.before,
            "after": self.after,
            "previous_hash": self.previous_hash,
        }
        return sha256(canonical(fields).encode()).hexdigest()


class AuditChain(models.Model):
    """The head of a scope's chain: how many entries it has and the hash of the last one. Only ever moves forward."""

    scope = models.CharField(max_length=64, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("Audit chain")
        verbose_name_plural = _("Audit chains")

    def __str__(self) -> str:
        return f"{self.scope} ({self.length})"
