"""What a reviewer reads: old and new side by side, with the phrases that deserve a second look."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from shop.catalogue.images import rendition_url
from shop.core import ocop, places
from shop.core.money import format_weight
from shop.listings.fields import REVIEWED
from shop.listings.models import Listing, ListingChange
from shop.listings.photos import photos_of
from shop.listings.reading import fields_of, warnings_in


@dataclass(frozen=True)
class Line:
    """One field: its name in words, what shoppers read now, what is proposed, phrases to look at."""

    label: str
    old: str
    new: str
    phrases: list[str] = field(default_factory=list)


def labels() -> dict[str, str]:
    return {
        "title": _("Name of the product"),
        "title_en": _("Name in English"),
        "summary_vi": _("What is special about it?"),
        "summary_en": _("What is special, in English"),
        "unit_vi": _("Unit"),
        "unit_en": _("Unit in English"),
        "ingredients_vi": _("Ingredients"),
        "ingredients_en": _("Ingredients in English"),
        "storage_vi": _("How to keep it"),
        "storage_en": _("How to keep it, in English"),
        "shelf_life_vi": _("How long it keeps"),
        "shelf_life_en": _("How long it keeps, in English"),
        "claims": _("Standards with their numbers"),
        "ocop_set": _("OCOP product set"),
        "ward_code": _("Commune of origin"),
        "net_weight_g": _("Net weight"),
    }


def worded(name: str, value: Any) -> str:
    """A stored value as an officer reads it."""
    if value in (None, ""):
        return ""
    if name == "ocop_set":
        return f"{value}. {ocop.set_(value).name}"
    if name == "ward_code":
        commune = places.commune(value)
        return f"{commune.name}, {commune.province.name}" if commune else str(value)
    return format_weight(value) if name == "net_weight_g" else str(value)


def lines_of_listing(listing: Listing) -> list[Line]:
    """Everything that a new product says; empty fields are left out."""
    said = {name: getattr(fields_of(listing), name) for name in REVIEWED}
    return lines(said, {})


def lines_of_change(change: ListingChange) -> list[Line]:
    """The fields that change, with what shoppers read at this moment."""
    live = fields_of(change.listing)
    wanted = {name: value for name, value in change.values.items() if name in REVIEWED}
    return lines(wanted, {name: getattr(live, name) for name in wanted}, keep_empty=True)


def lines(new: dict[str, Any], old: dict[str, Any], *, keep_empty: bool = False) -> list[Line]:
    found: dict[str, list[str]] = {}
    for name, phrase in warnings_in(new):
        found.setdefault(name, []).append(phrase)
    words = labels()
    rows = [Line(words[name], worded(name, old.get(name)), worded(name, value), found.get(name, []))
            for name, value in new.items()]  # fmt: skip
    return [row for row in rows if keep_empty or row.new]


def pictures_of(listing: Listing) -> list[str]:
    return [rendition_url(row.original.name, 800) for row in photos_of(listing)]


def pictures_new(change: ListingChange) -> list[str]:
    return [rendition_url(name, 800) for name in change.photos]
