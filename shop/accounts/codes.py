"""One-time codes: six digits that prove a phone number or an e-mail address is in somebody's hands.

A code belongs to the browser session that asked for it. The session keeps a keyed hash, never the digits; it ends
after ``ACCOUNT_LOGIN_BY_CODE_TIMEOUT`` seconds, after ``ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS`` wrong tries, with the
next code and with its first use. Limits per number are counted in the outbox, which every process shares.
"""

import secrets
import time
import unicodedata
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from allauth.account import app_settings
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from shop.core.lang import shop_name
from shop.messaging.models import Message
from shop.messaging.services import message_send

#: What a code is for. One that was asked for one purpose is worth nothing for another.
SIGN_IN, CONTACT, CONFIRM = "sign_in", "contact", "confirm"

KIND = "one_time_code"
SESSION_KEY = "accounts_code"
DIGITS = 6
#: Seconds between two codes to one number, and the most codes to it within an hour and within a day.
PAUSE, PER_HOUR, PER_DAY = 60, 5, 10
MASK = "······"


class CodeError(Exception):
    """No code was sent, or the typed one was not accepted.

    ``code``: ``wait`` (``seconds`` until the next one), ``busy`` (too many), ``wrong`` (``left`` tries remain),
    ``shape`` (not six digits), ``spent`` (no tries left), ``expired`` or ``none`` (nothing was asked for).
    """

    def __init__(self, code: str, *, seconds: int = 0, left: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.seconds = seconds
        self.left = left


@dataclass
class Pending:
    """A code under way, as the session keeps it. ``next_url`` is a local address or empty."""

    purpose: str
    contact: str
    nonce: str
    digest: str
    sent_at: float
    next_url: str = ""
    tries: int = 0
    shown: str = ""  # the digits themselves, only where codes_are_shown()

    @property
    def minutes(self) -> int:
        return app_settings.LOGIN_BY_CODE_TIMEOUT // 60


def pending_code(request: HttpRequest, purpose: str) -> Pending | None:
    """The code that this session asked for, also when it has run out; None when there is none of that purpose."""
    data = request.session.get(SESSION_KEY)
    if not isinstance(data, dict) or data.get("purpose") != purpose:
        return None
    try:
        return Pending(**data)
    except TypeError:  # written by another release
        return None


def codes_are_shown() -> bool:
    """In a demonstration that sends no messages the page itself says the code."""
    return settings.DEMO and settings.MESSAGE_BACKENDS["sms"].endswith(".console")


def code_send(*, request: HttpRequest, contact: str, purpose: str, next_url: str = "") -> Pending:
    """Send a fresh code to ``contact`` (E.164 or e-mail) and remember it in the session; raises CodeError."""
    limits_check(contact)
    if not ratelimit.consume(request, action="request_login_code", key=contact):
        raise CodeError("busy")
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    nonce = secrets.token_hex(12)
    with transaction.atomic():
        codes_mask()
        message_send(kind=KIND, to=contact, body=code_text(code, purpose), key=f"{KIND}-{nonce}")
    pending = Pending(purpose, contact, nonce, digest_of(code, nonce, contact), time.time(), next_url)
    if codes_are_shown():
        pending.shown = code
    request.session[SESSION_KEY] = asdict(pending)
    return pending


def limits_check(contact: str) -> None:
    """Raise CodeError when this number has had enough codes; foreign hands must not fill a telephone."""
    now = timezone.now()
    sent = Message.objects.filter(kind=KIND, to=contact, created_at__gt=now - timedelta(days=1))
    moments = list(sent.order_by("-created_at").values_list("created_at", flat=True)[:PER_DAY])
    if not moments:
        return
    elapsed = (now - moments[0]).total_seconds()
    if elapsed < PAUSE:
        raise CodeError("wait", seconds=max(1, round(PAUSE - elapsed)))
    if len(moments) >= PER_DAY or sum(now - moment < timedelta(hours=1) for moment in moments) >= PER_HOUR:
        raise CodeError("busy")


def code_text(code: str, purpose: str) -> str:
    """The message, in the language of the page it was asked on; fits one text message."""
    if purpose == SIGN_IN:
        text = _("%(shop)s sign-in code: %(code)s. Give it to nobody.")
    else:
        text = _("%(shop)s confirmation code: %(code)s. Give it to nobody.")
    return text % {"shop": shop_name(), "code": code}


def digest_of(code: str, nonce: str, contact: str) -> str:
    """A keyed hash: a copy of the session table does not tell the code."""
    return salted_hmac("shop.accounts.codes", f"{nonce}:{contact}:{code}", algorithm="sha256").hexdigest()


def code_check(*, request: HttpRequest, typed: Any, purpose: str) -> Pending:
    """Use up the code when the typed one is right; raises CodeError otherwise, and counts the try."""
    pending = pending_code(request, purpose)
    if pending is None:
        raise CodeError("none")
    if time.time() - pending.sent_at > app_settings.LOGIN_BY_CODE_TIMEOUT:
        raise CodeError("expired")
    digits = "".join(unicodedata.normalize("NFKC", str(typed or "")[:40]).split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        raise CodeError("shape")
    if not ratelimit.consume(request, action="confirm_code"):
        raise CodeError("busy")
    tries = try_count(request, pending)
    if tries > app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS:
        raise CodeError("spent")
    if not constant_time_compare(digest_of(digits, pending.nonce, pending.contact), pending.digest):
        left = app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS - tries
        raise CodeError("wrong" if left else "spent", left=left)
    code_drop(request)
    codes_mask(key=f"{KIND}-{pending.nonce}")
    return pending


def try_count(request: HttpRequest, pending: Pending) -> int:
    """Count this try and return how many there were.

    Twice: in the session, which outlives a restart, and in the cache, whose counter cannot be outrun by requests that
    all read the session before any of them writes it.
    """
    pending.tries += 1
    request.session[SESSION_KEY] = asdict(pending)
    key = f"code-tries:{pending.nonce}"
    cache.add(key, 0, app_settings.LOGIN_BY_CODE_TIMEOUT + 60)
    try:
        return max(pending.tries, cache.incr(key))
    except ValueError:  # thrown out of a full cache
        return pending.tries


def code_drop(request: HttpRequest) -> None:
    """Forget the code under way."""
    request.session.pop(SESSION_KEY, None)


def codes_mask(key: str = "") -> None:
    """Take the digits out of sent messages whose code has run out, and of the one just used."""
    over = timezone.now() - timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT)
    done = Q(created_at__lt=over) | Q(key=key) if key else Q(created_at__lt=over)
    Message.objects.filter(done, kind=KIND, sent_at__isnull=False).exclude(body=MASK).update(body=MASK)
