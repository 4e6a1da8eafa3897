"""What strangers type, without characters that hide or turn around what others read."""

import re
import unicodedata
from typing import Any

#: Marks that are not seen or turn the direction of the text that follows. Not the joiners (U+200C, U+200D): they hold
#: emoji of several parts together.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: Controls, line and paragraph separators, halves of surrogate pairs: something stood between two words.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: More marks on one letter than any language writes; they would pile up over the lines around.
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILES = re.compile(f"({_MARKS}{{3}}){_MARKS}+")
_BLANKS = re.compile(r"\s+")


def line_plain(typed: Any) -> str:
    """One line: composed letters (NFC), single blanks, nothing invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", _CONTROLS.sub(" ", str(typed or ""))))
    return _BLANKS.sub(" ", _PILES.sub(r"\1", text)).strip()


def text_plain(typed: Any) -> str:
    """Several lines, each as :func:`line_plain` gives it; at most one empty line between two."""
    lines = [line_plain(line) for line in str(typed or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain_text(typed: Any, limit: int, *, lines: bool = True) -> str:
    """The same, cut to ``limit`` characters; line breaks stay if wanted."""
    return (text_plain if lines else line_plain)(typed)[:limit].rstrip()
