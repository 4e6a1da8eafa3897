"""``manage.py load_bulk --count 10000``: many listings, for measuring only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.demo.bulk import listings_make


class Command(BaseCommand):
    help = "Create many published sample listings, to measure how the shop behaves at size. Not for a shop in use."
    # Data only: pages and addresses are checked when the site starts.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=10_000, help="how many listings (10000)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["count"] < 1:
            raise CommandError("--count must be 1 or more.")
        self.stdout.write(f"Created {len(listings_make(options['count']))} listings.")
