"""Sheets of labels on A4: where each label lies, in millimetres. Placed one by one, because what flows overflows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: A4 in millimetres.
WIDTH, HEIGHT = 210.0, 297.0


@dataclass(frozen=True)
class Box:
    """One label's place on its page, in millimetres from the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Grid:
    """A sheet as the shops sell them. ``gap`` lies between columns; the margins follow from the paper."""

    code: str
    columns: int
    rows: int
    width: float
    height: float
    gap: float = 0.0

    @property
    def count(self) -> int:
        """Labels on a full sheet."""
        return self.columns * self.rows

    @property
    def margin(self) -> float:
        """White on the left and on the right."""
        return (WIDTH - self.columns * self.width - (self.columns - 1) * self.gap) / 2

    @property
    def head(self) -> float:
        """White above and below."""
        return (HEIGHT - self.rows * self.height) / 2

    def box(self, place: int) -> Box:
        """Where the label at that place lies, counted from 0 along the rows."""
        row, column = divmod(place, self.columns)
        left = self.margin + column * (self.width + self.gap)
        return Box(left, self.head + row * self.height, self.width, self.height)

    @property
    def places(self) -> str:
        """The places as a style: a class ``p0``, ``p1``, ... for each."""
        return "".join(f".p{place} {{ {css_of(self.box(place))} }}\n" for place in range(self.count))

    def pages(self, labels: Sequence[Any], first: int = 1) -> Iterator[list[tuple[int, Any]]]:
        """The labels with their places, a list for each page; ``first`` is the first free place of the first page."""
        placed = list(enumerate(labels, start=first - 1))
        for start in range(0, first - 1 + len(labels), self.count):
            yield [(at - start, label) for at, label in placed if start <= at < start + self.count]


def css_of(box: Box) -> str:
    """The place with decimal points, never the commas of the language."""
    return f"left:{box.left:.2f}mm; top:{box.top:.2f}mm; width:{box.width:.2f}mm; height:{box.height:.2f}mm"


#: Price labels: the sheets that every stationer has.
PRICES = {
    "24": Grid("24", 3, 8, 70.0, 37.0),
    "40": Grid("40", 4, 10, 52.5, 29.7),
    "65": Grid("65", 5, 13, 38.1, 21.2, gap=2.5),
}
#: Addresses.
ADDRESSES = {"4": Grid("4", 2, 2, 105.0, 148.5), "8": Grid("8", 2, 4, 105.0, 74.0)}
