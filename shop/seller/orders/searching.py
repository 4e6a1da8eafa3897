"""Finding an order by what a person has at hand: a name without marks, a telephone, a number."""

import re

from django.db.models import Q

from shop.core.codes import clean_number
from shop.core.text import fold, squeeze

LONGEST = 60
PHONE = re.compile(r"[+\d][\d .()-]{3,}")


def orders_named(typed: str) -> Q:
    """Condition on consignments; one that everything fulfils when nothing was typed."""
    typed = typed[:LONGEST]
    words = fold(typed).split()
    if not words:
        return Q(pk__in=[]) if typed.strip() else Q()
    by_words = Q()
    for word in words:
        by_words &= Q(search_text__contains=f" {word}")
    if PHONE.fullmatch(typed.strip()):
        return by_words | Q(search_text__contains=national(squeeze(typed)))
    number = clean_number(typed).lower()
    return by_words | Q(search_text__contains=f" {number} ") if len(number) >= 8 else by_words


def national(digits: str) -> str:
    """Digits as they are dialled within Viet Nam: people copy +84 along."""
    return "0" + digits[2:] if digits.startswith("84") and len(digits) > 9 else digits
