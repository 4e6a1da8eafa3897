"""Recipients and errors in a form that may be shown and stored."""

import re

from shop.core import phone

HIDDEN = "…"
ERROR_LIMIT = 200  # characters, as the column

# In this order: what stands in an address of the web goes before what would look like a part of it.
SECRETS = (
    (re.compile(r"://[^/@\s]+@"), f"://{HIDDEN}@"),  # name and password before a host
    (re.compile(r"\?\S+"), f"?{HIDDEN}"),  # a query
    (re.compile(r"(?i)\b(bearer|basic|apikey)\s+\S+"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)([\w-]*(?:password|secret|token|key)[\w-]*[\"']?\s*[=:])\s*\S+"), rf"\1{HIDDEN}"),
    (re.compile(r"[^\s@/<>…]+@[\w.-]+"), HIDDEN),  # an e-mail address
    (re.compile(r"[\w+=-]{24,}"), HIDDEN),  # a key
    (re.compile(r"\+?\d{2,4}(?:[ .-]\d{2,4}){2,}|\+?\d{5,}"), HIDDEN),  # a telephone number, a code
)


def recipient_mask(to: str) -> str:
    """``0901 *** 567`` or ``t***@example.vn``."""
    name, found, host = to.rpartition("@")
    return f"{name[:1]}***@{host}" if found else phone.mask(to)


def error_text(error: BaseException, *hidden: str) -> str:
    """Class and words of an error, at most ERROR_LIMIT characters, without ``hidden`` and what looks like a secret."""
    text = " ".join(str(error).replace("\0", " ").split())
    for part in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(" ".join(part.split()), HIDDEN)
    text = text[:1_000]  # the patterns are slow on endless words
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return f"{type(error).__name__}: {text}".encode("utf-8", "replace").decode()[:ERROR_LIMIT]
