"""Oscar's offers, exact to the dong and to the last use."""

from decimal import Decimal
from typing import Any

from oscar.apps.offer.abstract_models import AbstractConditionalOffer, AbstractRange
from oscar.apps.offer.results import BasketDiscount

from shop.offer.rounding import whole_dong


class OfferUsedUp(Exception):
    """Somebody else took the last use of a limited offer. Carries the offer."""

    def __init__(self, offer: "ConditionalOffer") -> None:
        super().__init__(f"offer {offer.pk} is used up")
        self.offer = offer


class ConditionalOffer(AbstractConditionalOffer):
    """An offer. Its counters in memory run ahead of the database while the parts of a purchase are computed."""

    #: Uses by earlier parts of the same basket.
    uses_before = 0

    def apply_benefit(self, basket: Any) -> Any:
        """Oscar's result, with the sum that the lines really got: each line's share is rounded on its own."""
        before = discounts_of(basket)
        result = super().apply_benefit(basket)
        return BasketDiscount(discounts_of(basket) - before) if result.affects_basket else result

    def shipping_discount(self, charge: Decimal, currency: str | None = None) -> Decimal:
        """Whole dong, at most the charge itself."""
        return max(Decimal(0), min(charge, whole_dong(super().shipping_discount(charge, currency))))

    def count(self, application: dict) -> None:
        """One part of a basket used the offer; in memory only."""
        self.num_applications += application["freq"]
        self.total_discount += application["discount"]
        self.uses_before += application["freq"]

    def get_num_user_applications(self, user: Any) -> int:
        return super().get_num_user_applications(user) + self.uses_before

    def record_usage(self, discount: dict) -> None:
        """Write down what an order used; raises OfferUsedUp when parallel buyers left less of a limited offer.

        Oscar adds to what it read earlier, so that parallel orders overwrite each other's counts.
        """
        row = type(self).objects.select_for_update().get(pk=self.pk)
        if row.max_global_applications and row.num_applications + discount["freq"] > row.max_global_applications:
            raise OfferUsedUp(self)
        row.num_applications += discount["freq"]
        row.total_discount += discount["discount"]
        row.num_orders += 1
        row.save()

    record_usage.alters_data = True


class Range(AbstractRange):
    """Products that an offer looks at."""

    #: Products that were asked for at once, and those of them that are in.
    _asked: frozenset[int] = frozenset()
    _inside: frozenset[int] = frozenset()

    @classmethod
    def remembering(cls, pks: set[int], lines: list) -> dict[int, "Range"]:
        """The ranges by id, each knowing which of the lines' products are in it.

        A partner's goods are read off the lines; all plain lists of products together take two queries.
        """
        found = cls.objects.prefetch_related("classes", "included_categories").in_bulk(pks)
        lists = [one for one in found.values() if one.is_list]
        listed = products_listed(lists, lines) if lists else {}
        for pk, one in found.items():
            one._remember(lines, listed.get(pk))
        return found

    @property
    def is_list(self) -> bool:
        """Whether it is nothing but products named one by one."""
        ruled = self.includes_all_products or self.proxy_class or self.classes.all() or self.included_categories.all()
        return not ruled

    @property
    def partner_id(self) -> int | None:
        """The partner whose goods it is; None for any other kind."""
        return getattr(self.proxy, "partner_id", None)

    def _remember(self, lines: list, listed: set[int] | None) -> None:
        products = {line.product_id for line in lines}
        if self.partner_id:
            inside = {line.product_id for line in lines if line.stockrecord.partner_id == self.partner_id}
        elif listed is not None:
            inside = listed
        elif self.proxy is None:
            inside = set(self.product_queryset.filter(pk__in=products).values_list("pk", flat=True))
        else:
            return
        self._asked, self._inside = frozenset(products), frozenset(inside)

    def contains_product(self, product: Any) -> bool:
        return product.pk in self._inside if product.pk in self._asked else super().contains_product(product)


def products_listed(ranges: list[Range], lines: list) -> dict[int, set[int]]:
    """For each plain list: which of the lines' products stand in it, themselves or as a variant of one that does."""
    family = {line.product_id: {line.product_id, line.product.parent_id} - {None} for line in lines}
    wanted = set().union(*family.values())
    named, barred = ({one.pk: set() for one in ranges} for _ in range(2))
    for rows, found in ((Range.included_products.through, named), (Range.excluded_products.through, barred)):
        pairs = rows.objects.filter(range_id__in=named, product_id__in=wanted)
        for range_id, product_id in pairs.values_list("range_id", "product_id"):
            found[range_id].add(product_id)
    return {
        one.pk: {pk for pk, kin in family.items() if kin & named[one.pk] and not kin & barred[one.pk]} for one in ranges
    }


def discounts_of(basket: Any) -> Decimal:
    """Dong taken off all lines so far."""
    return sum((line.discount_value for line in basket.all_lines()), Decimal(0))


from oscar.apps.offer.models import *  # noqa: E402, F403  completes the fork; must come last
