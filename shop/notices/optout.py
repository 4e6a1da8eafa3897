"""Buyers who want no messages: a link that needs no sign-in, and what it does."""

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from shop.notices.models import QuietPhone

SALT = "shop.notices.optout"
#: Hexadecimal digits of the signature: 80 bits, and short enough for a text message.
SIGNATURE = 20


def token_of(group_pk: int) -> str:
    """Names a purchase, not a number: ``1f4-9c0d...``."""
    return f"{group_pk:x}-{signature(group_pk)}"


def group_pk_of(token: str) -> int | None:
    """The purchase that a token names; None for a forged one."""
    head, found, tail = token.partition("-")
    try:
        pk = int(head, 16)
    except ValueError:
        return None
    genuine = found and token == f"{pk:x}-{tail}" and constant_time_compare(tail, signature(pk))
    return pk if genuine else None


def signature(group_pk: int) -> str:
    return salted_hmac(SALT, str(group_pk), algorithm="sha256").hexdigest()[:SIGNATURE]


def optout_path(group_pk: int) -> str:
    """Where the buyer of this purchase says so."""
    return reverse("order:quiet", kwargs={"token": token_of(group_pk)})


def is_quiet(phone: str) -> bool:
    """Whether the number wants to hear about money only."""
    return QuietPhone.objects.filter(phone=phone).exists()


@transaction.atomic
def quiet_set(*, phone: str, quiet: bool, by: str) -> None:
    """The buyer wants no more messages, or wants them again; twice is once."""
    if quiet:
        QuietPhone.objects.get_or_create(phone=phone)
    else:
        QuietPhone.objects.filter(phone=phone).delete()
