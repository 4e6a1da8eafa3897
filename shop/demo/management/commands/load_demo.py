"""``manage.py load_demo``: fill the shop with sample producers and products."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from shop.demo.load import demo_load


class Command(BaseCommand):
    help = "Load the sample shop: producers, products, pictures, certificates and delivery. Safe to run again."

    # Data only: pages and addresses are checked when the site starts.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        done = demo_load()
        self.stdout.write(
            f"Created {done.cooperatives} cooperatives, {done.products} products, {done.pictures} pictures."
        )
        # The pages around the goods; by name, because the shop knows nothing of the pages' code.
        call_command("load_demo_pages")
