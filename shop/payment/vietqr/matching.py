"""Which transfer request a line of a bank statement pays: text in, verdict out; no database, no clock.

Buyers are asked to write a code such as ``OCOP7K3M9QZ`` into the memo. Banks put their own words around it, break it,
cut its end; people retype it. The caller asks :func:`search_for` which codes to look up, looks them up, and hands what
it found to :func:`match`. Nothing is credited that does not fit exactly one request: what is doubtful waits for a
person.

How a memo is read, from sure to doubtful:

* *whole*: the prefix and seven characters of the alphabet follow each other, whatever signs stand between them;
* *folded*: characters outside the alphabet are read as the one that looks nearest, as everywhere in this shop;
* *loose*: other look-alikes, a prefix that lost its first letter or all of it, keys swallowed by Vietnamese typing;
* *cut*: the end is missing, and nothing but the bank's own words follows.

The first two name a request whatever the amount. The last two count only when the request waits for exactly the
amount that came.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, combinations

from shop.core.codes import ALPHABET, MEMO_PREFIX

LENGTH = 7  # random characters after the prefix
SHORTEST_HEAD = 4  # fewer random characters fit too many requests

# A hostile memo costs no more than a long one: characters read, and different places where a code may stand (each of
# them gives up to 29 readings).
MAX_READ = 1000
MAX_SPOTS = 8


class Outcome(StrEnum):
    EXACT = "exact"
    SHORT = "short"
    OVER = "over"
    LATE = "late"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    WRONG_COOPERATIVE = "wrong_cooperative"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Expected:
    """One transfer request that a code might mean.

    ``due``: dong still missing on its order now, 0 when paid. ``state``: ``open``, ``paid``, ``expired`` (not paid in
    time) or ``cancelled`` (withdrawn by the buyer or refused). ``ours``: its order belongs to the cooperative into
    whose account the money came.
    """

    code: str
    due: int
    state: str
    ours: bool = True


@dataclass(frozen=True)
class Share:
    """Dong of the line that go to the order of this code."""

    code: str
    amount: int


@dataclass(frozen=True)
class Verdict:
    """What a line means. ``missing`` and ``excess`` in dong, for SHORT and OVER.

    ``how`` the code was read: ``whole``, ``folded`` (look-alikes and the like read back), ``cut``, ``split`` (several
    codes), or empty when nothing was found. LATE has a share, but its order needs a decision.
    """

    outcome: Outcome
    shares: tuple[Share, ...] = ()
    how: str = ""
    missing: int = 0
    excess: int = 0


@dataclass(frozen=True)
class Search:
    """What to look up: complete codes among everybody's requests, ``heads`` (beginnings of codes) only among the
    requests of the cooperative that received the money.

    Look heads up among its closed requests too: otherwise the cut code of a paid order may be taken for an open order
    that begins alike.
    """

    whole: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()


def search_for(memo: str) -> Search:
    """The codes that this memo might mean: at most 400 of them, and 16 heads, whatever the text."""
    spots = list(_spots(memo))
    whole = {spot.code for spot in spots}.union(*(spot.loose for spot in spots))
    heads = {spot.head for spot in spots}
    starts = {spot.start for spot in spots}
    if len(starts - {""}) > 1:  # they matter only beside another code
        heads |= starts
    return Search(whole=frozenset(whole - {""}), heads=frozenset(heads - {""}))


def match(*, memo: str, amount: int, expected: Iterable[Expected]) -> Verdict:
    """What a line of ``amount`` dong with this memo pays, given the requests that its codes might mean.

    ``expected`` may hold more than asked for. Never raises for any text; the shares never exceed the amount and go
    only to requests of the receiving cooperative.
    """
    if amount <= 0:
        return Verdict(Outcome.UNKNOWN)
    found = _Found({request.code: request for request in expected})
    for spot in _spots(memo):
        found.add(spot)
    if len(found.sure) > 1:
        return _several([found.table[code] for code in found.sure], amount)
    if found.sure:
        return _one(found, amount)
    return _doubtful(found, amount)


# --- Deciding ------------------------------------------------------------------------------------------------------


class _Found:
    """The requests that a memo names: surely or perhaps (code and how it was read), or by their first characters."""

    def __init__(self, table: dict[str, Expected]):
        self.table = table
        self.sure: dict[str, str] = {}
        self.perhaps: dict[str, str] = {}
        self.alike: set[str] = set()

    def add(self, spot: "_Spot") -> None:
        fits = [code for code in (spot.code, *spot.loose) if code and code in self.table]
        if spot.code in fits and (spot.how == "whole" or len(fits) == 1):
            if spot.how == "whole" or spot.code not in self.sure:
                self.sure[spot.code] = spot.how
            return
        self.perhaps.update(dict.fromkeys(fits, "folded"))
        for code in self._beginning(spot.head):
            self.perhaps.setdefault(code, "cut")
        if not fits:
            self.alike.update(self._beginning(spot.start))

    def _beginning(self, head: str) -> list[str]:
        return [code for code in self.table if head and code.startswith(head)]

    @property
    def others(self) -> set[str]:
        """Possible codes that are not one of the sure ones."""
        return (self.alike | self.perhaps.keys()) - self.sure.keys()


def _several(requests: list[Expected], amount: int) -> Verdict:
    """Two or more orders in one transfer: only when the sum leaves no question."""
    if all(_waits(request) for request in requests) and sum(request.due for request in requests) == amount:
        return Verdict(Outcome.EXACT, tuple(Share(request.code, request.due) for request in requests), "split")
    return Verdict(Outcome.AMBIGUOUS, how="split")


def _one(found: _Found, amount: int) -> Verdict:
    ((code, how),) = found.sure.items()
    verdict = _weigh(found.table[code], amount, how)
    # A second code that cannot be read for sure may explain an amount that does not fit.
    if found.others and verdict.outcome is not Outcome.EXACT:
        return Verdict(Outcome.AMBIGUOUS, how=how)
    return verdict


def _weigh(request: Expected, amount: int, how: str) -> Verdict:
    if not request.ours:
        return Verdict(Outcome.WRONG_COOPERATIVE, how=how)
    share = (Share(request.code, amount),)
    if _waits(request):
        return _compare(request.due, amount, share, how)
    if request.state == "expired":
        return Verdict(Outcome.LATE, share, how)
    if request.state == "cancelled":
        return Verdict(Outcome.CANCELLED, how=how)
    if request.state in ("open", "paid"):
        return Verdict(Outcome.DUPLICATE, how=how)
    return Verdict(Outcome.AMBIGUOUS, how=how)


def _compare(due: int, amount: int, share: tuple[Share, ...], how: str) -> Verdict:
    if amount < due:
        return Verdict(Outcome.SHORT, share, how, missing=due - amount)
    if amount > due:
        return Verdict(Outcome.OVER, share, how, excess=amount - due)
    return Verdict(Outcome.EXACT, share, how)


def _doubtful(found: _Found, amount: int) -> Verdict:
    """No code for sure: one possible request whose amount fits is enough, anything else is not."""
    if not found.perhaps:
        return Verdict(Outcome.UNKNOWN)
    (code, how), *more = found.perhaps.items()
    request = found.table[code]
    if not more and _waits(request) and request.due == amount:
        return Verdict(Outcome.EXACT, (Share(code, amount),), how)
    return Verdict(Outcome.AMBIGUOUS, how=how)


def _waits(request: Expected) -> bool:
    return request.ours and request.state == "open" and request.due > 0


# --- Finding the places --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spot:
    """One place of a memo where a code may stand: how it reads, and how else it might.

    ``head`` is what is left of a code whose end was cut, ``start`` the first characters of what stands here, be it a
    code or not.
    """

    code: str = ""
    how: str = "whole"
    loose: frozenset[str] = frozenset()
    head: str = ""
    start: str = ""


# The prefix after folding; its first letter is asked for separately, because it is the one that gets lost.
_PREFIX = re.compile(r"C[O0Q]P")
_RUN = re.compile(r"[A-Z0-9]+")
_WORD = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}]{{{LENGTH}}}(?![A-Z0-9])")

# What banks write after a memo, signs and spaces left out, as seen in public statements and feeds. A code that stops
# before these words was cut; one that goes on with other words was not. A sign must stand between, because codes may
# end in CT or FT.
_TAIL = re.compile(
    r"CT(?:TU|DEN|NHANH)|GD\d{6}|MAGD|MAGIAODICH|FT\d{8}|CKN\d{6}|CHUYENTIEN|MAC[0-9A-F]{8}|TAI[A-Z]|TOI\d|TU\d|"
    r"NGCHUYEN|THOIGIAN|CTLNH|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
)
_REFERENCE = re.compile(r"[A-Z0-9]{8}/\d")  # MB's, which only the sign gives away


def _spots(memo: str) -> Iterator[_Spot]:
    text = _capitals(memo)
    plain = _MARKS.sub("", text.translate(_BARRED))
    yield from _read(plain)
    yield _Spot(loose=frozenset(MEMO_PREFIX + word for word in _WORD.findall(plain)))
    if text != plain:
        yield _Spot(loose=frozenset(spot.code for again in _retyped(text) for spot in _read(again)))


def _read(text: str) -> list[_Spot]:
    """The first different places of a text that show the prefix."""
    runs = list(_RUN.finditer(text))
    squeezed = "".join(run[0] for run in runs)
    # Where a run of letters and digits ends in the squeezed text, and where the next one begins in the text.
    borders = dict(zip(accumulate(len(run[0]) for run in runs), [run.start() for run in runs[1:]], strict=False))

    def is_tail(place: int) -> bool:
        return place in borders and bool(_TAIL.match(squeezed, place) or _REFERENCE.match(text, borders[place]))

    spots: dict[_Spot, None] = {}
    for prefix in _PREFIX.finditer(squeezed):
        shown = squeezed[max(prefix.start() - 1, 0) : prefix.end()]
        cut = next((size for size in range(LENGTH) if is_tail(prefix.end() + size)), None)
        spots[_spot(shown, squeezed[prefix.end() : prefix.end() + LENGTH], cut)] = None
        if len(spots) == MAX_SPOTS:
            break
    return list(spots)


def _spot(prefix: str, random: str, cut: int | None) -> _Spot:
    """``cut``: the number of random characters before the bank's words begin, if they begin within the code."""
    first, *rest = [MEMO_PREFIX + reading for reading in _readings(random)]
    whole = len(random) == LENGTH
    loose = frozenset([first, *rest] if whole else [])
    if prefix[0] not in "O0Q":
        return _Spot(loose=loose)
    size = len(random) if cut is None else cut
    start = first[: len(MEMO_PREFIX) + SHORTEST_HEAD] if size >= SHORTEST_HEAD else ""
    if not whole or cut is not None:
        return _Spot(loose=loose, head=first[: len(MEMO_PREFIX) + size] if start else "", start=start)
    return _Spot(first, "whole" if prefix + random == first else "folded", frozenset(rest), start=start)


# --- Reading characters --------------------------------------------------------------------------------------------

# As shop.core.codes reads a typed order number.
_NEAREST = str.maketrans({"O": "Q", "0": "Q", "U": "V", "I": "7", "L": "7", "1": "7"})
# What else is taken for each other; U for W is the key W of the Telex method without its mark.
_ELSE = {"O": "D", "0": "D", "U": "W", "8": "B", "B": "8", "5": "S", "S": "5", "2": "Z", "Z": "2", "6": "G", "G": "6"}

# Only with its semicolon: "&GT" may be part of a code.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BARRED = str.maketrans({"Đ": "D", "Ð": "D"})
_MARKS = re.compile(r"[\u0300-\u036f]+")
_MARKED = r"([A-Z])([\u0300-\u036f]+)([A-Z]{0,%d})"
_KEYS = {"\u0301": "S", "\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0323": "J", "\u0306": "W", "\u031b": "W"}


def _capitals(memo: str) -> str:
    """Capitals with their marks apart; entities and full-width characters resolved."""
    text = str(memo or "")[:MAX_READ]
    for _ in range(2):  # some feeds escape twice
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return unicodedata.normalize("NFKD", text).upper()[:MAX_READ]


def _readings(random: str) -> list[str]:
    """How random characters may be read: the nearest way first, then with one or two of them taken differently."""
    nearest = random.translate(_NEAREST)
    readings = [nearest]
    doubtful = [place for place, character in enumerate(random) if character in _ELSE]
    for places in [*combinations(doubtful, 1), *combinations(doubtful, 2)]:
        characters = list(nearest)
        for place in places:
            characters[place] = _ELSE[random[place]]
        readings.append("".join(characters))
    return readings


def _retyped(text: str) -> list[str]:
    """The text with the keys written back that the Telex method turned into marks.

    The key of a tone may have been pressed after later letters of the same word: right after its vowel, one letter
    later, or at the end.
    """
    text = text.replace("Đ", "DD")
    return list(dict.fromkeys(re.sub(_MARKED % later, _with_keys, text) for later in (0, 1, LENGTH)))


def _with_keys(found: re.Match[str]) -> str:
    letter, marks, letters = found.groups()
    return letter + letters + "".join(_KEYS.get(mark, letter) for mark in marks)
