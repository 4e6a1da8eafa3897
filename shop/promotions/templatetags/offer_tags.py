"""Lower prices on cards and product pages (loaded as ``offer_tags``)."""

from dataclasses import dataclass
from typing import Any

from django import template

from shop.core.money import per_kilo
from shop.listings.lookup import listing_of
from shop.promotions.prices import LowerPrices

register = template.Library()


@dataclass(frozen=True)
class Shown:
    """The price to show, the one to strike through, the offer's name, dong per kg where that says something."""

    price: int
    before: int
    title: str
    per_kg: int | None


def lower_prices(context: template.Context) -> LowerPrices:
    """Read once for each answer, whatever the number of cards."""
    request = getattr(context, "request", None) or context.get("request")
    holder = request.__dict__ if request is not None else context.render_context.dicts[0]
    if "_lower_prices" not in holder:
        holder["_lower_prices"] = LowerPrices()
    return holder["_lower_prices"]


@register.simple_tag(takes_context=True)
def lower_price(context: template.Context, product: Any) -> Shown | None:
    """``{% lower_price product as lower %}``: None when no offer without a code lowers the price of one unit."""
    listing, price = listing_of(product), product.card_price
    found = lower_prices(context).of(product, price, listing.cooperative_id)
    if found is None or found.price >= price:
        return None
    grams = product.size.net_weight_g if product.size else listing.net_weight_g
    weighs = grams and grams != 1000
    return Shown(found.price, price, found.offer.title, per_kilo(found.price, grams) if weighs else None)
