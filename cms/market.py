"""What one page shows of the market, asked from the database once, however many blocks show it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Subquery, Value, When
from django.db.models.query import F

from shop.catalogue.models import Product
from shop.core import ocop
from shop.core.dates import has_month, today
from shop.listings.models import ALL_YEAR, Listing
from shop.storefront import facets
from shop.variants.queries import in_stock


@dataclass(frozen=True)
class Figures:
    """How much there is: published listings, those who sell them, the communes they come from."""

    products: int = 0
    cooperatives: int = 0
    communes: int = 0


class Market:
    """Goods of one page. Nothing is read before a block asks; cards come in one go (four queries), counts in one.

    ``product_ids`` are those that editors chose on the page; ``season_cards`` is how many the season row shows.
    """

    def __init__(self, product_ids: Iterable[int] = (), season_cards: int = 0) -> None:
        self.product_ids = set(product_ids)
        self.season_cards = season_cards
        self.month = today().month

    # -- Cards --------------------------------------------------------------------------------------------------

    @cached_property
    def listings(self) -> dict[int, Listing]:
        """Published listings by product."""
        wanted = Q(product_id__in=self.product_ids)
        if self.season_cards:
            wanted |= Q(pk__in=self._season_order().values("pk")[: self.season_cards])
        rows = facets.with_best_stars(Listing.objects.published()).filter(wanted).for_cards()
        return {row.product_id: row for row in rows}

    def product(self, product_id: int | None) -> Product | None:
        """A product for a card, or None when shoppers may not see it (any more)."""
        listing = self.listings.get(product_id)
        return listing.product if listing else None

    def products(self, product_ids: Iterable[int | None]) -> list[Product]:
        """Those of the products that shoppers may see, in the given order."""
        return [product for product in map(self.product, product_ids) if product]

    def season_row(self, count: int) -> list[Product]:
        """In season this month and in stock, seasonal ones first, then by the market's published rules."""
        rows = [row for row in self.listings.values() if row.in_season() and not row.product.sold_out]
        return [row.product for row in sorted(rows, key=_rank)[:count]]

    def _season_order(self) -> QuerySet[Listing]:
        rows = Listing.objects.published().in_season(self.month).filter(in_stock())
        all_year = Case(When(season=ALL_YEAR, then=1), default=0, output_field=IntegerField())
        newest = F("published_at").desc(nulls_last=True)
        return facets.with_best_stars(rows).order_by(all_year, "-best_stars", newest, "-pk")

    # -- Counts -------------------------------------------------------------------------------------------------

    @cached_property
    def _groups(self) -> list[dict[str, int]]:
        """One row for each product set and season, with the market's totals on every row: a single query."""
        return list(
            Listing.objects.published()
            .values("ocop_set", "season")
            .annotate(n=Count("pk"), cooperatives=_distinct("cooperative"), communes=_distinct("ward_code"))
        )

    @property
    def figures(self) -> Figures:
        if not self._groups:
            return Figures()
        first = self._groups[0]
        return Figures(sum(row["n"] for row in self._groups), first["cooperatives"], first["communes"])

    @cached_property
    def month_counts(self) -> list[int]:
        """Seasonal goods of each month, January first. What is there all year is not counted."""
        rows = [row for row in self._groups if row["season"] != ALL_YEAR]
        return [sum(row["n"] for row in rows if has_month(row["season"], month)) for month in range(1, 13)]

    @property
    def in_season_count(self) -> int:
        return self.month_counts[self.month - 1]

    @cached_property
    def sector_counts(self) -> Counter[str]:
        """Published listings by the slug of their sector."""
        counts: Counter[str] = Counter()
        for row in self._groups:
            counts[ocop.set_(row["ocop_set"]).sector.slug] += row["n"]
        return counts


def _rank(listing: Listing) -> tuple[Any, ...]:
    """Sorts as ``_season_order`` does: that query chose the rows, this one puts them in order again."""
    newest = -listing.published_at.timestamp() if listing.published_at else float("inf")
    return listing.season == ALL_YEAR, -listing.best_stars, newest, -listing.pk


def _distinct(column: str) -> Subquery:
    """How many different values a column has among all published listings."""
    everything = Listing.objects.published().order_by().annotate(one=Value(1)).values("one")
    return Subquery(everything.annotate(total=Count(column, distinct=True)).values("total"))


def market_in(context: dict[str, Any]) -> Market:
    """The market of the page being rendered; an empty one where a block is rendered without its page."""
    return context.get("market") or Market()
