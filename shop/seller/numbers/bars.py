"""Bars beside figures: widths out of a thousand, drawn as SVG, which says nothing that the table does not."""

from dataclasses import dataclass, field

from shop.numbers.sums import Tally

WHOLE = 1_000
#: Units of a chart from one column to the next.
STEP = 10


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


@dataclass(frozen=True)
class Column:
    """One column of a chart that is a hundred high."""

    x: int
    height: int

    @property
    def y(self) -> int:
        return 100 - self.height


@dataclass(frozen=True)
class Chart:
    """Columns for all days or months, and the rows of those with anything."""

    columns: list[Column]
    rows: list[Tally]
    first: str
    last: str

    @property
    def width(self) -> int:
        return len(self.columns) * STEP


def chart_of(rows: list[Tally]) -> Chart | None:
    """The chart of a span; None when there is nothing to draw."""
    most = max((row.dong for row in rows), default=0)
    if most <= 0:
        return None
    columns = [Column(at * STEP + 1, max(1, width_of(row.dong, most) // 10)) for at, row in enumerate(rows)]
    return Chart(columns, [row for row in rows if row.count], rows[0].name, rows[-1].name)


def width_of(dong: int, most: int) -> int:
    """At least a sliver for anything at all, nothing for nothing or less."""
    return max(4, dong * WHOLE // most) if dong > 0 and most > 0 else 0
