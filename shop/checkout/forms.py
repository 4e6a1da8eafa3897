"""Who gets the parcels and where: the only things a shopper has to type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.core import places
from shop.core.fields import PlainField
from shop.core.phone import PhoneError, normalise

PHONE_ERRORS = {
    "empty": _("Please type the phone number."),
    "letters": _("A phone number has digits only, for example 0901 234 567."),
    "foreign": _("Please give a number in Viet Nam, for example 0901 234 567."),
    "short": _("A mobile number has 10 digits, for example 0901 234 567."),
    "long": _("A mobile number has 10 digits, for example 0901 234 567."),
    "old": _("Numbers with 11 digits were changed in 2018. Please give today's 10 digits."),
    "landline": _("Please give a mobile number: the driver sends a message."),
    "prefix": _("No mobile network has this prefix. Please check the number."),
}


class PhoneField(forms.CharField):
    """A mobile number however people write it; cleans to E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        if not (value or "").strip() and not self.required:
            return ""
        try:
            return normalise(value or "")
        except PhoneError as error:
            raise forms.ValidationError(PHONE_ERRORS.get(error.code, PHONE_ERRORS["short"]), code=error.code) from error


class AddressMixin(forms.Form):
    """Province and commune as two selects; the commune's choices are those of the chosen province."""

    province = forms.ChoiceField(label=_("Province or city"))
    ward = forms.ChoiceField(
        label=_("Commune or ward"),
        error_messages={
            "required": _("Please choose the commune or ward."),
            "invalid_choice": _("Please choose a commune or ward of this province."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [(row.code, row.name) for row in places.provinces()]
        code = self.province_code()
        communes = [(row.code, row.name) for row in places.communes_of(code)]
        self.fields["ward"].choices = [("", _("Choose the commune or ward")), *communes]

    def province_code(self) -> str:
        """The province whose communes are offered."""
        code = (self.data.get(self.add_prefix("province")) if self.is_bound else self.initial.get("province")) or "82"
        return code if places.province(code) else "82"


class CheckoutForm(AddressMixin):
    """The recipient. Phone first; at most six typed fields."""

    phone = PhoneField(
        label=_("Recipient's phone number"),
        help_text=_("The driver calls this number. We send the link of your order to it."),
    )
    name = PlainField(
        label=_("Recipient's name"), max_length=120, error_messages={"required": _("Please type the recipient's name.")}
    )
    street = PlainField(
        label=_("House number, street, hamlet"),
        max_length=200,
        error_messages={"required": _("Please type the house number, street or hamlet.")},
    )
    note = PlainField(label=_("Note for the driver"), max_length=300, required=False)
    email = forms.EmailField(
        label=_("E-mail address"), required=False, error_messages={"invalid": _("This is not an e-mail address.")}
    )
    adult = forms.BooleanField(
        label=_("I am 18 or older"),
        required=False,
        error_messages={"required": _("Alcohol is sold to adults only: please confirm your age.")},
    )

    field_order = ["phone", "name", "province", "ward", "street", "note", "email", "adult"]

    def __init__(self, *args: Any, needs_age: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_age:
            self.fields["adult"].required = True
        else:
            del self.fields["adult"]
        autocomplete = {"name": "name", "street": "street-address", "email": "email", "note": "off"}
        for field, value in autocomplete.items():
            self.fields[field].widget.attrs["autocomplete"] = value

    def old_name_hints(self) -> list[places.Commune]:
        """Today's communes behind an old name in the street line; a hint, never a silent conversion."""
        street = self.data.get("street", "") if self.is_bound else ""
        return places.old_names_hint(street, self.province_code()) if street else []
