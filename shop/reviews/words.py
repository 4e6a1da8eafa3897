"""What a person should read before everybody does: links, telephone numbers, insults."""

import re

from shop.core.text import exact, fold

_LINK = re.compile(
    r"(?i)https?:|www\.|\b[\w-]+\.(?:com|vn|net|org|info|shop|xyz|top|me|io|ru|cn)\b|zalo|telegram|t\.me"
)
_NUMBER = re.compile(r"(?:\d[\s.\-]*){9,}")
#: Whole words as they are written; without their marks they would be decent ones.
MARKED = ("địt", "lồn", "cặc", "buồi", "đụ", "đĩ")
#: Whole words without marks. Short on purpose: everything doubtful only waits for a person.
FOLDED = (
    "dit me", "dmm", "dcm", "vcl", "vkl", "cho chet", "oc cho", "khon nan", "mat day", "lua dao", "casino", "vay tien",
    "sex", "fuck", "shit", "scam", "bitch",
)  # fmt: skip


def needs_person(text: str) -> bool:
    """Whether the words hold the review back."""
    if _LINK.search(text) or _NUMBER.search(text):
        return True
    marked, folded = f" {exact(text)} ", f" {fold(text)} "
    return any(f" {exact(word)} " in marked for word in MARKED) or any(f" {word} " in folded for word in FOLDED)
