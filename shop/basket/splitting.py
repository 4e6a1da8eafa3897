"""One basket, many partners: the parts that become one order each."""

from itertools import groupby
from typing import Any

from oscar.core.loading import get_class, get_model

from shop.basket.models import Basket

Applicator = get_class("offer.applicator", "Applicator")
Line = get_model("basket", "Line")


def basket_parts(basket: Basket, lines: list, user: Any = None) -> list[tuple[int, Basket]]:
    """``[(partner id, part), ...]`` by partner id, offers applied to each part on its own.

    A part is an unsaved copy with the same id and strategy: it shows a partner's lines and nothing is written.
    An offer can never count goods of two partners together: each part is sold by somebody else.
    """
    ordered = sorted(lines, key=lambda line: (line.stockrecord.partner_id, line.pk))
    applicator = Applicator()
    offers = applicator.get_offers(basket, user) if ordered else []
    parts = []
    for partner_id, group in groupby(ordered, key=lambda line: line.stockrecord.partner_id):
        part = Basket(pk=basket.pk, owner=basket.owner, status=basket.status).with_lines(list(group))
        part.strategy = basket.strategy
        applicator.apply_offers(part, [offer for offer in offers if seller_of(offer) in (None, partner_id)])
        parts.append((partner_id, part))
    return parts


def seller_of(offer: Any) -> int | None:
    """The partner whose own offer it is; None for one of the market's."""
    companion = getattr(offer, "cooperative_offer", None)
    return companion.cooperative.partner_id if companion else None


def goods_total(product: Any, stockrecord: Any, quantity: int, strategy: Any) -> int:
    """Dong for so many units bought alone, offers applied: what a basket with nothing else would say."""
    basket = Basket()
    basket.strategy = strategy
    line = Line(basket=basket, product=product, stockrecord=stockrecord, quantity=quantity, price_currency="VND")
    basket.with_lines([line])
    (_partner, part), *_ = basket_parts(basket, [line])
    return int(part.total_incl_tax)
