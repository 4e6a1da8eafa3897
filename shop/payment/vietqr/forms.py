"""A bank account as people type it: bank, number, holder. One form for sellers, buyers and refunds."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.fields import PlainField
from shop.core.places import banks
from shop.core.text import fold

_SEPARATORS = re.compile(r"[\s.,_/\-]+")
_NUMBER = re.compile(r"[A-Z0-9]{6,19}")
_DIGITS = re.compile(r"[0-9]{6,19}")
_HOLDER = re.compile(r"[A-Z0-9 ]{3,50}")


def number_clean(typed: Any) -> str:
    """An account number without separators, in capitals, full-width digits made plain."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", str(typed or ""))).upper()


def holder_clean(typed: Any) -> str:
    """A holder as banks print it: ``Hợp tác xã Vú sữa`` becomes ``HOP TAC XA VU SUA``."""
    return fold(typed).upper()


def number_field(label: Any, required: Any) -> forms.CharField:
    """A field for an account number, typed however it stands on the card."""
    return forms.CharField(
        label=label,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": required, "max_length": gettext_lazy("An account number is not that long.")},
    )


class BankAccountForm(forms.Form):
    """Bank, number and holder, clean enough for a VietQR code. Nobody calls money back from a stranger's account."""

    #: People's own accounts have digits; cooperatives may use an alias with letters.
    digits_only = False

    bin = forms.ChoiceField(
        label=gettext_lazy("Bank"),
        error_messages={
            "required": gettext_lazy("Please choose the bank."),
            "invalid_choice": gettext_lazy("Please choose the bank."),
        },
    )
    number = number_field(gettext_lazy("Account number"), gettext_lazy("Please type the account number."))
    holder = PlainField(
        label=gettext_lazy("Account holder"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Please type the name that the account is in."),
            "max_length": gettext_lazy("The name has 50 letters at most. Please write it as the bank does."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(bank.bin, f"{bank.short_name} ({bank.name_vi})") for bank in banks()]
        self.fields["bin"].choices = [("", _("Please choose")), *choices]
        if self.digits_only:
            self.fields["number"].widget.attrs["inputmode"] = "numeric"

    def clean_number(self) -> str:
        number = number_clean(self.cleaned_data["number"])
        if self.digits_only and not _DIGITS.fullmatch(number):
            raise forms.ValidationError(_("An account number has 6 to 19 digits and no letters. Please check it."))
        if not _NUMBER.fullmatch(number):
            raise forms.ValidationError(_("An account number has 6 to 19 digits or letters. Please check it."))
        return number

    def clean_holder(self) -> str:
        holder = holder_clean(self.cleaned_data["holder"])
        if not _HOLDER.fullmatch(holder):
            raise forms.ValidationError(
                _("The name has 3 to 50 letters from A to Z. Please write it as it stands at the bank.")
            )
        return holder
