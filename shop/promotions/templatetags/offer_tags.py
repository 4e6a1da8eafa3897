"""Lower prices on cards and product pages (loaded as ``offer_tags``)."""

from typing import Any

from django import template

from shop.promotions.shown import Shown, shown_price

register = template.Library()


@register.simple_tag(takes_context=True)
def lower_price(context: template.Context, product: Any) -> Shown | None:
    """``{% lower_price product as lower %}``: None when no offer without a code lowers the price of one unit."""
    request = getattr(context, "request", None) or context.get("request")
    return shown_price(request.__dict__ if request is not None else context.render_context.dicts[0], product)
