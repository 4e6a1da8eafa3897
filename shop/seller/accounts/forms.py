"""What people type about accounts: bank, number and holder, and the keys of services that report on them."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.payment.vietqr.feeds.base import Feed
from shop.payment.vietqr.forms import BankAccountForm, number_clean, number_field

_VIRTUAL = re.compile(r"[A-Za-z0-9]{4,30}")
_KEY = re.compile(r"[\x21-\x7e]{1,500}")
#: Letters that the column for virtual accounts holds.
VIRTUAL_LENGTH = 300


class AccountForm(BankAccountForm):
    """Another account: the number twice, because nobody can call money back from a stranger's account."""

    again = number_field(
        gettext_lazy("Account number once more"), gettext_lazy("Please type the account number a second time.")
    )
    field_order = ["bin", "number", "again", "holder"]

    def clean_again(self) -> str:
        again, number = number_clean(self.cleaned_data["again"]), self.cleaned_data.get("number")
        if number and again != number:
            raise forms.ValidationError(_("The two numbers differ. Please look at each digit."))
        return again


class KeysForm(forms.Form):
    """The keys that a service gave the cooperative. Secret ones are never shown; left empty, the kept ones stay."""

    def __init__(self, *args: Any, feed: Feed, kept: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feed, self.kept = feed, kept
        for field in feed.fields:
            self.fields[field.name] = key_field(field, kept.get(field.name, ""))

    def clean(self) -> dict[str, Any]:
        for name, value in list(self.cleaned_data.items()):
            if value and not _KEY.fullmatch(value):
                self.add_error(name, _("A key has letters, digits and signs without blanks. Please copy it again."))
        if not self.errors and not any(self.merged.values()):
            self.add_error(self.feed.fields[0].name, _("Please paste the key that the service shows you."))
        return self.cleaned_data

    @property
    def merged(self) -> dict[str, str]:
        """The kept keys with those that were typed now."""
        typed = {name: value for name, value in self.cleaned_data.items() if value}
        return {field.name: typed.get(field.name, self.kept.get(field.name, "")) for field in self.feed.fields}


def key_field(field: Any, kept: str) -> forms.CharField:
    """One key; a secret one is typed blind, and its browser keeps it neither."""
    if field.secret:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
        hint = _("A key is kept here. Leave this empty to keep it.") if kept else ""
        return forms.CharField(label=field.label, required=False, max_length=500, widget=widget, help_text=hint)
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=field.label, required=False, max_length=500, widget=widget, initial=kept)


class VirtualForm(forms.Form):
    """Numbers that a service puts in front of the real account."""

    numbers = forms.CharField(
        label=gettext_lazy("Virtual account numbers"),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("That is too long.")},
    )

    def clean_numbers(self) -> str:
        """With commas, each without separators."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["numbers"])
        parts = [re.sub(r"[\s.\-]+", "", part) for part in re.split(r"[,;\n]", typed)]
        numbers = list(dict.fromkeys(part for part in parts if part))
        if not all(_VIRTUAL.fullmatch(number) for number in numbers):
            raise forms.ValidationError(_("A number has 4 to 30 letters or digits; put commas between several."))
        if len(",".join(numbers)) > VIRTUAL_LENGTH:
            raise forms.ValidationError(_("These are too many numbers."))
        return ",".join(numbers)
