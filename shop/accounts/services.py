"""Every change to an account and its saved addresses; each function is one transaction.

``by`` says who did it, for the log.
"""

import logging
import secrets
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shop.accounts.contacts import contact_display, is_email
from shop.accounts.models import SavedAddress, User
from shop.core import phone as phones
from shop.core.lang import shop_name
from shop.messaging.services import message_send

logger = logging.getLogger(__name__)

#: More than anybody needs; keeps one account from filling the table.
ADDRESS_LIMIT = 20


class AccountError(Exception):
    """The change was refused. ``code``: ``taken`` (the contact is another account's), ``too_many`` (addresses)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- People -------------------------------------------------------------------------------------------------------


def user_find(contact: str) -> User | None:
    """The account of a number in E.164 or an e-mail address, whatever its letters' case; None when there is none."""
    if is_email(contact):
        return User.objects.filter(email__iexact=contact).order_by("pk").first()
    return User.objects.filter(phone=contact).first()


@transaction.atomic
def user_of_contact(*, contact: str, by: str) -> tuple[User, bool]:
    """The account of somebody who has just proven a contact, made when there is none; and whether it was made.

    Signing in and signing up are one act: neither tells which numbers the shop knows.
    """
    user = user_find(contact)
    if user is None:
        try:
            with transaction.atomic():
                user = User.objects.create_user(**contact_fields(contact))
        except IntegrityError:  # the same person in another tab
            user = user_find(contact)
            if user is None:
                raise
        else:
            logger.info("account made user=%s by=%s", user.pk, by)
            return user, True
    if not is_email(contact) and not user.phone_verified:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])
    return user, False


def contact_fields(contact: str) -> dict[str, Any]:
    """The user's columns for a proven contact."""
    return {"email": contact} if is_email(contact) else {"phone": contact, "phone_verified": True}


@transaction.atomic
def contact_set(*, user: User, contact: str, by: str) -> User:
    """Give the account a proven phone number or e-mail address; raises AccountError("taken")."""
    other = user_find(contact)
    if other and other.pk != user.pk:
        raise AccountError("taken")
    locked = user_lock(user)
    fields = contact_fields(contact)
    old = getattr(locked, next(iter(fields)))
    for name, value in fields.items():
        setattr(locked, name, value)
    try:
        with transaction.atomic():
            locked.save(update_fields=list(fields))
    except IntegrityError as error:
        raise AccountError("taken") from error
    if old and old != contact:
        contact_change_tell(old, contact)
    logger.info("account contact set user=%s field=%s by=%s", locked.pk, next(iter(fields)), by)
    return locked


def contact_change_tell(old: str, new: str) -> None:
    """Tell the number or address that was replaced: its owner may know nothing of it."""
    body = _("%(shop)s: your account now uses %(contact)s. If that was not you, call %(phone)s.") % {
        "shop": shop_name(),
        "contact": contact_display(new),
        "phone": phones.display(settings.SUPPORT_PHONE),
    }
    message_send(kind="contact_changed", to=old, body=body, key=f"contact-changed-{secrets.token_hex(12)}")


@transaction.atomic
def name_set(*, user: User, name: str, by: str) -> User:
    """Store a full name. Vietnamese order: the last word is the given name, what people are called."""
    words = name.split()
    locked = user_lock(user)
    locked.first_name = words[-1][:150] if words else ""
    locked.last_name = " ".join(words[:-1])[:150]
    locked.save(update_fields=["first_name", "last_name"])
    logger.info("account name set user=%s by=%s", locked.pk, by)
    return locked


@transaction.atomic
def password_set(*, user: User, password: str, by: str) -> User:
    """Set a password that was checked before; all other sessions of the account end."""
    locked = user_lock(user)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    logger.info("account password set user=%s by=%s", locked.pk, by)
    return locked


def user_lock(user: User) -> User:
    """The account's row, locked: its changes queue behind one another."""
    return User.objects.select_for_update().get(pk=user.pk)


# -- Addresses ----------------------------------------------------------------------------------------------------


@transaction.atomic
def address_save(
    *,
    user: User,
    name: str,
    phone: str,
    ward_code: str,
    street: str,
    by: str,
    address: SavedAddress | None = None,
    make_default: bool = False,
) -> SavedAddress:
    """Add an address, or change ``address``. ``phone`` is E.164. The first one becomes the default by itself."""
    user_lock(user)
    if address is None:
        if user.saved_addresses.count() >= ADDRESS_LIMIT:
            raise AccountError("too_many")
        address = SavedAddress(user=user)
    address.name, address.phone = name, phone
    address.ward_code, address.street = ward_code, street
    others = user.saved_addresses.exclude(pk=address.pk)
    address.is_default = address.is_default or make_default or not others.filter(is_default=True).exists()
    if address.is_default:
        others.update(is_default=False)
    address.save()
    logger.info("address saved user=%s address=%s by=%s", user.pk, address.pk, by)
    return address


@transaction.atomic
def address_delete(*, address: SavedAddress, by: str) -> None:
    """Remove an address; the newest of the others becomes the default when it was that. Orders keep their own copy."""
    user = user_lock(address.user)
    pk = address.pk
    address.delete()
    heir = user.saved_addresses.first()
    if heir and not heir.is_default:
        heir.is_default = True
        heir.save(update_fields=["is_default"])
    logger.info("address deleted user=%s address=%s by=%s", user.pk, pk, by)


@transaction.atomic
def address_make_default(*, address: SavedAddress, by: str) -> SavedAddress:
    """Let the checkout offer this address first."""
    user = user_lock(address.user)
    user.saved_addresses.exclude(pk=address.pk).update(is_default=False)
    address.is_default = True
    address.save(update_fields=["is_default"])
    logger.info("address made default user=%s address=%s by=%s", user.pk, address.pk, by)
    return address
