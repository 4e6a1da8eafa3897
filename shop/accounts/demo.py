"""Accounts of the demonstration: one for each kind of person, made only where ``DEMO`` is on."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shop.accounts.contacts import contact_parse, is_email
from shop.accounts.models import User
from shop.accounts.services import user_find

PASSWORD = "cho-ocop-2026"  # noqa: S105  printed on the demonstration's sign-in page


class DemoAccount(NamedTuple):
    """A way into the demonstration: who, with what, and the page that shows what they can do."""

    label: Any
    contact: str
    password: str
    address: str


DEMO_ACCOUNTS = [
    DemoAccount(_("Shopper"), "0901 234 567", PASSWORD, "/tai-khoan/"),
    DemoAccount(_("Cooperative"), "htx@example.vn", PASSWORD, "/ban-hang/"),
    DemoAccount(_("Province staff"), "canbo@example.vn", PASSWORD, "/quan-tri/"),
    DemoAccount(_("Operator"), "dieuhanh@example.vn", PASSWORD, "/dieu-hanh/"),
]

_FIELDS: dict[str, dict[str, Any]] = {
    "/tai-khoan/": {"last_name": "Nguyễn Thị", "first_name": "Thảo", "phone_verified": True},
    "/ban-hang/": {"last_name": "Trần Thị", "first_name": "Lành"},
    "/quan-tri/": {"last_name": "Lê Minh", "first_name": "Khoa"},
    "/dieu-hanh/": {"last_name": "Phạm Quốc", "first_name": "Huy", "is_staff": True, "is_superuser": True},
}


def demo_accounts() -> list[DemoAccount]:
    """What the sign-in page of a demonstration shows; nothing elsewhere."""
    return DEMO_ACCOUNTS if settings.DEMO else []


@transaction.atomic
def demo_accounts_ensure() -> dict[str, User]:
    """Make the accounts that are missing; the accounts by the address they lead to (``"/ban-hang/"``).

    Existing ones stay as they are. Outside a demonstration nothing is made and the answer is empty. Memberships and
    groups are given by whoever loads the rest of the demonstration.
    """
    users: dict[str, User] = {}
    for account in demo_accounts():
        contact = contact_parse(account.contact)
        user = user_find(contact)
        if user is None:
            column = {"email": contact} if is_email(contact) else {"phone": contact}
            user = User.objects.create_user(**column, password=account.password, **_FIELDS[account.address])
        users[account.address] = user
    return users
