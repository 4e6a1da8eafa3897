"""Codes that people read aloud, type or copy: order numbers, transfer memos, secret group addresses.

All come from the operating system's random source. No code tells how many orders there are.
"""

import re
import secrets
import unicodedata

# Capitals and digits without I, L, O, U, 0 and 1, which are misread on paper and on the phone: 30 characters.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

ORDER_PREFIX = "DT"
ORDER_LENGTH = len(ORDER_PREFIX) + 8
MEMO_PREFIX = "OCOP"

# What stands outside the alphabet is read as the character inside it that looks nearest.
_LOOK_ALIKES = str.maketrans({"O": "Q", "0": "Q", "U": "V", "I": "7", "L": "7", "1": "7"})


def token(length, alphabet=ALPHABET):
    """A random text of this length; each character of the default alphabet carries 4.9 bits."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def memo_new():
    """A memo for one bank transfer: "OCOP" and 7 characters, e.g. ``OCOP7K3M9QZ``.

    One word of capitals and digits, because banks drop marks and signs and cut long texts. The caller makes it
    unique by a database constraint.
    """
    return MEMO_PREFIX + token(7)


def order_number_new():
    """The number of one order: "DT" and 8 characters, stored without dashes."""
    return ORDER_PREFIX + token(8)


def group_code_new():
    """The secret in the address of a guest's order page: 20 lower-case characters, 98 bits."""
    return token(20).lower()


def display_number(number):
    """The order number in groups for the eye: ``"DT7K3M9QZA"`` gives ``"DT-7K3M-9QZA"``."""
    if len(number) != ORDER_LENGTH or not number.startswith(ORDER_PREFIX):
        return number
    return f"{number[:2]}-{number[2:6]}-{number[6:]}"


def clean_number(typed):
    """The order number that somebody meant: ``" đt-7k3m 9qza"`` gives ``"DT7K3M9QZA"``.

    Forgives spaces, dashes, lower case, Vietnamese marks, a missing "DT" and look-alike characters. What does not
    have the shape of an order number comes back in capitals without signs, so that looking it up simply fails.
    """
    text = unicodedata.normalize("NFKD", str(typed or "")[:60]).upper().replace("Đ", "D")
    text = re.sub(r"[^A-Z0-9]", "", text)
    if len(text) == ORDER_LENGTH - len(ORDER_PREFIX):
        text = ORDER_PREFIX + text
    if len(text) == ORDER_LENGTH and text.startswith(ORDER_PREFIX):
        return ORDER_PREFIX + text[len(ORDER_PREFIX) :].translate(_LOOK_ALIKES)
    return text
