"""What a cooperative says about a product, checked and cleaned. No database here."""

from dataclasses import dataclass, fields, replace

from shop.core import ocop, places
from shop.core.dates import ALL_YEAR
from shop.core.plain import line_plain, text_plain
from shop.listings.errors import ListingError
from shop.listings.guessing import set_guess

#: Longest text of each field, in characters.
LIMITS = {
    "title": 120,
    "title_en": 120,
    "summary_vi": 400,
    "summary_en": 400,
    "unit_vi": 40,
    "unit_en": 40,
    "ingredients_vi": 1_000,
    "ingredients_en": 1_000,
    "storage_vi": 200,
    "storage_en": 200,
    "shelf_life_vi": 120,
    "shelf_life_en": 120,
    "claims": 200,
}
#: What the province looks at before shoppers read it: all that describes the goods.
REVIEWED = (*LIMITS, "ocop_set", "ward_code", "net_weight_g")
#: The cooperative's own, at once: how much, how many, when, how far.
FREE = ("season", "ship_weight_g", "max_transit_days")

#: Title of a draft that has pictures and no name yet; such a draft cannot be sent.
UNNAMED = "Hàng chưa đặt tên"

MAX_PRICE = 1_000_000_000  # dong
MAX_STOCK = 1_000_000
MAX_WEIGHT = 1_000_000  # grams
MAX_DAYS = 60

_LINES = frozenset({"ingredients_vi", "ingredients_en", "summary_vi", "summary_en"})


@dataclass(frozen=True)
class ListingFields:
    """Everything a cooperative may say; a draft may leave out anything but the title.

    ``price`` in whole dong for one unit; ``stock`` is what can still be ordered; None leaves both as they are. Weights
    in grams, ``max_transit_days`` in days (None: no limit), ``season`` twelve bits, January the lowest.
    ``ship_weight_g`` None: the net weight with its packing. ``ocop_set`` None: guessed from the title where it can be.
    """

    title: str
    title_en: str = ""
    summary_vi: str = ""
    summary_en: str = ""
    ocop_set: int | None = None
    ward_code: str = ""
    season: int = ALL_YEAR
    unit_vi: str = ""
    unit_en: str = ""
    net_weight_g: int | None = None
    ship_weight_g: int | None = None
    max_transit_days: int | None = None
    price: int | None = None
    stock: int | None = None
    ingredients_vi: str = ""
    ingredients_en: str = ""
    storage_vi: str = ""
    storage_en: str = ""
    shelf_life_vi: str = ""
    shelf_life_en: str = ""
    claims: str = ""


FIELD_NAMES = tuple(field.name for field in fields(ListingFields))


def fields_clean(given: ListingFields) -> ListingFields:
    """The same without hidden characters; raises ListingError for the first value that cannot be kept."""
    texts = {name: (text_plain if name in _LINES else line_plain)(getattr(given, name)) for name in LIMITS}
    for name, text in texts.items():
        if len(text) > LIMITS[name]:
            raise ListingError("too_long", name)
    if not texts["title"]:
        raise ListingError("required", "title")
    cleaned = replace(given, **texts)
    numbers_check(cleaned)
    if cleaned.ocop_set is None:
        cleaned = replace(cleaned, ocop_set=set_guess(cleaned.title))
    return cleaned


def numbers_check(given: ListingFields) -> None:
    """Raises ListingError for a number out of its bounds or an unknown code."""
    bounds = {
        "price": (1, MAX_PRICE, "price"),
        "stock": (0, MAX_STOCK, "stock"),
        "net_weight_g": (1, MAX_WEIGHT, "weight"),
        "ship_weight_g": (1, MAX_WEIGHT, "weight"),
        "max_transit_days": (1, MAX_DAYS, "days"),
        "ocop_set": (1, len(ocop.SETS), "set"),
    }
    for name, (least, most, code) in bounds.items():
        value = getattr(given, name)
        if value is not None and not (isinstance(value, int) and least <= value <= most):
            raise ListingError(code, name)
    if not (isinstance(given.season, int) and 0 < given.season <= ALL_YEAR):
        raise ListingError("season", "season")
    if given.ward_code and places.commune(given.ward_code) is None:
        raise ListingError("ward", "ward_code")


def ship_weight_of(net_weight_g: int | None, ship_weight_g: int | None) -> int:
    """Grams on the carrier's scale: as told, else the net weight with its packing (a tenth, at least 100 g).

    0 while neither is known: a draft.
    """
    if ship_weight_g:
        return ship_weight_g
    if not net_weight_g:
        return 0
    return -(-(net_weight_g + max(100, net_weight_g // 10)) // 50) * 50
