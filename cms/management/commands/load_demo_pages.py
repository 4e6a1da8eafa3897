"""``manage.py load_demo_pages``: the pages of the site in both languages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.demo_pages import demo_pages_load
from cms.services import demo_officer_ensure, trees_ensure


class Command(BaseCommand):
    help = "Create the site's pages and the officers' group where they are absent. Safe to run again."
    # Data only: pages and addresses are checked when the site starts.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--trees-only", action="store_true", help="only empty home pages and story lists, no sample texts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["trees_only"]:
            trees_ensure()
            self.stdout.write("The page trees and the officers' group are in place.")
            return
        self.stdout.write(f"Created {demo_pages_load().pages} pages.")
        demo_officer_ensure()
