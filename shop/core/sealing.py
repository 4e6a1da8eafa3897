"""Secrets at rest: a text becomes an unreadable token that only this shop turns back, and only for the same purpose.

Authenticated encryption (Fernet: AES-128-CBC with HMAC-SHA256). The keys come from ``CREDENTIALS_KEYS``, any long
random texts: the first one seals, every one unseals. Without them they come from ``SECRET_KEY`` and its fallbacks.
To change a key: put the new one first, :func:`reseal` every token, then drop the old one.
"""

import base64
from collections.abc import Callable
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = "credentials"


class SealBroken(Exception):
    """The token was made elsewhere, with another key or for another purpose, or somebody changed it."""


def seal(plain: str, *, purpose: str = PURPOSE) -> str:
    """A token of ASCII characters, about a third longer than the text plus 100; a different one each time."""
    return _box(purpose).encrypt(plain.encode()).decode()


def unseal(token: str, *, purpose: str = PURPOSE) -> str:
    """The sealed text. Raises :class:`SealBroken`."""
    return _opened(_box(purpose).decrypt, token).decode()


def reseal(token: str, *, purpose: str = PURPOSE) -> str:
    """The same text sealed with today's first key. Raises :class:`SealBroken`."""
    return _opened(_box(purpose).rotate, token).decode()


def _opened(work: Callable[[bytes], bytes], token: str) -> bytes:
    try:
        return work(token.encode("ascii"))
    except (AttributeError, UnicodeEncodeError, InvalidToken) as error:
        raise SealBroken from error


def _box(purpose: str) -> MultiFernet:
    keys = settings.CREDENTIALS_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return _box_of(tuple(keys), purpose)


@lru_cache(maxsize=32)
def _box_of(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(key: str, purpose: str) -> bytes:
    """32 bytes of their own for each purpose: a token for one cannot be opened as another."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=b"shop.core.sealing", info=purpose.encode())
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
