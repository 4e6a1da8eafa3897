"""Vietnamese phone numbers: people write them in many ways, the shop stores one (E.164, ``+84901234567``)."""

import re
import unicodedata

MOBILE = re.compile(r"0[35789][0-9]{8}")
LANDLINE = re.compile(r"02[0-9]{9}")
OLD_MOBILE = re.compile(r"01[0-9]{9}")  # eleven digits, all converted to ten digits in 2018

# Also the invisible direction marks that telephones copy along with a number.
_DECORATION = re.compile(r"[\s.\-()\[\]\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


class PhoneError(ValueError):
    """The text is not a phone number the shop can use.

    ``code`` says why, so that a form can choose its words: ``empty``, ``letters`` (something other than digits),
    ``foreign`` (another country's number), ``short``, ``long``, ``old`` (an 11-digit mobile from before 2018),
    ``landline`` (where a mobile is needed) or ``prefix`` (ten digits, but no mobile network begins like that).
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def normalise(text, *, allow_landline=False):
    """The number in E.164: ``"0901 234 567"``, ``"+84 901.234.567"`` and ``"84901234567"`` give ``+84901234567``.

    Spaces, dots, dashes, brackets and full-width digits are accepted. Landlines (02 and nine digits) only pass with
    ``allow_landline=True``. Raises :class:`PhoneError`.
    """
    national = _national(text)
    if MOBILE.fullmatch(national):
        return "+84" + national[1:]
    if LANDLINE.fullmatch(national):
        if allow_landline:
            return "+84" + national[1:]
        raise PhoneError("landline")
    raise PhoneError(_reason(national))


def _national(text):
    """The digits as dialled within Viet Nam, beginning with 0. Raises PhoneError when there are no such digits."""
    plain = _DECORATION.sub("", unicodedata.normalize("NFKC", str(text or "")))
    if not plain:
        raise PhoneError("empty")
    if not re.fullmatch(r"\+?[0-9]+", plain):
        raise PhoneError("letters")
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    if plain.startswith("+84"):
        return "0" + plain[3:].removeprefix("0")  # "+84 (0)901..." is common on visiting cards
    if plain.startswith("+"):
        raise PhoneError("foreign")
    if plain.startswith("84") and len(plain) >= 11:
        return "0" + plain[2:].removeprefix("0")
    return plain


def _reason(national):
    if OLD_MOBILE.fullmatch(national):
        return "old"
    wanted = 11 if national.startswith("02") else 10
    if len(national) != wanted:
        return "short" if len(national) < wanted else "long"
    return "prefix"


def is_valid(text, *, allow_landline=False):
    """Whether :func:`normalise` would accept the text."""
    try:
        normalise(text, allow_landline=allow_landline)
    except PhoneError:
        return False
    return True


def _groups(number):
    """The national number in the groups people read aloud, or None when it is not a Vietnamese number."""
    if not number or not number.startswith("+84"):
        return None
    national = "0" + number[3:]
    if len(national) == 10:
        return [national[:4], national[4:7], national[7:]]
    area = 3 if national[:3] in ("024", "028") else 4  # Hà Nội and Hồ Chí Minh have short area codes
    return [national[:area], national[area:-4], national[-4:]]


def display(number):
    """The way Vietnamese write it: ``"+84901234567"`` gives ``"0901 234 567"``. Anything else comes back as it is."""
    groups = _groups(number)
    return " ".join(groups) if groups else str(number or "")


def mask(number):
    """For pages that others may see: ``"0901 *** 567"``. Never shows a number it does not understand."""
    groups = _groups(number)
    return f"{groups[0]} *** {groups[2][-3:]}" if groups else "***"


def zalo_url(number):
    """The chat link of a number in E.164: ``https://zalo.me/0901234567``; empty when there is no number."""
    groups = _groups(number)
    return "https://zalo.me/" + "".join(groups) if groups else ""
