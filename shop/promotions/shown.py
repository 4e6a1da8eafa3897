"""The lower price of one unit as pages show it; what decides it is read once for each answer."""

from dataclasses import dataclass
from typing import Any

from shop.core.money import per_kilo
from shop.listings.lookup import listing_of
from shop.promotions.prices import LowerPrices


@dataclass(frozen=True)
class Shown:
    """The price to show, the one to strike through, the offer's name, dong per kg where that says something."""

    price: int
    before: int
    title: str
    per_kg: int | None


def lower_prices(holder: dict[str, Any]) -> LowerPrices:
    """All of the market's, kept in ``holder`` (that of a request, say): two queries, whatever the number of cards."""
    if "_lower_prices" not in holder:
        holder["_lower_prices"] = LowerPrices()
    return holder["_lower_prices"]


def shown_price(holder: dict[str, Any], product: Any) -> Shown | None:
    """None when no offer without a code lowers the price of one unit of a product or size."""
    listing, price = listing_of(product), product.card_price
    found = lower_prices(holder).of(product, price, listing.cooperative_id)
    if found is None or found.price >= price:
        return None
    grams = product.size.net_weight_g if product.size else listing.net_weight_g
    weighs = grams and grams != 1000
    return Shown(found.price, price, found.offer.title, per_kilo(found.price, grams) if weighs else None)
