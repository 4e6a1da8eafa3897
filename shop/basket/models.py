"""Oscar's basket, taught to be split into one part per partner without touching the database."""

from typing import Any

from django.db.models import Prefetch
from django.utils.functional import cached_property
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.core.loading import get_model

#: Of a product or, for a size, of its parent.
PRODUCT_PARTS = ("product_class", "listing__cooperative")


class Basket(AbstractBasket):
    """A basket. Its lines may be given as a plain list (``with_lines``), as a part of another basket has them."""

    def all_lines(self) -> Any:
        """The lines with all that prices, stock and names need: one query, and one or two for the pictures."""
        if self.id is None and self._lines is not None:
            return self._lines
        if self.id is not None and self._lines is None:
            self._lines = (
                self.lines.select_related(
                    *(f"{product}__{what}" for product in ("product", "product__parent") for what in PRODUCT_PARTS),
                    "product__variant",
                    "stockrecord",
                )
                .prefetch_related("attributes", "product__images", "product__parent__images")
                .order_by("pk")
            )
        return super().all_lines()

    @cached_property
    def voucher_list(self) -> list:
        """The codes that were entered, with their offers: two queries. Forgotten with ``vouchers_forget``."""
        if self.id is None:
            return []
        offers = get_model("offer", "ConditionalOffer").objects.select_related(
            "condition", "benefit", "cooperative_offer__cooperative"
        )
        wanted = Prefetch("offers", offers.prefetch_related("combinations"))
        return list(self.vouchers.order_by("code").prefetch_related(wanted))

    def vouchers_forget(self) -> None:
        """A code was entered or taken out."""
        self.__dict__.pop("voucher_list", None)

    @property
    def num_lines(self) -> int:
        return len(self.all_lines())

    def with_lines(self, lines: list) -> "Basket":
        """Let this basket show exactly these line objects, with their discounts started afresh."""
        self._lines = lines
        for line in lines:
            line.basket = self
            line.clear_discount()
        return self


from oscar.apps.basket.models import *  # noqa: E402, F403  completes the fork; must come last
