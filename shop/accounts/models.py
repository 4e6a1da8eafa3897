"""The user: known by a phone number or an e-mail address, either may be missing."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.core import phone as phones
from shop.core import places


class UserManager(BaseUserManager["User"]):
    """Creates users; empty strings become NULL so that the unique columns stay usable."""

    def create_user(
        self, phone: str | None = None, email: str | None = None, password: str | None = None, **extra: Any
    ) -> "User":
        """A user with a phone (E.164), an e-mail, or both."""
        user = self.model(phone=phone or None, email=self.normalize_email(email) or None, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An operator who may do everything."""
        return self.create_user(email=email, password=password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Case never matters in an e-mail address that somebody signs in with."""
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``phone`` is E.164 (``+84901234567``); most shoppers have no e-mail address."""

    phone = models.CharField(_("Phone number"), max_length=16, unique=True, null=True, blank=True)
    email = models.EmailField(_("E-mail address"), unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    first_name = models.CharField(_("First name"), max_length=150, blank=True)
    last_name = models.CharField(_("Last name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("Staff status"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("User")
        verbose_name_plural = _("Users")

    def __str__(self) -> str:
        return self.get_full_name() or self.email or self.display_phone or f"#{self.pk}"

    def clean(self) -> None:
        super().clean()
        self.email = self.email or None
        self.phone = self.phone or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email or None
        self.phone = self.phone or None
        super().save(*args, **kwargs)

    def get_username(self) -> str:
        """What identifies the person on screens and in logs; never None."""
        return self.email or self.phone or ""

    def get_full_name(self) -> str:
        """Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.get_full_name()

    @property
    def display_phone(self) -> str:
        return phones.display(self.phone) if self.phone else ""


class SavedAddress(models.Model):
    """Where a person likes parcels to go: two levels, no district, no postcode."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_addresses")
    name = models.CharField(_("Recipient"), max_length=120)
    phone = models.CharField(_("Phone number"), max_length=16)
    ward_code = models.CharField(_("Commune"), max_length=5)
    street = models.CharField(_("House number, street, hamlet"), max_length=200)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-is_default", "-pk"]
        verbose_name = _("Address")
        verbose_name_plural = _("Addresses")

    def __str__(self) -> str:
        return f"{self.name}, {self.street}"

    @property
    def commune(self) -> places.Commune | None:
        return places.commune(self.ward_code)
