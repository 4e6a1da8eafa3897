"""How long a text message is, and the same text without Vietnamese marks.

A text message carries 160 characters of the GSM alphabet (3GPP TS 23.038), or 70 of any other: one letter such as "ạ"
makes the whole message a short one. Longer texts go in parts of 153 or 67, and each part is paid for.
"""

import unicodedata
from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take the room of two.
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")
ONE_GSM, PART_GSM = 160, 153
ONE_UCS2, PART_UCS2 = 70, 67

_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "₫": "d", "\xa0": " ", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "–": "-", "—": "-",
     "·": "-", "×": "x", "−": "-"}
)  # fmt: skip


@dataclass(frozen=True)
class Length:
    """``units`` used out of what one message holds, and the number of ``parts`` that are paid for."""

    is_gsm: bool
    units: int
    parts: int


def length(text: str) -> Length:
    """How much of a text message, or of several, the text takes."""
    is_gsm = all(character in GSM or character in GSM_DOUBLE for character in text)
    if is_gsm:
        units = len(text) + sum(character in GSM_DOUBLE for character in text)
    else:
        units = len(text.encode("utf-16-le")) // 2
    one, part = (ONE_GSM, PART_GSM) if is_gsm else (ONE_UCS2, PART_UCS2)
    return Length(is_gsm, units, 1 if units <= one else -(-units // part))


def unmarked(text: str) -> str:
    """``"Đã gửi 390.000 ₫"`` becomes ``"Da gui 390.000 d"``; case and addresses of the web stay as they are."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return "".join(c if c in GSM or c in GSM_DOUBLE else "?" for c in plain)
