"""Text of any encoding that spreadsheets in Viet Nam write."""

import codecs
import re

from shop.core.tables.errors import TableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text_decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 with a byte order mark, or Windows Vietnamese (cp1258).

    Without control characters. TableError ``encoding``, or ``not_a_table`` for what is no text at all.
    """
    text, encoding = _decoded(content)
    if "\0" in text or len(_CONTROLS.findall(text)) * 100 > len(text):
        raise TableError("not_a_table", "control characters")
    return _CONTROLS.sub("", text.lstrip("\ufeff")), encoding


def _decoded(content: bytes) -> tuple[str, str]:
    marked = [encoding for bom, encoding in _BOMS if content.startswith(bom)]
    if not marked and b"\0" in content:
        raise TableError("not_a_table", "bytes")
    for encoding in marked or ["utf-8", "cp1258"]:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise TableError("encoding")
