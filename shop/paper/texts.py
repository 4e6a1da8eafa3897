"""What people typed, made fit for paper."""

import re
import unicodedata

#: Direction overrides turn a line around, invisible characters break words: neither belongs on paper.
_INVISIBLE = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


def printable(text: object, longest: int = 200) -> str:
    """One line without control and direction characters, at most ``longest`` letters, the rest an ellipsis."""
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", str(text or "")[: 4 * longest]))
    plain = _CONTROL.sub(" ", plain).strip()
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def grouped(number: str, size: int = 4) -> str:
    """An account number as one reads it out: ``0001000000017`` gives ``0001 0000 0001 7``."""
    return " ".join(number[start : start + size] for start in range(0, len(number), size))
