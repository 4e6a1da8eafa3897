"""Codes of vouchers: made so that nobody mistakes a letter, read however people type them."""

import re
import secrets

from shop.core.text import fold

#: Without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V: what looks or sounds alike.
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
LENGTH = 7
SHORTEST, LONGEST = 4, 20
VALID = re.compile(rf"[A-Z0-9]{{{SHORTEST},{LONGEST}}}")


def code_fold(typed: str) -> str:
    """``" Tết - 2027 "`` gives ``"TET2027"``: marks, blanks and dashes do not count."""
    return re.sub(r"[^A-Z0-9]", "", fold(str(typed or "")[:80]).upper())


def code_new() -> str:
    """A code that cannot be guessed: 23 to the power of 7 are three thousand million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_is_valid(code: str) -> bool:
    """Whether a folded code may be used for a new voucher."""
    return bool(VALID.fullmatch(code))
