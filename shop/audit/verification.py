"""Walk the chains and name what does not fit. Reads only, takes no lock, keeps one batch of entries in memory.

What a chain can prove: an entry that was changed, removed, moved or added by somebody who did not rewrite everything
after it. Whoever rewrites a chain to its end, head included, is found only by a head that was noted elsewhere: note the
heads that ``audit_check`` prints and give them to ``--expect`` later.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import DatabaseError

from shop.audit.models import GENESIS, AuditChain, AuditEntry

BATCH = 2_000
REPLACED = "replaced, perhaps with entries before it:"
#: How far from its place a moved entry is looked for.
NEIGHBOURHOOD = 500
# What reading a column may raise when raw SQL has put something else into it.
UNREADABLE = (ValueError, TypeError, AttributeError, DatabaseError)


@dataclass(frozen=True)
class Finding:
    """One entry (or place) that does not fit, and why."""

    scope: str
    position: int
    what: str

    def __str__(self) -> str:
        return f"{self.scope} #{self.position}: {self.what}"


def scopes_all() -> list[str]:
    """Every scope with a head or with entries. Entries first: a scope made meanwhile then has its head as well."""
    found = set(AuditEntry.objects.values_list("scope", flat=True).distinct())
    return sorted(found | set(AuditChain.objects.values_list("scope", flat=True)))


def rows_after(scope: str, position: int) -> Iterator[AuditEntry]:
    """The scope's entries beyond a position, in order; one that cannot be read comes as an empty one."""
    rows = AuditEntry.objects.filter(scope=scope).order_by("position")
    while True:
        wanted = rows.filter(position__gt=position)[:BATCH]
        try:
            batch = list(wanted)
        except UNREADABLE:
            batch = [row_read(rows, scope, number) for number in wanted.values_list("position", flat=True)]
        if not batch:
            return
        yield from batch
        position = batch[-1].position


def row_read(rows, scope: str, position: int) -> AuditEntry:
    """One entry by itself; empty when it cannot be read."""
    try:
        return rows.get(position=position)
    except (*UNREADABLE, AuditEntry.MultipleObjectsReturned):
        return AuditEntry(scope=scope, position=position)


def fits(row: AuditEntry, position: int | None = None) -> bool:
    """Do the fields give the hash (if the entry stood at ``position``)?"""
    try:
        return row.compute_hash(position) == row.hash
    except UNREADABLE:
        return False


def moved_from(row: AuditEntry) -> int | None:
    """The position at which the entry would fit, near its own first; None when there is none."""
    for distance in range(1, NEIGHBOURHOOD + 1):
        for position in (row.position - distance, row.position + distance):
            if position > 0 and fits(row, position):
                return position
    return None


class Walk:
    """One pass over a scope: exhaust ``findings()``, then read ``count``, ``hash`` (of the last entry) and ``met``."""

    def __init__(self, scope: str, expected: Collection[str] = ()) -> None:
        self.scope = scope
        self.expected = expected
        self.met: dict[str, int] = {}  # expected hash -> its position
        self.count = 0
        self.position, self.hash, self.sound = 0, GENESIS, True  # of the last entry seen

    def findings(self) -> Iterator[Finding]:
        """What does not fit, in the order of positions.

        The head is read before the entries that it counts: entries beyond it may have come meanwhile, so the next head
        decides about them.
        """
        while True:
            head = AuditChain.objects.filter(scope=self.scope).first() or AuditChain(scope=self.scope)
            if self.position > head.length:
                yield self.found(self.position, f"added: the head counts {head.length} entries")
                return
            for row in rows_after(self.scope, self.position):
                yield from self.step(row)
            if self.position <= head.length:
                yield from self.end(head)
                return

    def found(self, position: int, what: str) -> Finding:
        return Finding(self.scope, position, what)

    def step(self, row: AuditEntry) -> Iterator[Finding]:
        """Compare one entry with its own hash and with the entry before it."""
        self.count += 1
        sound = fits(row)
        if row.position <= self.position:
            yield self.found(row.position, "added: the position is taken twice")
        elif row.position > self.position + 1:
            yield self.gap(row.position - 1)
        elif row.previous_hash != self.hash:
            yield from self.link(row, sound=sound)
        if not sound:
            origin = moved_from(row)
            what = f"moved: it was entry {origin}" if origin else "changed: its fields do not give its hash"
            yield self.found(row.position, what)
        elif row.hash in self.expected:
            self.met[row.hash] = row.position
        self.position, self.hash, self.sound = row.position, row.hash, sound

    def gap(self, last: int) -> Finding:
        """Entries from the expected position to ``last`` are not there."""
        first = self.position + 1
        return self.found(first, "missing" if first == last else f"missing, to #{last}")

    def link(self, row: AuditEntry, *, sound: bool) -> Iterator[Finding]:
        """The entry remembers another hash than the one before it has: one of the two is to blame.

        A sound entry is believed. What was found unsound already is not named again.
        """
        if not self.position:
            yield self.found(row.position, "changed: it does not begin the chain")
        elif sound and self.sound:
            yield self.found(self.position, f"{REPLACED} entry {row.position} remembers another hash")

    def end(self, head: AuditChain) -> Iterator[Finding]:
        """Compare the last entry with the head."""
        if self.position < head.length:
            yield self.gap(head.length)
        elif self.sound and self.hash != head.last_hash:
            yield self.found(self.position, f"{REPLACED} the head remembers another hash")
