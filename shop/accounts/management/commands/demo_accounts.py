"""Print how to sign in to the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.accounts.demo import demo_accounts, demo_accounts_ensure


class Command(BaseCommand):
    help = "Make the demonstration's accounts where they are missing, and print them."

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo_accounts():
            raise CommandError("Only with DEMO=1: these passwords are public.")
        demo_accounts_ensure()
        rows = [(str(a.label), a.contact, a.password, a.address) for a in demo_accounts()]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
