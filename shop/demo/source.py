"""The demo's source files, read into plain records. All producers and certificates in them are invented."""

import csv
import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from shop.core.dates import parse_months
from shop.core.text import slugify_vi

HERE = Path(__file__).parent
DATA = HERE / "data"
PICTURES = HERE / "images" / "products"
#: Set of community tourism: a visit cannot be sent, it is always collected.
TOURISM = 26


@dataclass(frozen=True)
class Goods:
    """One product for sale. Prices in dong, weights in grams; ``stars`` is 0 when the sample has no certificate.

    ``code`` recognises the product at a later run, so new rows are appended to the file and never put in between.
    """

    code: str
    slug: str
    title: str
    title_en: str
    cooperative: str
    ocop_set: int
    ward_code: str
    season: int
    unit: str
    price: int
    weight_g: int
    stars: int
    summary: str
    summary_en: str
    picture: str
    extras: dict[str, Any]

    @property
    def transit_days(self) -> int | None:
        """Days that the goods last on the road, 0 when they cannot be sent, None when they keep."""
        return 0 if self.ocop_set == TOURISM else self.extras["max_transit_days"]


@cache
def cooperatives() -> tuple[dict[str, Any], ...]:
    """The producers, as in ``data/cooperatives.json``."""
    return tuple(json.loads((DATA / "cooperatives.json").read_text(encoding="utf-8")))


@cache
def goods() -> tuple[Goods, ...]:
    """The products: ``data/listings.csv`` with the words and numbers of ``data/listing_extras.json``."""
    extras = json.loads((DATA / "listing_extras.json").read_text(encoding="utf-8"))
    with (DATA / "listings.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_goods(row, number, extras[row["name_vi"]]) for number, row in enumerate(csv.DictReader(file), 1))


@cache
def sizes() -> dict[str, list[dict[str, Any]]]:
    """Further sizes of some products by their title; what a product's own row says is a size too."""
    return json.loads((DATA / "sizes.json").read_text(encoding="utf-8"))


def _goods(row: dict[str, str], number: int, extras: dict[str, Any]) -> Goods:
    return Goods(
        code=f"MAU-{number:03d}",
        slug=slugify_vi(row["name_vi"]),
        title=row["name_vi"],
        title_en=row["name_en"],
        cooperative=row["cooperative"],
        ocop_set=int(row["ocop_set"]),
        ward_code=row["ward_code"],
        season=parse_months(row["season_months"]),
        unit=row["unit"],
        price=int(row["price_vnd"]),
        weight_g=int(row["weight_g"] or 0),
        stars=int(row["sample_stars"] or 0),
        summary=row["description_vi"],
        summary_en=row["description_en"],
        picture=row["image"],
        extras=extras,
    )


def draw(key: str, low: int, high: int) -> int:
    """A number from ``low`` to ``high`` that looks like chance and is the same for a key for ever."""
    return low + int(sha256(key.encode()).hexdigest()[:12], 16) % (high - low + 1)
