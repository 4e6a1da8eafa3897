"""Check the audit trail. Prints every entry that does not fit and the head of every chain; exit code 1 on trouble.

Note the heads somewhere else (on paper, in an e-mail) and give them to ``--expect`` later: even somebody who rewrites a
whole chain cannot keep a noted hash in it.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.audit import triggers
from shop.audit.verification import Walk, scopes_all


class Command(BaseCommand):
    help = "Recompute the audit trail and name every entry that was changed, moved, removed or added."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scope", help="only this chain, such as cooperative:12")
        parser.add_argument(
            "--expect", action="append", default=[], metavar="HASH", help="a head noted earlier; it must still be there"
        )

    def handle(self, *, scope: str | None, expect: list[str], **options: Any) -> None:
        start = time.monotonic()
        walks = [Walk(name, frozenset(expect)) for name in ([scope] if scope else scopes_all())]
        trouble = sum(self.walk(walk) for walk in walks) + self.triggers() + self.expected(walks, expect)
        total = sum(walk.count for walk in walks)
        self.stdout.write(f"{total} entries in {len(walks)} chains, {time.monotonic() - start:.1f} s")
        if trouble:
            raise CommandError(f"The audit trail is not as it was written: {trouble} findings.", returncode=1)

    def walk(self, walk: Walk) -> int:
        """Print one chain; the number of findings."""
        number = 0
        for finding in walk.findings():
            number += 1
            self.stdout.write(self.style.ERROR(str(finding)))
        self.stdout.write(f"{walk.scope}: {walk.count} entries, head {walk.hash}")
        return number

    def triggers(self) -> int:
        """Print the triggers that are gone; their number."""
        gone = sorted(triggers.missing())
        for name in gone:
            self.stdout.write(self.style.ERROR(f"trigger {name}: missing, the database no longer refuses changes"))
        return len(gone)

    def expected(self, walks: list[Walk], expect: list[str]) -> int:
        """Print where the noted heads are; the number of those that are nowhere."""
        met = {known: (walk.scope, position) for walk in walks for known, position in walk.met.items()}
        for known in expect:
            where = "{} #{}".format(*met[known]) if known in met else "nowhere: the chain was rewritten or cut"
            self.stdout.write(f"expected {known}: {where}")
        return len(set(expect) - met.keys())
