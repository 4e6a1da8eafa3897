"""One cell at a time: what a person typed becomes a value, and a value becomes what a person reads."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

from shop.core import ocop, places
from shop.core.dates import ALL_YEAR, month_ranges, months_mask
from shop.core.money import MoneyError, dong
from shop.core.tables.table import Cell
from shop.core.text import fold
from shop.listings.fields import LIMITS, MAX_DAYS, MAX_PRICE, MAX_STOCK, MAX_WEIGHT, plain_text
from shop.listings.models import Listing
from shop.sheets.columns import TEXTS
from shop.sheets.escaping import text_in
from shop.sheets.reading import Formula

State = Listing.State
LONGEST_SIZE, LONGEST_SKU = 60, 128
#: Texts in which a line break means something.
WITH_LINES = ("summary_vi", "ingredients_vi")
STATES = {
    State.DRAFT: "Nháp",
    State.REVIEW: "Chờ duyệt",
    State.PUBLISHED: "Đang bán",
    State.REFUSED: "Cần sửa",
    State.PAUSED: "Tạm nghỉ",
    State.ARCHIVED: "Lưu kho",
}
_STATE_WORDS = {fold(word): state for state, word in STATES.items()} | {
    "gui duyet": State.REVIEW,
    "tam ngung": State.PAUSED,
    "luu tru": State.ARCHIVED,
    "draft": State.DRAFT,
}
_UNITS = {
    "weight": r"(?:g|gr|gram|gam)",
    "days": r"(?:ngày|ngay)",
    "stock": r"(?:hộp|cái|kg|túi|gói|chai|hũ|trái)",
    "price": r"(?:₫|đồng|đ|vnđ|vnd)",
}
_RANGE = re.compile(r"(1[0-2]|0?[1-9])(?:\s*[-–]\s*(1[0-2]|0?[1-9]))?")


class CellProblem(ValueError):
    """The cell cannot be taken; ``code`` as in ``shop.sheets.texts``, ``text`` what stood there."""

    def __init__(self, code: str, text: Any = "") -> None:
        super().__init__(code)
        self.code, self.text = code, str(text)[:80]


def cell_text(cell: Cell) -> str:
    """A cell as text: no ``.0`` behind a whole number, no time behind a day, no apostrophe of an export."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, date | time):
        raise CellProblem("date", cell)
    return text_in(cell) if isinstance(cell, str) else str(cell)


def cell_value(name: str, cell: Cell) -> Any:
    """The value of a cell of that column; None when it is empty: an empty cell changes nothing. CellProblem."""
    if isinstance(cell, Formula):
        raise CellProblem("formula", cell)
    if isinstance(cell, str) and not cell.strip():
        return None
    if name in TEXTS:
        return text_value(name, cell)
    return _READERS[name](cell)


def text_value(name: str, cell: Cell) -> str | None:
    text = plain_text(cell_text(cell), lines=name in WITH_LINES)
    if len(text) > LIMITS[name]:
        raise CellProblem("too_long", LIMITS[name])
    return text or None


def line_value(longest: int) -> Callable[[Cell], str | None]:
    def read(cell: Cell) -> str | None:
        text = plain_text(cell_text(cell))
        if len(text) > longest:
            raise CellProblem("too_long", longest)
        return text or None

    return read


def whole_value(code: str, least: int, most: int, unit: str) -> Callable[[Cell], int]:
    """Whole numbers as people and spreadsheets write them: 120000, 120.000, "120,000 đ", 120000.0."""
    trailing = re.compile(rf"\s*{_UNITS[unit]}\.?\s*$", re.IGNORECASE)

    def read(cell: Cell) -> int:
        number = cell
        if isinstance(cell, float):
            if not cell.is_integer():
                raise CellProblem(code, cell)
            number = int(cell)
        elif isinstance(cell, str):
            try:
                number = dong(trailing.sub("", text_in(cell.strip())).replace("\u00a0", " "))
            except MoneyError:
                raise CellProblem(code, cell) from None
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            raise CellProblem(code, cell)
        return number

    return read


def set_value(cell: Cell) -> int:
    """A product set by its number, its name, or both as the drop-down writes them ("1. Rau, củ, quả …")."""
    text = cell_text(cell).strip()
    leading = re.match(r"([0-9]{1,2})(?:[.)\s]|$)", text)
    if leading and 1 <= int(leading[1]) <= len(ocop.SETS):
        return int(leading[1])
    names = {fold(one.name_vi): one.number for one in ocop.SETS} | {fold(one.name_en): one.number for one in ocop.SETS}
    number = names.get(fold(text))
    if number is None:
        raise CellProblem("set", text)
    return number


def season_value(cell: Cell) -> int:
    """Months as "1-3, 7", over New Year as "11-2", or "quanh năm". Excel's own dates out of "1-3" are refused."""
    text = cell_text(cell).strip()
    if fold(text) in ("quanh nam", "ca nam", "all year", "1 12"):
        return ALL_YEAR
    months: list[int] = []
    for part in filter(None, re.split(r"[,;]\s*|\s+(?=[0-9])(?<![-–]\s)", re.sub(r"(?i)tháng|thang", "", text))):
        found = _RANGE.fullmatch(part.strip())
        if not found:
            raise CellProblem("season", text)
        first, last = int(found[1]), int(found[2] or found[1])
        months += range(first, last + 1) if first <= last else [*range(first, 13), *range(1, last + 1)]
    if not months:
        raise CellProblem("season", text)
    return months_mask(months)


def photos_value(cell: Cell) -> list[str]:
    """Names of files, with a semicolon, comma or line break between them."""
    names = [plain_text(name) for name in re.split(r"[;,\n]", cell_text(cell))]
    kept = list(dict.fromkeys(name for name in names if name))
    if len(kept) > 10:
        raise CellProblem("photos", len(kept))
    if any("/" in name or "\\" in name or len(name) > 120 for name in kept):
        raise CellProblem("photo_name", next(n for n in kept if "/" in n or "\\" in n or len(n) > 120))
    return kept


def state_value(cell: Cell) -> str:
    text = cell_text(cell)
    state = _STATE_WORDS.get(fold(text))
    if state is None:
        raise CellProblem("state_word", text)
    return str(state)


def ward_value(cell: Cell, province_code: str) -> str:
    """A commune by its code of five digits (Excel drops leading zeros) or its name, within the province."""
    text = cell_text(cell).strip()
    if text.isdecimal() and len(text) <= 5:
        found = places.commune(text.zfill(5))
    else:
        name, _comma, _rest = text.partition(",")
        found = places.resolve(province_code, name) or _elsewhere(text)
    if found is None:
        raise CellProblem("ward", text)
    return found.code


def _elsewhere(text: str) -> Any:
    """ "Xã Vĩnh Kim, Đồng Tháp": a commune of another province, by both names."""
    name, comma, province_name = text.rpartition(",")
    province = next((one for one in places.provinces() if comma and fold(one.name) == fold(province_name)), None)
    return places.resolve(province.code, name) if province else None


_READERS: dict[str, Callable[[Cell], Any]] = {
    "sku": line_value(LONGEST_SKU),
    "size": line_value(LONGEST_SIZE),
    "price": whole_value("price", 1, MAX_PRICE, "price"),
    "stock": whole_value("stock", 0, MAX_STOCK, "stock"),
    "net_weight_g": whole_value("weight", 1, MAX_WEIGHT, "weight"),
    "ship_weight_g": whole_value("weight", 1, MAX_WEIGHT, "weight"),
    "max_transit_days": whole_value("days", 1, MAX_DAYS, "days"),
    "ocop_set": set_value,
    "season": season_value,
    "photos": photos_value,
    "state": state_value,
}


# -- And back ------------------------------------------------------------------------------------------------------


def set_text(number: int | None) -> str:
    """As the drop-down says it: "1. Rau, củ, quả, hạt tươi"."""
    return f"{number}. {ocop.set_(number).name_vi}" if number else ""


def season_text(mask: int) -> str:
    if mask & ALL_YEAR == ALL_YEAR:
        return "quanh năm"
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in month_ranges(mask))


def ward_text(code: str, province_code: str) -> str:
    """The name where it says enough, else with its province."""
    found = places.commune(code)
    if found is None:
        return ""
    if found.province_code == province_code and places.resolve(province_code, found.name) == found:
        return found.name
    return found.code
