"""Label grids, typed texts, fonts, and the door through which nothing comes in."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont

from shop.paper.grids import ADDRESSES, HEIGHT, PRICES, WIDTH
from shop.paper.rendering import FONTS, fetch
from shop.paper.texts import grouped, printable

GRIDS = [*PRICES.values(), *ADDRESSES.values()]
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
MARKED = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
#: The 134 letters that Vietnamese adds to the Latin alphabet.
LETTERS = sorted({letter for letter in [*MARKED, "đ"] if not letter.isascii()})
LETTERS += [letter.upper() for letter in LETTERS]


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: grid.code)
def test_labels_lie_on_the_page_and_not_on_each_other(grid):
    boxes = [grid.box(place) for place in range(grid.count)]
    for box in boxes:
        assert box.left >= 0 and box.top >= 0
        assert box.left + box.width <= WIDTH + 0.001
        assert box.top + box.height <= HEIGHT + 0.001
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            beside = other.left >= one.left + one.width - 0.001 or one.left >= other.left + other.width - 0.001
            assert beside or other.top >= one.top + one.height - 0.001


def test_a_used_sheet_goes_on_at_its_first_free_place():
    grid = PRICES["24"]
    pages = list(grid.pages(range(25), first=24))
    assert [len(page) for page in pages] == [1, 24]
    assert (pages[0][0], pages[1][0], pages[1][-1]) == ((23, 0), (0, 1), (23, 24))
    assert [len(page) for page in grid.pages(range(24))] == [24]
    assert list(grid.pages([])) == []


def test_the_known_sheets():
    assert [(grid.count, round(grid.margin, 2), round(grid.head, 2)) for grid in PRICES.values()] == [
        (24, 0.0, 0.5),
        (40, 0.0, 0.0),
        (65, 4.75, 10.7),
    ]
    assert "left:52.50mm; top:0.00mm; width:52.50mm; height:29.70mm" in PRICES["40"].places


def test_typed_texts():
    assert printable("a\u202eb\u200f\x00c\n\td") == "ab c d"
    assert printable("Bưởi".encode().decode()) == unicodedata.normalize("NFC", "Bưởi")
    assert printable(unicodedata.normalize("NFD", "Sầu riêng")) == "Sầu riêng"
    assert printable("x" * 10_000, 20) == "x" * 19 + "…"
    assert printable(None) == ""
    assert grouped("0001000000017") == "0001 0000 0001 7"


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_font_draws_every_letter(weight):
    assert len(LETTERS) == 134
    font = TTFont(FONTS / f"NotoSans-{weight}.ttf")
    drawn, outlines = font.getBestCmap(), font["glyf"]
    assert [letter for letter in [*LETTERS, *"₫×–…·"] if ord(letter) not in drawn] == []
    glyphs = [drawn[ord(letter)] for letter in LETTERS]
    assert len(set(glyphs)) == 134
    assert [name for name in glyphs if outlines[name].numberOfContours == 0] == []


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/a.png",
        "https://example.com/a.png",
        "file:///etc/passwd",
        "ftp://example.com/a",
        "data:image/png;base64,AAAA",
        "paper:font/../rendering.py",
        "paper:font/",
        "paper:",
    ],
)
def test_nothing_else_is_fetched(address):
    with pytest.raises(ValueError, match="not part of a document"):
        fetch(address)


def test_codes_and_fonts_are_ours():
    assert fetch("paper:code/DT7K3M9QZA").read()[:8] == b"\x89PNG\r\n\x1a\n"
    assert fetch("paper:font/NotoSans-Bold.ttf").content_type == "font/ttf"
