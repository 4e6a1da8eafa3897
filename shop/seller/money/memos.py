"""Reading a memo for people: where its code stands, and what somebody looks for in it."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from shop.core.codes import MEMO_PREFIX
from shop.core.text import fold

#: What banks put between the characters of a code.
APART = r"[\W_]*"
APART_SIGNS = re.compile(r"[\W_]+")
# A character of a code and what people and banks make of it.
ALIKE = {"Q": "QO0", "V": "VU", "7": "7IL1", "D": "DOĐ", "W": "WU", "B": "B8", "8": "8B", "S": "S5", "5": "5S"}
ALIKE |= {"Z": "Z2", "2": "2Z", "G": "G6", "6": "6G", "O": "OQ0"}
#: A code in one word with at least one digit: no ordinary word looks like it.
LONELY = re.compile(rf"(?<![A-Za-z0-9])({MEMO_PREFIX}(?=[A-Z]*[0-9])[A-Z0-9]{{7}})(?![A-Za-z0-9])", re.IGNORECASE)


class Piece(NamedTuple):
    """A part of a memo; ``is_code`` when it is the part that names an order."""

    text: str
    is_code: bool


def pieces(memo: str, codes: Iterable[str]) -> list[Piece]:
    """The memo cut where a code begins and ends; put together again it is the memo."""
    patterns = [pattern(code) for code in codes]
    lonely = LONELY.search(memo)
    patterns += [re.escape(lonely[1])] if lonely and not patterns else []
    if not patterns:
        return [Piece(memo, False)] if memo else []
    found, place = [], 0
    for hit in re.finditer("|".join(patterns), memo, re.IGNORECASE):
        found += [Piece(memo[place : hit.start()], False), Piece(hit[0], True)]
        place = hit.end()
    return [piece for piece in [*found, Piece(memo[place:], False)] if piece.text]


def pattern(code: str) -> str:
    """The code as it may stand in a memo: look-alikes, signs in between, the first letter or the end missing.

    The characters and what stands between them exclude each other, so looking costs no more than a long memo.
    """
    signs = [f"[{re.escape(ALIKE.get(sign, sign))}]" for sign in code]
    # Behind the prefix four characters are enough for the beginning of a code.
    sure, rest = signs[1 : len(MEMO_PREFIX) + 4], signs[len(MEMO_PREFIX) + 4 :]
    tail = ""
    for sign in reversed(rest):
        tail = f"(?:{APART}{sign}{tail})?"
    return f"(?:{signs[0]}{APART})?{APART.join(sure)}{tail}"


def lonely_code(memo: str) -> str:
    """What looks exactly like a code, or nothing."""
    found = LONELY.search(memo)
    return found[1].upper() if found else ""


class Words:
    """What somebody looks for; marks, case and signs do not count."""

    def __init__(self, query: str) -> None:
        self.words = fold(query).split()
        self.squeezed = "".join(self.words)

    def are_in(self, *texts: str) -> bool:
        """Whether the texts hold all the words, or all of them in one piece."""
        if not self.words:
            return False
        text = plain(" ".join(texts))
        return all(word in text for word in self.words) or self.squeezed in APART_SIGNS.sub("", text)


def plain(text: str) -> str:
    """Small letters without marks. Most banks write none: folding only what has some is ten times quicker."""
    return text.lower() if text.isascii() else fold(text)
