"""Who sent this: headers, keyed hashes and their age. Every comparison takes the same time for every input."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from shop.payment.vietqr.feeds.base import FeedError

WINDOW = 300  # seconds between the signature and our clock, either way


def header(headers: Mapping[str, str], name: str) -> str:
    """The value of a header in any case; empty when missing. Two values for one name are refused."""
    found = [value for key, value in headers.items() if key.lower() == name.lower()]
    if len(found) > 1:
        raise FeedError("signature", name)
    return found[0] if found and isinstance(found[0], str) else ""


def secret(credentials: Mapping[str, str], name: str) -> str:
    """A credential, or an empty text."""
    return credentials.get(name) or ""


def equal(left: str, right: str) -> bool:
    """Whether two texts are the same, in constant time. Any characters; empty texts equal nothing."""
    return bool(left and right) and hmac.compare_digest(_bytes(left), _bytes(right))


def digest(key: str, message: bytes, algorithm: str) -> str:
    """The HMAC of the message in lower-case hexadecimal. An empty key signs nothing."""
    if not key:
        raise FeedError("signature", "no key")
    return hmac.new(_bytes(key), message, getattr(hashlib, algorithm)).hexdigest()


def check_signature(told: str, wanted: str) -> None:
    if not equal(told, wanted):
        raise FeedError("signature")


def check_age(signed_at: float, now: datetime) -> None:
    """Refuse what was signed more than five minutes before or after now. ``signed_at``: seconds since 1970."""
    if abs(now.timestamp() - signed_at) > WINDOW:
        raise FeedError("stale")


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
