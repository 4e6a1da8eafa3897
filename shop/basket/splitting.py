"""One basket, many partners: the parts that become one order each."""

from itertools import groupby
from typing import Any

from oscar.core.loading import get_class

from shop.basket.models import Basket

Applicator = get_class("offer.applicator", "Applicator")


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
        applicator.apply_offers(part, offers)
        parts.append((partner_id, part))
    return parts
