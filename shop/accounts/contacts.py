"""What people type to say who they are: a mobile number or an e-mail address."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from shop.core import phone as phones

#: What to tell somebody whose number or address cannot be used; by the ``code`` of ContactError.
CONTACT_ERRORS: dict[str, Any] = {
    "empty": _("Please type your phone number."),
    "letters": _("That is neither a phone number nor an e-mail address. Example: 0901 234 567."),
    "foreign": _("We can only send codes to numbers in Viet Nam. Abroad? Use your e-mail address below."),
    "short": _("A mobile number has 10 digits, for example 0901 234 567. Some are missing."),
    "long": _("A mobile number has 10 digits, for example 0901 234 567. These are too many."),
    "old": _("Numbers with 11 digits were changed in 2018. Please type today's number with 10 digits."),
    "landline": _("A landline cannot receive the code. Please type a mobile number."),
    "prefix": _("No mobile network in Viet Nam begins like this. Please check the number."),
    "email": _("This e-mail address is not complete. Example: ten@example.vn."),
}


class ContactError(ValueError):
    """The text is neither a usable mobile number nor an e-mail address. ``code``: a key of CONTACT_ERRORS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_email(contact: str) -> bool:
    """Whether a cleaned contact is an e-mail address; the others are E.164 numbers."""
    return "@" in contact


def contact_parse(text: Any) -> str:
    """The number in E.164 or the e-mail address in small letters; raises ContactError."""
    text = str(text or "").strip()[:300]
    if "@" in text:
        return email_parse(text)
    try:
        return phones.normalise(text)
    except phones.PhoneError as error:
        raise ContactError(error.code) from error


def email_parse(text: str) -> str:
    """An e-mail address in small letters.

    ASCII only: letters such as the dotless i become others when a database compares without case, and one person's
    code would open another person's account.
    """
    address = re.sub(r"\s+", "", text)
    try:
        validate_email(address)
    except ValidationError as error:
        raise ContactError("email") from error
    if not address.isascii() or len(address) > 254:
        raise ContactError("email")
    return address.lower()


def contact_display(contact: str) -> str:
    """The way people write it: ``0901 234 567``; an e-mail address as it is."""
    return contact if is_email(contact) else phones.display(contact)
