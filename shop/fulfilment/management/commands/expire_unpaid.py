"""Cancel orders whose unpaid hold is over: the safety net behind the queued task. Run it every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from shop.fulfilment.services import orders_expire_unpaid


class Command(BaseCommand):
    help = "Cancel orders whose unpaid hold is over and free their stock."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{orders_expire_unpaid()} expired")
