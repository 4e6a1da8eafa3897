"""Discounts are whole dong."""

from decimal import ROUND_HALF_UP, Decimal


def whole_dong(amount: Decimal, currency: str | None = None) -> Decimal:
    """Half a dong and more rounds up."""
    return Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP)
