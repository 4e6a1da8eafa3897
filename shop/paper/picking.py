"""The pick list: what to take out of the store, by product, over many orders."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shop.core.text import vi_sort_key
from shop.paper.parcels import Line, Parcel


@dataclass
class Pick:
    """One product: how many altogether, and how many for whom."""

    title: str
    unit: str
    shares: list[tuple[Parcel, int]] = field(default_factory=list)
    weight_g: int = 0
    lots: list[str] = field(default_factory=list)

    @property
    def quantity(self) -> int:
        return sum(quantity for _parcel, quantity in self.shares)

    def add(self, parcel: Parcel, line: Line) -> None:
        """Count one line of an order; an order's second line of the product is added to its first."""
        self.weight_g += line.weight_g
        if line.lot and line.lot not in self.lots:
            self.lots.append(line.lot)
        for place, (other, quantity) in enumerate(self.shares):
            if other is parcel:
                self.shares[place] = (parcel, quantity + line.quantity)
                return
        self.shares.append((parcel, line.quantity))


def picks_of(parcels: Iterable[Parcel]) -> list[Pick]:
    """By product, in alphabetical order; the same product under two names at two times counts as two."""
    picks: dict[tuple[int | None, str], Pick] = {}
    for parcel in parcels:
        for line in parcel.lines:
            key = (line.line.product_id, line.title)
            picks.setdefault(key, Pick(line.title, line.unit)).add(parcel, line)
    return sorted(picks.values(), key=lambda pick: vi_sort_key(pick.title))
