"""Small words that several pages about money share."""

from django.utils.translation import get_language

from shop.core.money import format_dong


def dong_text(amount: int) -> str:
    """Dong in the language of the page: ``1.250.000 ₫``."""
    return format_dong(amount, get_language() or "vi")


def left_by_bank(by: str) -> bool:
    """Whether an entry was made by the shop itself: by the matching or by the clock."""
    return by in ("bank", "clock", "stripe")
