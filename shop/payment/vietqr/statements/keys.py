"""The stable identity of a statement's line within its account."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shop.core.text import squeeze

VERSION = 1


@dataclass(frozen=True)
class StatementLine:
    """One movement on the account.

    ``row`` of the file, from 1. ``occurred_at``: Vietnamese time; midnight when the statement names only the day
    (``has_time`` is False). ``amount``: dong, at least 1; ``incoming`` says which way. ``balance``: dong after the
    movement, None when it is not told. ``key``: 64 hexadecimal digits, see :func:`lines_keyed`.
    """

    row: int
    occurred_at: datetime
    has_time: bool
    amount: int
    incoming: bool
    memo: str = ""
    reference: str = ""
    payer_name: str = ""
    payer_number: str = ""
    balance: int | None = None
    key: str = ""


def lines_keyed(lines: Iterable[StatementLine]) -> tuple[StatementLine, ...]:
    """The lines in the order of the file, each with its key.

    A line must have the same key in every export that shows it: in another order, over other days, in another
    encoding, as CSV or Excel. Two movements must have different keys even when a bank prints them alike. So the key is
    the SHA-256 of what a bank repeats whenever it tells of the movement:

    * the day, not the time: one export shows seconds, another minutes or nothing;
    * the direction and the amount;
    * the memo and the reference, without case, marks, spaces and punctuation: exports wrap lines differently and
      drop marks. Zeros in front of a reference do not count, because Excel drops them;
    * the balance, but only of a line without a reference. It tells equal movements apart even when each is in
      another file. Beside a reference it could only do harm: a bank that computes it anew for each export, or a
      layout without it, would make a known line look new, and the money would count twice;
    * a number, 0 for the first of the lines that are equal in all of this, 1 for the second. Equal lines are
      numbered by time, then payer. Their day is one and the same, and statements run over whole days, so any two
      files that show the day show the same number of them, or the later file more: the keys of both together are
      those of the file with more. Which of two equal lines is number 0 does not matter, because they are equal.

    What remains: two equal movements of one day, without reference and balance, of which one file shows only the
    first and another only the second. They count as one. No bank's statement by days does this.
    """
    groups: defaultdict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        groups[_identity(line)].append(line)
    keyed = [
        replace(line, key=hashlib.sha256(f"{identity}{number}".encode()).hexdigest())
        for identity, group in groups.items()
        for number, line in enumerate(sorted(group, key=_place))
    ]
    return tuple(sorted(keyed, key=lambda line: line.row))


def _identity(line: StatementLine) -> str:
    """What equal lines have in common. JSON, because no text in it can pass for two."""
    reference = squeeze(line.reference).lstrip("0")
    parts = [
        VERSION,
        line.occurred_at.date().isoformat(),
        line.incoming,
        line.amount,
        squeeze(line.memo),
        reference,
        None if reference else line.balance,
    ]
    return json.dumps(parts)


def _place(line: StatementLine) -> tuple[datetime, int, str, str, int]:
    return line.occurred_at, line.balance or 0, line.payer_number, line.payer_name, line.row
