"""Find money that no webhook told: ask the banks' services, and match what still waits."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shop.reconciliation.asking import feeds_ask
from shop.reconciliation.tasks import lines_match_due


class Command(BaseCommand):
    help = "Ask SePay's interface for movements that no webhook told, and match bank lines that still wait."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=0, help="look back so far, instead of to the last question")

    def handle(self, *args: Any, **options: Any) -> None:
        since = timedelta(hours=options["hours"]) if options["hours"] > 0 else None
        found = feeds_ask(since=since)
        matched = lines_match_due()
        self.stdout.write(f"{found} movements found, {matched} lines matched.")
