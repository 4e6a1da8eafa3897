"""Oscar's offers as an operator makes them in the dashboard: cleaned by Oscar's own rules."""

from itertools import count
from typing import Any

from oscar.core.loading import get_model

Benefit = get_model("offer", "Benefit")
Condition = get_model("offer", "Condition")
ConditionalOffer = get_model("offer", "ConditionalOffer")
Range = get_model("offer", "Range")

numbers = count(1)


def range_of(*listings: Any) -> Any:
    """A range of these listings; of all products when none is named."""
    found = Range.objects.create(name=f"Nhóm hàng {next(numbers)}", includes_all_products=not listings)
    for listing in listings:
        found.add_product(listing.product)
    return found


def offer_make(
    kind: str,
    value: Any = None,
    *,
    on: Any = None,
    when: tuple[str, Any] = (Condition.COUNT, 1),
    max_affected_items: int | None = None,
    **extra: Any,
) -> Any:
    """A site offer. ``on`` is the range it looks at (all products unless told), ``when`` Oscar's condition."""
    goods = on or range_of()
    ranged = not kind.startswith("Shipping") and kind != Benefit.FIXED_PRICE
    benefit = Benefit(type=kind, value=value, range=goods if ranged else None, max_affected_items=max_affected_items)
    benefit.full_clean()
    benefit.save()
    condition = Condition(type=when[0], value=when[1], range=goods)
    condition.full_clean()
    condition.save()
    return ConditionalOffer.objects.create(
        name=f"Ưu đãi {next(numbers)}", condition=condition, benefit=benefit, **extra
    )
