"""Pretend that a buyer of the demonstration has transferred the money."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.demo.bank import NoSuchTransfer, transfer_pretend


class Command(BaseCommand):
    help = "Post a signed bank notice about a transfer with this memo to the running shop (DEMO=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("memo", help="the memo on the pay page, such as OCOP7K3M9QZ")
        parser.add_argument("--amount", type=int, default=0, help="dong; the asked sum when left out")
        parser.add_argument("--words", default="", help="what the bank passes on instead of the memo")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only with DEMO=1: no money moves.")
        try:
            status = transfer_pretend(options["memo"], options["amount"] or None, words=options["words"])
        except NoSuchTransfer as error:
            raise CommandError(f"No order waits for {error}, or its cooperative has no sample bank feed.") from error
        self.stdout.write(f"The shop answered {status}.")
