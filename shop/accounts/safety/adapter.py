"""How django-allauth's second step fits into this shop."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from shop.accounts.contacts import contact_display
from shop.core.lang import shop_name
from shop.core.sealing import seal, unseal

PURPOSE = "second-step"


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are sealed in the database; the shop's name stands in the app; no mails of allauth's own."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not the code. The app shows a new one every 30 seconds: please type the newest."),
    }

    def get_totp_label(self, user: Any) -> str:
        return contact_display(user.phone or user.email or str(user.pk))

    def get_totp_issuer(self) -> str:
        return shop_name()

    def _get_site_name(self) -> str:
        return shop_name()

    def _get_user_identifier(self, user: Any) -> str:
        return self.get_totp_label(user)

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=PURPOSE)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Only the app asks for a second step: a passkey is another way in, and on another device it is not at hand."""
        if types is not None:
            types = [kind for kind in types if kind != Authenticator.Type.WEBAUTHN]
        return super().is_mfa_enabled(user, types)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """People are told by ``services.person_tell``, on the phone that most of them have instead of an address."""
