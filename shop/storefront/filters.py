"""Words of the filter form: groups of options with their counts, and chips for what is chosen."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shop.core import ocop, places
from shop.core.lang import pick
from shop.core.money import format_dong
from shop.core.text import vi_sort_key
from shop.storefront import facets
from shop.storefront.facets import Chosen, Tally
from shop.templatetags.shop_tags import stars_label

#: Options of one facet shown at once; the others wait behind a word.
SHOWN = 5
#: A form with more options than this would be heavier than the goods.
MOST = 80

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def month_name(number: int) -> str:
    """``tháng 11`` or ``November``."""
    return pick(f"tháng {number}", MONTHS[number - 1])


@lru_cache(maxsize=20_000)
def name_key(name: str) -> tuple:
    """Vietnamese alphabetical order; worked out once per name."""
    return vi_sort_key(name)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    count: int
    checked: bool


@dataclass
class Group:
    """One fieldset of the form."""

    name: str
    legend: str
    options: list[Option]
    more: list[Option] = field(default_factory=list)
    more_label: str = ""


def groups(scope: Any, chosen: Chosen, counts: Tally, sellers: dict, months: list[int]) -> list[Group]:
    """The form's fieldsets in their order; those that offer no choice are left out."""
    found = [
        _seasons(chosen, counts, months),
        _stars(chosen, counts),
        _sectors(chosen, counts) if not scope.sector else None,
        _sets(scope, chosen, counts) if not scope.product_set else None,
        _wards(chosen, counts),
        _cooperatives(chosen, counts, sellers),
    ]
    return [group for group in found if group and (group.options or group.more)]


def _seasons(chosen: Chosen, counts: Tally, months: list[int]) -> Group:
    keys = [(str(month), _("In season in %(month)s") % {"month": month_name(month)}) for month in months]
    keys.append((facets.YEAR_ROUND, _("All the year round")))
    options = [Option(key, label, counts.seasons[key], key in chosen.seasons) for key, label in keys]
    return Group(facets.SEASON, _("Season"), _useful(options))


def _stars(chosen: Chosen, counts: Tally) -> Group:
    options = [
        Option(str(number), stars_label(number), counts.stars[number], str(number) in chosen.stars)
        for number in (5, 4, 3)
    ]
    return Group(facets.STARS, _("OCOP stars"), _useful(options))


def _sectors(chosen: Chosen, counts: Tally) -> Group:
    counted = counts.sectors
    options = [Option(one.slug, one.name, counted[one.slug], one.slug in chosen.sectors) for one in ocop.SECTORS]
    return Group(facets.SECTOR, _("Sector"), _useful(options))


def _sets(scope: Any, chosen: Chosen, counts: Tally) -> Group:
    """Sets of the page's or the chosen sectors; all of them behind a word while no sector is chosen."""
    slugs = [scope.sector.slug] if scope.sector else chosen.sectors
    options = _useful(
        Option(str(one.number), one.name, counts.sets[one.number], str(one.number) in chosen.sets)
        for one in ocop.SETS
        if not slugs or one.sector.slug in slugs or str(one.number) in chosen.sets
    )
    if slugs:
        return Group(facets.SET, _("Kind of goods"), options)
    shown = [option for option in options if option.checked]
    rest = [option for option in options if not option.checked]
    return Group(facets.SET, _("Kind of goods"), shown, rest, _("All %(count)d kinds") % {"count": len(options)})


def _wards(chosen: Chosen, counts: Tally) -> Group:
    codes = set(counts.wards) | set(chosen.wards)
    named = [(code, places.commune(code)) for code in codes]
    options = [
        Option(code, commune.name, counts.wards[code], code in chosen.wards) for code, commune in named if commune
    ]
    return _folded(facets.WARD, _("Commune"), options, _("All %(count)d communes"))


def _cooperatives(chosen: Chosen, counts: Tally, sellers: dict) -> Group:
    options = [
        Option(slug, name, counts.cooperatives[pk], slug in chosen.cooperatives)
        for pk, (slug, name) in sellers.items()
        if counts.cooperatives[pk] or slug in chosen.cooperatives
    ]
    return _folded(facets.COOPERATIVE, _("Cooperative"), options, _("All %(count)d cooperatives"))


def _useful(options: Any) -> list[Option]:
    return [option for option in options if option.count or option.checked]


def _folded(name: str, legend: str, options: list[Option], more_label: str) -> Group:
    """The chosen and the fullest in sight, the others in alphabetical order behind a word."""
    fullest = sorted(options, key=lambda option: (not option.checked, -option.count, name_key(option.label)))[:MOST]
    cut = max(SHOWN, sum(option.checked for option in fullest))
    if len(fullest) <= cut + 1:
        return Group(name, legend, fullest)
    rest = sorted(fullest[cut:], key=lambda option: name_key(option.label))
    return Group(name, legend, fullest[:cut], rest, more_label % {"count": len(fullest)})


@dataclass(frozen=True)
class Chip:
    """One chosen value; taking it out of the address takes the filter off."""

    name: str
    value: str
    label: str


def chips(chosen: Chosen, params: QueryDict, sellers: dict, ward_code: str) -> list[Chip]:
    """What the list is narrowed by, in words."""
    names = dict(sellers.values())
    found = [Chip(facets.SECTOR, slug, ocop.sector(slug).name) for slug in chosen.sectors]
    found += [Chip(facets.SET, number, ocop.set_(int(number)).name) for number in chosen.sets]
    found += [Chip(facets.STARS, number, stars_label(int(number))) for number in chosen.stars]
    found += [Chip(facets.SEASON, value, _season_label(value)) for value in chosen.seasons]
    found += [Chip(facets.WARD, code, places.commune(code).name) for code in chosen.wards]
    found += [Chip(facets.COOPERATIVE, slug, names.get(slug, slug)) for slug in chosen.cooperatives]
    prices = (
        (facets.PRICE_FROM, _("From %(price)s"), chosen.price_from),
        (facets.PRICE_TO, _("Up to %(price)s"), chosen.price_to),
    )
    for name, label, price in prices:
        if price is not None:
            found.append(Chip(name, params.get(name, ""), label % {"price": _dong(price)}))
    if chosen.delivers:
        place = places.commune(ward_code).name
        found.append(Chip(facets.DELIVERS, "1", _("Delivered to %(place)s") % {"place": place}))
    return found


def _season_label(value: str) -> str:
    if value == facets.YEAR_ROUND:
        return _("All the year round")
    return _("In season in %(month)s") % {"month": month_name(int(value))}


def _dong(price: int) -> str:
    return format_dong(price, pick("vi", "en"))
