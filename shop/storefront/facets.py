"""What a visitor may narrow the catalogue by: read from the address, counted, and turned into conditions.

Every listing that fits the search is counted once by one grouped query; the counts of each facet are then made
here, so a page costs the same number of queries with thirty listings and with ten thousand.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from shop.certifications.models import Certification
from shop.core import ocop, places
from shop.core.dates import has_month
from shop.core.money import dong
from shop.listings.models import ALL_YEAR, ListingQuerySet, month_bit

SECTOR, SET, STARS, SEASON, WARD, COOPERATIVE = "nganh", "bo", "sao", "mua", "xa", "htx"
PRICE_FROM, PRICE_TO, DELIVERS, SORT = "tu", "den", "giao", "xep"
YEAR_ROUND = "quanh-nam"
#: Longer lists of one parameter are no visitor's work.
MAX_VALUES = 40


def _values(params: QueryDict, name: str, allowed: Callable[[str], Any]) -> tuple[str, ...]:
    given = dict.fromkeys(params.getlist(name)[:MAX_VALUES])
    return tuple(value for value in given if allowed(value))


def _price(params: QueryDict, name: str) -> int | None:
    try:
        amount = dong(params.get(name, "").strip()[:20])
    except ValueError:
        return None
    return amount if 0 <= amount < 10**10 else None


def _number_to(limit: int, start: int = 1) -> Callable[[str], bool]:
    return lambda value: value.isascii() and value.isdigit() and len(value) < 3 and start <= int(value) <= limit


@dataclass(frozen=True)
class Chosen:
    """What the address asks for. Values that make no sense are left out."""

    sectors: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    cooperatives: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    delivers: bool = False
    bad_price: bool = False

    @classmethod
    def read(cls, params: QueryDict) -> "Chosen":
        low, high = _price(params, PRICE_FROM), _price(params, PRICE_TO)
        typed = sum(1 for name in (PRICE_FROM, PRICE_TO) if params.get(name, "").strip())
        bad_price = typed != sum(1 for price in (low, high) if price is not None)
        if low is not None and high is not None and low > high:
            low = high = None
            bad_price = True
        is_month = _number_to(12)
        return cls(
            sectors=_values(params, SECTOR, ocop.sector),
            sets=_values(params, SET, _number_to(len(ocop.SETS))),
            stars=_values(params, STARS, _number_to(5, 3)),
            seasons=_values(params, SEASON, lambda value: value == YEAR_ROUND or is_month(value)),
            wards=_values(params, WARD, places.commune),
            cooperatives=_values(params, COOPERATIVE, bool),
            price_from=low,
            price_to=high,
            delivers=params.get(DELIVERS) == "1",
            bad_price=bad_price,
        )

    def known(self, slugs: set[str]) -> "Chosen":
        """Without the cooperatives that do not exist or do not sell."""
        return replace(self, cooperatives=tuple(slug for slug in self.cooperatives if slug in slugs))

    @property
    def product_sets(self) -> frozenset[int]:
        """Numbers of the chosen sets; a chosen sector stands for all its sets unless one of them is chosen too."""
        picked = {int(number) for number in self.sets}
        for slug in self.sectors:
            members = {one.number for one in ocop.sets_of(slug)}
            picked |= set() if members & picked else members
        return frozenset(picked)

    @property
    def masks(self) -> list[tuple[int, bool]]:
        """The chosen seasons as (month, all the year round)."""
        return [(0, True) if value == YEAR_ROUND else (int(value), False) for value in self.seasons]


class Row(NamedTuple):
    """Number of listings that are alike in everything that has a facet."""

    ocop_set: int
    ward_code: str
    cooperative_id: int
    season: int
    best_stars: int
    count: int


@dataclass
class Tally:
    """Listings per value of each facet, each facet counted with all the others applied."""

    total: int = 0
    sets: Counter = field(default_factory=Counter)
    stars: Counter = field(default_factory=Counter)
    seasons: Counter = field(default_factory=Counter)
    wards: Counter = field(default_factory=Counter)
    cooperatives: Counter = field(default_factory=Counter)

    @property
    def sectors(self) -> Counter:
        counted: Counter = Counter()
        for number, count in self.sets.items():
            counted[ocop.set_(number).sector.slug] += count
        return counted


def with_best_stars(listings: ListingQuerySet) -> ListingQuerySet:
    """Annotated with the stars of the best certificate in force today; 0 without any."""
    certificates = Certification.objects.in_force().filter(listing=OuterRef("pk")).order_by("-stars")
    return listings.annotate(best_stars=Coalesce(Subquery(certificates.values("stars")[:1]), 0))


def rows_of(listings: ListingQuerySet) -> list[Row]:
    """One query over all listings, however many."""
    names = ("ocop_set", "ward_code", "cooperative_id", "season", "best_stars")
    grouped = with_best_stars(listings).order_by().values(*names).annotate(count=Count("pk"))
    return [Row._make(values) for values in grouped.values_list(*names, "count")]


def _in_season(mask: int, chosen: Iterable[tuple[int, bool]]) -> bool:
    if mask == ALL_YEAR:
        return any(all_year for _month, all_year in chosen)
    return any(not all_year and has_month(mask, month) for month, all_year in chosen)


def _tests(chosen: Chosen, cooperative_pks: frozenset[int]) -> list[tuple[int, Callable[[Any], bool]]]:
    """For each facet in use the column of ``Row`` that it looks at, and whether a value passes."""
    masks = chosen.masks
    stars = {int(number) for number in chosen.stars}
    every: tuple[tuple[Any, Callable[[Any], bool]], ...] = (
        (chosen.product_sets, chosen.product_sets.__contains__),
        (chosen.wards, chosen.wards.__contains__),
        (chosen.cooperatives, cooperative_pks.__contains__),
        (masks, lambda mask: _in_season(mask, masks)),
        (stars, stars.__contains__),
    )
    return [(column, test) for column, (used, test) in enumerate(every) if used]


def tally(rows: Iterable[Row], chosen: Chosen, cooperative_pks: frozenset[int], months: Iterable[int]) -> Tally:
    """Counts for the form. ``months`` are those that the season facet offers."""
    tests = _tests(chosen, cooperative_pks)
    columns = range(5)
    counters: list[Counter] = [Counter() for _column in columns]
    total = 0
    for row in rows:
        failed = [column for column, passes in tests if not passes(row[column])]
        if not failed:
            total += row[-1]
        if len(failed) < 2:
            for column in failed or columns:
                counters[column][row[column]] += row[-1]
    sets, wards, cooperatives, masks, stars = counters
    return Tally(total, sets, stars, _by_season(masks, months), wards, cooperatives)


def _by_season(masks: Counter, months: Iterable[int]) -> Counter:
    counted: Counter = Counter()
    for mask, count in masks.items():
        if mask == ALL_YEAR:
            counted[YEAR_ROUND] += count
            continue
        for month in months:
            counted[str(month)] += count * has_month(mask, month)
    return counted


def narrowed(listings: ListingQuerySet, chosen: Chosen, cooperative_pks: frozenset[int]) -> ListingQuerySet:
    """The listings that pass every chosen facet; the same rules as ``tally``, in SQL."""
    found = with_best_stars(listings)
    if chosen.product_sets:
        found = found.filter(ocop_set__in=chosen.product_sets)
    if chosen.stars:
        found = found.filter(best_stars__in=[int(number) for number in chosen.stars])
    if chosen.wards:
        found = found.filter(ward_code__in=chosen.wards)
    if chosen.cooperatives:
        found = found.filter(cooperative__in=cooperative_pks)
    if chosen.seasons:
        condition = Q(pk__in=[])
        for month, all_year in chosen.masks:
            if all_year:
                condition |= Q(season=ALL_YEAR)
                continue
            found = found.annotate(**{f"_month{month}": F("season").bitand(month_bit(month))})
            condition |= Q(**{f"_month{month}__gt": 0}) & ~Q(season=ALL_YEAR)
        found = found.filter(condition)
    return found
