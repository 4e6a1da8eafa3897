"""What strangers type, without characters that hide or turn around what others read."""

import re
import unicodedata
from typing import Any

#: Control characters, and the marks that turn the direction of the text that follows or are not seen at all.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_BLANKS = re.compile(r"\s+")


def line_plain(typed: Any) -> str:
    """One line: composed letters (NFC), single blanks, nothing invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", str(typed or "")))
    return _BLANKS.sub(" ", text).strip()


def text_plain(typed: Any) -> str:
    """Several lines, each as :func:`line_plain` gives it; at most one empty line between two."""
    lines = [line_plain(line) for line in str(typed or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
