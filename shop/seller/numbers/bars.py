"""Bars beside figures: widths out of a thousand, drawn as SVG, which says nothing that the table does not."""

from dataclasses import dataclass, field

from shop.numbers.sums import Tally

WHOLE = 1_000


@dataclass(frozen=True)
class Bar:
    """A row of a table with the width of its bar, 0 to 1,000; ``parts`` are measured by the same rule."""

    tally: Tally
    width: int
    parts: list["Bar"] = field(default_factory=list)


def bars_of(rows: list[Tally], most: int | None = None) -> list[Bar]:
    """The rows; the largest sum fills the bar."""
    most = most if most is not None else max((row.dong for row in rows), default=0)
    return [Bar(row, width_of(row.dong, most), bars_of(row.parts, most)) for row in rows]


def width_of(dong: int, most: int) -> int:
    """At least a sliver for anything at all, nothing for nothing or less."""
    return max(4, dong * WHOLE // most) if dong > 0 and most > 0 else 0
