"""Every change to how an account is protected; each function is one transaction and safe to call twice.

``by`` says who did it, for the log. The person is told of each change on their phone or by e-mail.
"""

import logging
import secrets
from typing import Any

from allauth.mfa.base.internal.flows import check_rate_limit, delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.accounts.services import user_lock
from shop.core import phone as phones
from shop.core.lang import shop_name
from shop.messaging.services import message_send

logger = logging.getLogger(__name__)

Type = Authenticator.Type
#: Passkeys of one account: more than anybody has devices.
PASSKEY_LIMIT = 10


class SafetyError(Exception):
    """``code``: ``wrong`` (not the app's code), ``too_many`` (passkeys)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- The app ------------------------------------------------------------------------------------------------------


def totp_of(user: User) -> Authenticator | None:
    """The account's app with codes."""
    return Authenticator.objects.filter(user=user, type=Type.TOTP).first()


def totp_check(*, user: User, code: str) -> bool:
    """Whether the app of the account shows this code now; each code once.

    Within a request only: wrong tries are counted, and too many raise ValidationError.
    """
    app = totp_of(user)
    if app is None:
        return False
    clear = check_rate_limit(user)
    good = app.wrap().validate_code(code)
    if good:
        clear()
        app.record_usage()
    return good


@transaction.atomic
def totp_activate(*, user: User, secret: str, code: str, by: str) -> list[str]:
    """From now on signing in needs the app too. Returns the recovery codes; none when the app was on already."""
    locked = user_lock(user)
    if totp_of(locked):
        return []
    if not validate_totp_code(secret, code):  # whoever types it has just been shown the secret: nothing to guess
        raise SafetyError("wrong")
    TOTP.activate(locked, secret)
    person_tell(locked, _("%(shop)s: signing in now needs a code from your app."), by)
    return recovery_codes_renew(user=locked, by=by)


@transaction.atomic
def totp_end(*, user: User, by: str) -> bool:
    """Signing in needs no app any more; True when this call said so."""
    locked = user_lock(user)
    gone, _rows = Authenticator.objects.filter(user=locked, type__in=(Type.TOTP, Type.RECOVERY_CODES)).delete()
    if gone:
        person_tell(locked, _("%(shop)s: signing in no longer needs a code from your app."), by)
    return bool(gone)


@transaction.atomic
def recovery_codes_renew(*, user: User, by: str) -> list[str]:
    """New codes for the day the phone is lost, each good once; the old ones end. None without the app."""
    locked = user_lock(user)
    if totp_of(locked) is None:
        return []
    Authenticator.objects.filter(user=locked, type=Type.RECOVERY_CODES).delete()
    logger.info("recovery codes made user=%s by=%s", locked.pk, by)
    return RecoveryCodes.activate(locked).get_unused_codes()


def recovery_codes_left(user: User) -> int:
    """How many of the codes have not been used."""
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return len(row.wrap().get_unused_codes()) if row else 0


# -- Passkeys -----------------------------------------------------------------------------------------------------


def passkeys_of(user: User) -> list[Authenticator]:
    """The account's passkeys, the newest first."""
    return list(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).order_by("-pk"))


@transaction.atomic
def passkey_add(*, user: User, name: str, credential: dict[str, Any], by: str) -> Authenticator:
    """Let a checked passkey sign in to the account; raises SafetyError ``too_many``."""
    locked = user_lock(user)
    if len(passkeys_of(locked)) >= PASSKEY_LIMIT:
        raise SafetyError("too_many")
    row = WebAuthn.add(locked, name, credential).instance
    person_tell(locked, _("%(shop)s: a passkey was added to your account."), by)
    return row


@transaction.atomic
def passkey_remove(*, user: User, pk: int, by: str) -> bool:
    """The passkey opens nothing any more; True when this call said so."""
    locked = user_lock(user)
    gone, _rows = Authenticator.objects.filter(user=locked, type=Type.WEBAUTHN, pk=pk).delete()
    if gone:
        delete_dangling_recovery_codes(locked)
        person_tell(locked, _("%(shop)s: a passkey was removed from your account."), by)
    return bool(gone)


def person_tell(user: User, text: str, by: str) -> None:
    """Tell the owner of the account: it may not have been them."""
    logger.info("account safety user=%s by=%s: %s", user.pk, by, text)
    contact = user.phone or user.email
    if contact:
        help_text = _("If that was not you, call %(phone)s.") % {"phone": phones.display(settings.SUPPORT_PHONE)}
        body = f"{text % {'shop': shop_name()}} {help_text}"
        message_send(kind="account_safety", to=contact, body=body, key=f"account-safety-{secrets.token_hex(12)}")


# -- Sessions -----------------------------------------------------------------------------------------------------


def session_end(*, user: User, pk: int, by: str) -> bool:
    """Sign the account out there; True when this call did. Not atomic: sessions may live outside the database."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    logger.info("session ended user=%s by=%s", user.pk, by)
    return True


def sessions_end_others(*, user: User, current: str, by: str) -> int:
    """Sign the account out everywhere but in the session with the key ``current``; returns in how many places."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=current))
    for row in others:
        row.end()
    logger.info("other sessions ended user=%s count=%s by=%s", user.pk, len(others), by)
    return len(others)
