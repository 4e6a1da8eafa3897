"""A row of a sheet beside the goods that it speaks of: what would change, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from shop.core.plain import line_plain
from shop.core.tables.errors import TableError
from shop.listings.fields import ListingFields, ship_weight_of
from shop.listings.models import Listing
from shop.sheets.cells import CellProblem, cell_text, cell_value, ward_value, words_plain
from shop.sheets.columns import TEXTS
from shop.sheets.goods import Goods, Shelf, name_key
from shop.sheets.pictures import Pictures, name_of
from shop.variants.services import DEAREST, HEAVIEST_G, MOST_STOCK

State = Listing.State
#: What belongs to a size where goods have sizes.
OF_SIZE = ("net_weight_g", "ship_weight_g", "price", "stock")
OF_LISTING = (*TEXTS, "ocop_set", "ward_code", "season", "max_transit_days")
#: From which states a cooperative can get there by itself.
WAYS = {
    State.REVIEW: (State.DRAFT, State.REFUSED),
    State.PAUSED: (State.PUBLISHED,),
    State.PUBLISHED: (State.PAUSED,),
    State.ARCHIVED: (State.DRAFT, State.REVIEW, State.PUBLISHED, State.REFUSED, State.PAUSED),
}


@dataclass
class Reading:
    """One row as understood: ``goods`` None for new ones; ``values`` only what would change (all, for new ones)."""

    number: int
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    goods: Goods | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def fault(self, column: str, code: str, text: Any = "") -> None:
        self.problems.append((column, code, str(text)[:80]))

    @property
    def action(self) -> str:
        if self.problems:
            return "faulty"
        return "new" if self.goods is None else "changed" if self.values else "same"

    @property
    def name(self) -> str:
        return name_key(self.said.get("title") or "", self.said.get("unit_vi") or "")


class Comparer:
    """Rows of one sheet, one after the other: it remembers which goods a row has spoken of before."""

    def __init__(self, shelf: Shelf, pictures: Pictures, province_code: str) -> None:
        self.shelf, self.pictures, self.province_code = shelf, pictures, province_code
        self.seen: dict[tuple[Any, str], int] = {}

    def read(self, number: int, cells: dict[str, Any]) -> Reading:
        """What the row says, and what it would change."""
        row = Reading(number, *self._said(cells))
        self._find(row)
        self._once(row)
        if row.goods:
            self._changes(row)
        else:
            self._new(row)
        self._photos(row)
        return row

    def _said(self, cells: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
        said, problems = {}, []
        for name, cell in cells.items():
            if cell == "":
                continue
            try:
                value = ward_value(cell, self.province_code) if name == "ward_code" else cell_value(name, cell)
            except CellProblem as error:
                problems.append((name, error.code, error.text))
                continue
            if value is not None:
                said[name] = value
        return said, problems

    def _find(self, row: Reading) -> None:
        """Which goods are meant: by their code, else by name and unit. Others' codes are unknown ones."""
        sku = row.said.get("sku")
        if sku:
            row.goods = self.shelf.by_sku.get(sku)
            if row.goods is None:
                row.fault("sku", "unknown", sku)
            elif row.goods.listing.state == State.ARCHIVED:
                row.fault("sku", "archived", sku)
        elif "title" in row.said:
            found = self.shelf.by_name.get(row.name, [])
            if len(found) > 1:
                row.fault("sku", "ambiguous", row.said["title"])
            row.goods = found[0] if found else None
        elif not any(name == "title" for name, *_ in row.problems):
            row.fault("title", "required")

    def _once(self, row: Reading) -> None:
        """No goods twice in one sheet, but for their sizes."""
        which = row.goods.listing.pk if row.goods else row.name
        size = line_plain(row.said.get("size", "")).casefold()
        if row.goods is None and "title" not in row.said:
            return
        first = self.seen.setdefault((which, size), row.number)
        if first != row.number:
            row.fault("sku" if row.said.get("sku") else "title", "twice", first)

    # -- New goods -------------------------------------------------------------------------------------------

    def _new(self, row: Reading) -> None:
        row.values = {name: value for name, value in row.said.items() if name not in ("sku", "photos")}
        if row.said.get("state") not in (None, State.DRAFT, State.REVIEW):
            row.fault("state", "state_new")
        if "size" in row.said:
            self._size_check(row, row.values, needs_price=True)

    def _size_check(self, row: Reading, values: dict[str, Any], *, needs_price: bool) -> None:
        """What a size cannot be without, and its own, narrower limits."""
        net = values.get("net_weight_g")
        ship = values.get("ship_weight_g") or ship_weight_of(net, None)
        if not ship:
            row.fault("net_weight_g", "size_weight")
        elif not (net or 1) <= ship <= HEAVIEST_G:
            row.fault("ship_weight_g", "weights", ship)
        if needs_price and values.get("price") is None:
            row.fault("price", "size_price")
        if (values.get("price") or 0) > DEAREST:
            row.fault("price", "price", values["price"])
        if (values.get("stock") or 0) > MOST_STOCK:
            row.fault("stock", "stock", values["stock"])

    # -- Known goods -----------------------------------------------------------------------------------------

    def _changes(self, row: Reading) -> None:
        goods, said = row.goods, row.said
        row.values = {name: said[name] for name in OF_LISTING if name in said and differs(name, goods.fields, said)}
        if "size" in said:
            self._of_size(row)
        elif goods.sizes:
            if any(name in said for name in OF_SIZE):
                row.fault("size", "size_missing")
        else:
            row.values |= {name: said[name] for name in OF_SIZE if name in said and differs(name, goods.fields, said)}
            if "stock" in row.values:
                row.values["stock_seen"] = goods.fields.stock
        self._state(row)

    def _of_size(self, row: Reading) -> None:
        goods, said = row.goods, row.said
        size = goods.size(said["size"])
        if size is None:
            row.values |= {name: said[name] for name in ("size", *OF_SIZE) if name in said}
            self._size_check(row, said, needs_price=bool(goods.sizes) or goods.fields.price is None)
            return
        now = {"net_weight_g": size.variant.net_weight_g, "ship_weight_g": size.variant.ship_weight_g}
        now |= {"price": size.price, "stock": size.stock}
        changed = {name: said[name] for name in OF_SIZE if name in said and said[name] != now[name]}
        if changed:
            row.values |= changed | {"size": said["size"], "stock_seen": size.stock}
            self._size_check(row, now | changed, needs_price=False)

    def _state(self, row: Reading) -> None:
        wanted, now = row.said.get("state"), row.goods.listing.state
        if wanted is None or wanted == now:
            return
        if now not in WAYS.get(wanted, ()):
            row.fault("state", "state", cell_text(row.goods.listing.get_state_display()))
            return
        row.values["state"] = str(wanted)

    # -- Pictures --------------------------------------------------------------------------------------------

    def _photos(self, row: Reading) -> None:
        """Names of pictures that are to be added; those that the goods have already are passed over."""
        has = {name_of(name) for name in row.goods.photos} if row.goods else set()
        digests = self.shelf.digests.get(row.goods.listing.pk, set()) if row.goods else set()
        wanted = []
        for name in row.said.get("photos", ()):
            if name_of(name) in has:
                continue
            if name not in self.pictures:
                row.fault("photos", "photo_missing", name)
            elif name_of(name) in self.pictures.twice:
                row.fault("photos", "photo_twice", name)
            elif self._digest(row, name) not in digests:
                wanted.append(name)
        if wanted:
            row.values["photos"] = wanted

    def _digest(self, row: Reading, name: str) -> str:
        try:
            return self.pictures.digest(name)
        except TableError:
            row.fault("photos", "photo_broken", name)
            return ""


def differs(name: str, fields: ListingFields, said: dict[str, Any]) -> bool:
    """Whether the cell says something else than the goods; hidden characters of old rows do not count."""
    now = getattr(fields, name)
    if name in TEXTS:
        now = words_plain(name, now)
    return now != said[name]
