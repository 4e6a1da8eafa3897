"""Turn a text file (simple HTML and marker lines) into the blocks of a page.

Marker lines are comments: ``<!-- products: A | B -->``, ``<!-- picture: scene | words -->`` and
``<!-- quote: text | who -->``.
"""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from cms.blocks.prose import clean_html

Block = tuple[str, Any]

#: The elements that stand apart from the running text, and the markers.
_PIECES = re.compile(
    r"<!--\s*(?P<marker>\w+):\s*(?P<words>.*?)\s*-->|(?P<quote><blockquote>.*?</blockquote>)|(?P<table><table>.*?</table>)",
    re.DOTALL,
)


def blocks_read(html: str, product_key: Callable[[str], int | None]) -> list[Block]:
    """The blocks of a text in order. ``product_key`` finds a product by its title; unknown ones are left out."""
    found: list[Block] = []
    place = 0
    for piece in _PIECES.finditer(html):
        found.append(("text", clean_html(html[place : piece.start()]).strip()))
        found.append(_special(piece, product_key))
        place = piece.end()
    found.append(("text", clean_html(html[place:]).strip()))
    return [block for block in found if block and block[1]]


def _special(piece: re.Match[str], product_key: Callable[[str], int | None]) -> Block | None:
    if piece["quote"]:
        return "quote", {"text": _plain(piece["quote"]), "who": ""}
    if piece["table"]:
        return "table", {"rows": _rows(piece["table"]), "caption": ""}
    words = [word.strip() for word in piece["words"].split("|")]
    if piece["marker"] == "products":
        keys = [key for key in map(product_key, words) if key]
        return ("products", {"products": keys}) if keys else None
    if piece["marker"] == "picture":
        return "picture", {"scene": words[0], "alt": words[-1], "caption": "", "picture": None}
    if piece["marker"] == "quote":
        return "quote", {"text": words[0], "who": words[1] if len(words) > 1 else ""}
    return None


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def _rows(table: str) -> str:
    """A table as lines of cells parted by bars."""
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return "\n".join(
        " | ".join(_plain(cell).replace("|", "/") for cell in re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.DOTALL))
        for row in rows
    )
