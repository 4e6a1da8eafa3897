"""Oscar's shipping method over a delivery service of a cooperative."""

from decimal import Decimal
from typing import Any

from oscar.apps.shipping import methods
from oscar.apps.shipping.methods import *  # noqa: F403  Oscar looks these classes up here
from oscar.apps.shipping.methods import Base
from oscar.core import prices

from shop.delivery.services import Quote


class Delivery(Base):
    """A quote as Oscar's order creator and shipping offers want it."""

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        self.code = quote.service.code
        self.name = quote.service.name_vi
        self.description = quote.service.note_vi

    def calculate(self, basket: Any) -> prices.Price:
        return prices.Price(currency=basket.currency, excl_tax=Decimal(self.quote.price), tax=Decimal(0))


class TaxInclusiveOfferDiscount(methods.TaxInclusiveOfferDiscount):
    """A delivery with a shipping offer taken off; still knows its quote."""

    @property
    def quote(self) -> Quote:
        return self.method.quote
