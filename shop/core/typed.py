"""Text that strangers typed: made harmless before it is stored."""

import re
import unicodedata

# Characters that turn the direction of writing around, or take no room at all.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def plain_text(text: str, limit: int, *, lines: bool = True) -> str:
    """At most ``limit`` characters, composed (NFC), without control and direction marks; line breaks stay if wanted."""
    text = unicodedata.normalize("NFC", str(text or "")).replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text)
    kept = (
        c if c == "\n" or c == "\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") else " " for c in text
    )
    text = _BLANKS.sub(" ", "".join(kept))
    text = _EMPTY_LINES.sub("\n\n", text) if lines else text.replace("\n", " ")
    return text.strip()[:limit].rstrip()
