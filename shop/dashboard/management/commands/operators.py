from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from shop.accounts.models import User
from shop.core.phone import PhoneError, normalise
from shop.dashboard.services import operator_add, operators_group_ensure


class Command(BaseCommand):
    help = "Keeps the operators' group and its permissions up to date; --add lets people into /dieu-hanh/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--add", nargs="+", default=[], metavar="PHONE_OR_EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        operators_group_ensure()
        for known_as in options["add"]:
            user = User.objects.filter(Q(email__iexact=known_as) | Q(phone=phone_of(known_as))).first()
            if user is None:
                raise CommandError(f"Nobody has an account as {known_as}.")
            operator_add(user=user, by="manage.py operators")


def phone_of(text: str) -> str:
    """E.164, or a text that is nobody's number."""
    try:
        return normalise(text)
    except PhoneError:
        return "none"
