"""The columns of a sheet of goods: the same in the template, in an export and in an import."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.core.tables.table import Cell
from shop.core.text import fold

#: Rows above the headings, for a title; further down nobody looks for them.
HEADINGS_WITHIN = 10


@dataclass(frozen=True)
class Column:
    """``name`` as in ``ListingFields`` where there is one; ``heading`` is Vietnamese in every language, as the file's
    own words. ``others``: folded headings that mean the same. ``width`` in characters."""

    name: str
    heading: str
    others: tuple[str, ...] = ()
    width: int = 14
    is_text: bool = True


COLUMNS = (
    Column("sku", "Mã hàng", ("ma", "sku", "ma san pham", "ma sp", "code"), 14),
    Column("title", "Tên", ("ten hang", "ten san pham", "ten sp", "name", "title"), 34),
    Column("title_en", "Tên tiếng Anh", ("english name", "ten anh"), 26),
    Column("summary_vi", "Tóm tắt", ("mo ta", "mo ta ngan", "gioi thieu", "summary"), 40),
    Column("ocop_set", "Nhóm OCOP", ("nhom", "bo san pham", "nhom san pham", "ocop"), 30),
    Column("ward_code", "Xã", ("xa phuong", "phuong xa", "phuong", "noi san xuat", "commune"), 20),
    Column("unit_vi", "Đơn vị", ("don vi tinh", "dvt", "unit"), 14),
    Column("size", "Quy cách", ("kich co", "co", "size"), 16),
    Column("net_weight_g", "Khối lượng tịnh (g)", ("khoi luong tinh", "khoi luong", "net weight"), 12, False),
    Column("ship_weight_g", "Khối lượng gửi (g)", ("khoi luong gui", "khoi luong ca bi", "ship weight"), 12, False),
    Column("price", "Giá (đồng)", ("gia", "gia ban", "don gia", "price"), 14, False),
    Column("stock", "Tồn kho", ("ton", "so luong", "so luong ton", "stock"), 10, False),
    Column("season", "Mùa", ("mua vu", "thang co hang", "season"), 14),
    Column("ingredients_vi", "Thành phần", ("ingredients",), 30),
    Column("storage_vi", "Bảo quản", ("cach bao quan", "storage"), 26),
    Column("shelf_life_vi", "Hạn dùng", ("han su dung", "hsd", "shelf life"), 18),
    Column("max_transit_days", "Ngày trên đường tối đa", ("so ngay tren duong", "ngay tren duong"), 12, False),
    Column("photos", "Hình", ("hinh anh", "anh", "ten file hinh", "pictures"), 24),
    Column("state", "Trạng thái", ("tinh trang", "state"), 16),
)
BY_NAME = {column.name: column for column in COLUMNS}
TEXTS = ("title", "title_en", "summary_vi", "unit_vi", "ingredients_vi", "storage_vi", "shelf_life_vi")
NUMBERS = ("net_weight_g", "ship_weight_g", "price", "stock", "max_transit_days")
#: Without these a table is not taken for a sheet of goods.
NEEDED = ("title",)

_NAMES = {fold(column.heading): column.name for column in COLUMNS} | {
    other: column.name for column in COLUMNS for other in column.others
}


def columns_in(row: Sequence[Cell]) -> dict[str, int]:
    """Name of each column that the row names, with its place; of two the first counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        name = _NAMES.get(fold(cell)) if isinstance(cell, str) and len(cell) < 80 else None
        if name:
            found.setdefault(name, place)
    return found


def headings_find(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    """Index of the row of headings and the columns' places; None when no row near the top is one."""
    best = max(
        ((index, columns_in(row)) for index, row in enumerate(rows[:HEADINGS_WITHIN])),
        key=lambda entry: len(entry[1]),
        default=(0, {}),
    )
    fits = len(best[1]) >= 2 and ("title" in best[1] or "sku" in best[1])
    return best if fits else None


def letters(place: int) -> str:
    """Name of a column as Excel shows it: 0 is A, 26 is AA."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
