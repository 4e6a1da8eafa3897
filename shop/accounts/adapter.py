"""How django-allauth knows our people: by e-mail address or mobile number, with a password or later a passkey."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from shop.accounts.codes import CONFIRM, KIND, code_text
from shop.accounts.contacts import CONTACT_ERRORS, ContactError, contact_parse, is_email
from shop.accounts.models import User
from shop.accounts.services import user_find
from shop.messaging.services import message_send

MISMATCH = _("These two do not fit together. Check both, or have a code sent to you instead.")


class AccountAdapter(DefaultAccountAdapter):
    """Phones in E.164, no sign-up of allauth's own (an account is made with the first code), local redirects only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "too_many_login_attempts": _("Too many wrong tries. Wait five minutes, or have a code sent to you instead."),
        "account_inactive": _("This account is closed. Please call us."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """This host only: allauth would also follow links to every other allowed host."""
        return bool(url) and url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed passwords are counted per account; allauth's own key would put all phone numbers into one pot."""
        return str(credentials.get("email") or credentials.get("phone") or "").lower()

    # -- Phones -------------------------------------------------------------------------------------------------

    def clean_phone(self, phone: str) -> str:
        try:
            contact = contact_parse(phone)
        except ContactError as error:
            raise self.phone_error(error.code) from error
        if is_email(contact):
            raise self.phone_error("letters")
        return contact

    def phone_error(self, code: str) -> ValidationError:
        return ValidationError(CONTACT_ERRORS[code], code=code)

    def get_user_by_phone(self, phone: str) -> User | None:
        try:
            return user_find(contact_parse(phone))
        except ContactError:
            return None

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = contact_parse(phone), verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        User.objects.filter(pk=user.pk, phone=contact_parse(phone)).update(phone_verified=True)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        key = f"{KIND}-{secrets.token_hex(12)}"
        message_send(kind=KIND, to=contact_parse(phone), body=code_text(code, CONFIRM), key=key)
