"""Provinces, communes and banks: reference data read once from the CSV files beside this module.

Since 1 July 2025 Viet Nam has two tiers: 34 provinces and 3,321 communes (xã, phường, đặc khu); districts are gone.
Codes are the stable key. Names and types change by resolution, so an order keeps its own copy of the words.
See ``data/NOTICE.md`` for the sources.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from shop.core.text import exact, fold, squeeze, vi_sort_key

DATA = Path(__file__).parent / "data"
DATA_VERSION = "2026-10"

# Southeast and Mekong Delta: the codes of the eight southern provinces.
SOUTH = frozenset({"75", "79", "80", "82", "86", "91", "92", "96"})

# Nearest first. A delivery service for one zone also serves the nearer ones.
ZONES = ("commune", "province", "south", "country")

PROVINCE_TYPES = {"tinh": "tỉnh", "thanh_pho": "thành phố"}
COMMUNE_TYPES = {"xa": "xã", "phuong": "phường", "dac_khu": "đặc khu"}
_TYPE_WORD = re.compile(r"^(?:xa|phuong|dac khu|x|p)\b ?(?=.)")
_TYPE_WORD_MARKED = re.compile(r"^(?:xã|phường|đặc khu|x|p)\.?\s+(?=.)", re.IGNORECASE)


@dataclass(frozen=True)
class Province:
    """A tỉnh or a centrally-run thành phố; ``name`` without its type, e.g. "Đồng Tháp"."""

    code: str
    name: str
    type: str
    slug: str

    @property
    def full_name(self):
        """With its type: "Tỉnh Đồng Tháp", "Thành phố Huế"."""
        return f"{PROVINCE_TYPES[self.type].capitalize()} {self.name}"

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Commune:
    """A xã, phường or đặc khu; ``name`` with its type ("Xã Vĩnh Kim"); ``formed_from`` tells what was merged."""

    code: str
    province_code: str
    name: str
    type: str
    formed_from: str = field(repr=False)

    @property
    def province(self):
        return province(self.province_code)

    @property
    def short_name(self):
        """Without its type: "Vĩnh Kim"."""
        return self.name[len(COMMUNE_TYPES[self.type]) + 1 :]

    @property
    def full_name(self):
        """With its province: "Xã Vĩnh Kim, Đồng Tháp"."""
        return f"{self.name}, {self.province.name}"

    @cached_property
    def folded(self):
        return _loose(self.short_name)

    @cached_property
    def marked(self):
        return exact(self.short_name)

    @cached_property
    def spellings(self):
        """Folded ways to write the name: short, with the type, with the type's first letter."""
        return _spellings(self, self.folded, _loose)

    @cached_property
    def marked_spellings(self):
        """The same ways with their marks."""
        return _spellings(self, self.marked, exact)

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Bank:
    """A bank that receives VietQR transfers; ``bin`` is its six-digit NAPAS number."""

    bin: str
    code: str
    short_name: str
    name_vi: str

    def __str__(self):
        return self.short_name


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def provinces():
    """All 34 provinces in Vietnamese alphabetical order."""
    found = [Province(r["province_code"], r["name"], r["type"], r["slug"]) for r in _rows("provinces.csv")]
    return tuple(sorted(found, key=lambda p: vi_sort_key(p.name)))


@lru_cache(maxsize=1)
def _provinces_by_code():
    return {p.code: p for p in provinces()}


@lru_cache(maxsize=1)
def _communes():
    return {
        r["ward_code"]: Commune(r["ward_code"], r["province_code"], r["name"], r["type"], r["formed_from"].strip())
        for r in _rows("communes.csv")
    }


@lru_cache(maxsize=1)
def _communes_by_province():
    found = {}
    for c in _communes().values():
        found.setdefault(c.province_code, []).append(c)
    return {code: tuple(sorted(cs, key=lambda c: vi_sort_key(c.short_name))) for code, cs in found.items()}


def province(code):
    """The province with this two-digit code, or None."""
    return _provinces_by_code().get(str(code or ""))


def commune(code):
    """The commune with this five-digit ``ward_code``, or None."""
    return _communes().get(str(code or ""))


def communes_of(province_code):
    """The communes of a province in Vietnamese alphabetical order of their short names; empty when unknown."""
    return _communes_by_province().get(str(province_code or ""), ())


def _loose(text):
    """Folded, with i and y alike: "Mỹ Quí" and "Mỹ Quý" are the same place."""
    return fold(text).replace("y", "i")


def find_communes(province_code, typed, limit=10):
    """Communes of the province whose name contains every typed word, with or without marks; best first.

    Names that begin with what was typed come first, then those where each word begins a word of the name. An
    unknown province gives nothing; an empty text gives the first communes of the alphabet.
    """
    query = _TYPE_WORD.sub("", _loose(typed))
    marked = exact(_TYPE_WORD_MARKED.sub("", str(typed or "")))
    words = query.split()
    hits = []
    for c in communes_of(province_code):
        if all(word in c.folded for word in words) or (query and query.replace(" ", "") in squeeze(c.folded)):
            hits.append((_rank(c, query, marked, words), c))
    hits.sort(key=lambda hit: hit[0])  # stable: equals stay in alphabetical order
    return [c for _, c in hits[:limit]]


def _rank(c, query, marked, words):
    """Smaller is better: (how well the folded name fits, whether the marks fit as well)."""
    if c.folded == query:
        place = 0
    elif c.folded.startswith(query):
        place = 1
    elif all(f" {word}" in f" {c.folded}" for word in words):
        place = 2
    else:
        place = 3
    return place, not c.marked.startswith(marked)


def resolve(province_code, typed):
    """The one commune the text names, or None when there is none or more than one.

    "Vĩnh Kim", "xã vinh kim" and "X. Vinh Kim" all name Xã Vĩnh Kim. Where two names fold alike (Tân Thành and Tân
    Thạnh) the marks or the type decide; without them the answer is None, never a guess.
    """
    plain, marks = _loose(typed), exact(typed)
    if not plain:
        return None
    hits = [c for c in communes_of(province_code) if plain in c.spellings]
    if len(hits) > 1:
        hits = [c for c in hits if marks in c.marked_spellings]
    return hits[0] if len(hits) == 1 else None


def _spellings(c, short, normal):
    kind = COMMUNE_TYPES[c.type]
    return frozenset({short, f"{normal(kind)} {short}", f"{kind[0]} {short}"})


def zone_between(origin_commune_code, dest_commune_code):
    """How far a parcel travels: ``"commune"``, ``"province"``, ``"south"`` (both ends southern) or ``"country"``.

    A code that is not known counts as the farthest zone, so that no parcel is promised too cheaply.
    """
    origin, dest = commune(origin_commune_code), commune(dest_commune_code)
    if origin is None or dest is None:
        return "country"
    if origin.code == dest.code:
        return "commune"
    if origin.province_code == dest.province_code:
        return "province"
    return "south" if {origin.province_code, dest.province_code} <= SOUTH else "country"


@lru_cache(maxsize=1)
def banks():
    """The banks in use, by short name. Names that a bank has given up (OceanBank, DongA Bank) are left out."""
    found = [
        Bank(r["bin"], r["code"], r["short_name"], r["name_vi"]) for r in _rows("banks.csv") if r["deprecated"] == "0"
    ]
    return tuple(sorted(found, key=lambda b: vi_sort_key(b.short_name)))


@lru_cache(maxsize=1)
def _banks_by_bin():
    return {b.bin: b for b in banks()}


def bank(bin):
    """The bank with this six-digit BIN, or None."""
    return _banks_by_bin().get(str(bin or ""))


# --- Old addresses -------------------------------------------------------------------------------------------------

_UNIT = re.compile(
    r"(?:^|[\s,;(\-])(?P<kind>thị xã|thi xa|xã|phường|thị trấn|xa|phuong|thi tran|tt|x|p|huyện|huyen|quận|quan"
    r"|thành phố|thanh pho|tp|tx|h|q|tỉnh|tinh)(?:\.\s*|\s+|(?=\d))(?P<name>[^,;()\-\n]*)",
    re.IGNORECASE,
)
_COMMUNE_KINDS = {"xa", "phuong", "thi tran", "tt", "x", "p"}
_DISTRICT_KINDS = {"huyen", "thi xa", "quan", "thanh pho", "tp", "tx", "h", "q"}
_NEW_NAME = re.compile(r"\s+thành\s+(?:xã|phường|đặc khu)\b.*?(?=\s+và\s+hợp nhất|[,;.]|$)", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:đổi loại hình|thay đổi loại hình|đổi tên|đỏi tên|hợp nhất|toàn bộ|và|từ|các|một phần|1 phần|"
    r"phần còn lại|của|thành|xã|phường|thị trấn)\b[\s.]*)+",
    re.IGNORECASE,
)


def old_names_hint(text, province_code, limit=5):
    """Communes of today that an address in the old three-tier form may mean; for a hint, never for a conversion.

    The text must mention a former district (huyện, thị xã, quận, TP.) and a former commune of the province.
    One old commune may have been split among several new ones: then all of them are returned.
    """
    text = unicodedata.normalize("NFC", str(text or "")[:300])
    units = list(_units(text))
    districts = [name for kind, name in units if kind in _DISTRICT_KINDS and name]
    if not districts:
        return []
    names = {name for kind, name in units if kind in _COMMUNE_KINDS}
    names |= {fold(part) for part in re.split(r"[,;\n]", text)}  # many leave out the word "xã"
    hits = [c for c in communes_of(province_code) if names & _old_names(c.code)]
    near = [c for c in hits if any(f" {d} " in f" {fold(c.formed_from)} " for d in districts)]
    if not near:  # every town had a "Phường 1": a bare number says nothing without its town
        names = {name for name in names if not name.isdecimal()}
        near = [c for c in hits if names & _old_names(c.code)]
    return near[:limit]


def _units(text):
    """The (kind, name) pairs of an address, folded: "xã Bàn Long huyện Châu Thành" holds two."""
    start = 0
    while unit := _UNIT.search(text, start):
        name = unit["name"]
        following = _UNIT.search(name)
        yield fold(unit["kind"]), fold(name[: following.start()] if following else name)
        start = unit.start("name")


@lru_cache(maxsize=4096)
def _old_names(code):
    """Folded names of the communes that were merged into this one, read from the official sentence."""
    sentence = re.sub(r"\([^)]*\)", "", commune(code).formed_from)
    sentence = re.sub(r"\b(?:thuộc|trước khi)\b[^,;.]*", "", sentence)
    sentence = _NEW_NAME.sub("", sentence)
    parts = re.split(r"[,;.]|\s+và\s+", sentence)
    return frozenset(filter(None, (fold(_LEAD.sub("", part.strip())) for part in parts)))
