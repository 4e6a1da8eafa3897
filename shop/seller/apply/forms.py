"""What applicants type, step by step."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.checkout.forms import AddressMixin, PhoneField
from shop.cooperatives.models import Cooperative
from shop.core.dates import today
from shop.core.fields import PlainField
from shop.onboarding.identity import number_seal
from shop.onboarding.models import Application, Method, Paper
from shop.onboarding.numbers import NumberRefused, digits_of, personal_number_clean, tax_code_clean
from shop.payment.vietqr.forms import BankAccountForm
from shop.seller.apply.fields import PartialForm, ScansField, day_field

LAST_YEAR = 2100


def line(label: Any, length: int, required: Any = None, autocomplete: str = "off", hint: Any = "") -> PlainField:
    """A line of at most so many letters; ``required`` says what to type when it is empty."""
    return PlainField(
        label=label,
        max_length=length,
        required=required is not None,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": required or "",
            "max_length": gettext_lazy("That is too long: %(limit_value)d letters at most."),
        },
    )


class SellerForm(PartialForm):
    """Who applies."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Legal form"),
        choices=Cooperative.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the legal form.")},
    )
    name = line(
        gettext_lazy("Name on the market"),
        128,
        gettext_lazy("Please type the name that buyers will see."),
        "organization",
        gettext_lazy("Short, as people call you: HTX Vú sữa Vĩnh Kim."),
    )
    legal_name = line(
        gettext_lazy("Legal name"),
        200,
        gettext_lazy("Please type the name as it stands on your registration."),
        hint=gettext_lazy("As it stands on your registration."),
    )
    tax_code = line(
        gettext_lazy("Tax code"),
        30,
        gettext_lazy("Please type the tax code."),
        hint=gettext_lazy("10 or 13 digits. A household may give its owner's personal number of 12 digits."),
    )
    representative = line(
        gettext_lazy("Representative"), 120, gettext_lazy("Please type who speaks for you."), autocomplete="name"
    )
    phone = PhoneField(label=gettext_lazy("Phone number"), help_text=gettext_lazy("Buyers and officers call it."))
    zalo = PhoneField(label=gettext_lazy("Zalo number"), required=False)

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        self.application = application
        super().__init__(*args, **options)
        self.fields["tax_code"].widget.attrs["inputmode"] = "numeric"
        if application.tax_sealed:
            self.fields["tax_code"].required = False
            self.fields["tax_code"].help_text = kept_text(application.tax_masked)

    def clean_tax_code(self) -> str:
        typed = self.cleaned_data["tax_code"]
        household = self.cleaned_data.get("kind") == Cooperative.Kind.HOUSEHOLD
        if not typed:
            if self.application.tax_sealed and self.cleaned_data.get("kind") and not household:
                raise forms.ValidationError(_("Please type the tax code."))
            return ""
        try:
            return tax_code_clean(typed, household=household)
        except NumberRefused as error:
            raise forms.ValidationError(tax_text(error.code, household), code=error.code) from error

    def values(self) -> dict[str, Any]:
        """As the application keeps it; a personal number sealed."""
        values = dict(self.cleaned_data)
        code = values.pop("tax_code")
        if len(code) == 12 and code != self.application.tax_number:
            values |= {"tax_code": "", "tax_sealed": number_seal(code)}
        elif len(code) != 12 and (code or not self.application.tax_sealed):
            values |= {"tax_code": code, "tax_sealed": ""}
        return values


class PlaceStepForm(AddressMixin, PartialForm):
    """Where the applicant is."""

    address = line(
        gettext_lazy("House number, street, hamlet"),
        200,
        gettext_lazy("Please type the house number, street or hamlet."),
        "street-address",
    )

    def values(self) -> dict[str, Any]:
        return {"ward_code": self.cleaned_data["ward"], "address": self.cleaned_data["address"]}


class FoodForm(PartialForm):
    """Whether papers are needed at all."""

    sells_no_food = forms.BooleanField(label=gettext_lazy("We sell no food (mats, baskets, flowers …)"), required=False)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PaperForm(PartialForm):
    """One food-safety paper with its photos."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Which paper"),
        choices=[("", gettext_lazy("Please choose")), *Paper.Kind.choices],
        error_messages={"required": gettext_lazy("Please choose which paper it is.")},
    )
    number = line(gettext_lazy("Number on the paper"), 60)
    issuer = line(gettext_lazy("Issued by"), 150, hint=gettext_lazy("For an own declaration: where you handed it in."))
    expires_on = day_field(
        gettext_lazy("Valid until"), help_text=gettext_lazy("Leave it empty when the paper names no end.")
    )
    scans = ScansField(
        label=gettext_lazy("Photos or PDF"),
        help_text=gettext_lazy("Up to 6 at a time, 10 MB each. Only you and the province's officers see them."),
    )

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < today():
            raise forms.ValidationError(_("This paper is no longer valid. Please add the renewed one."))
        if day and day.year > LAST_YEAR:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("kind", "number", "issuer", "expires_on")}


class AccountStepForm(PartialForm, BankAccountForm):
    """Where buyers' money goes."""

    def clean_number(self) -> str:
        return super().clean_number() if self.cleaned_data["number"] else ""

    def clean_holder(self) -> str:
        return super().clean_holder() if self.cleaned_data["holder"] else ""

    def values(self) -> dict[str, Any]:
        return {f"bank_{name}": self.cleaned_data[name] for name in ("bin", "number", "holder")}


class IdentityForm(PartialForm):
    """How the applicant shows who they are. The number is kept sealed and never shown again in full."""

    method = forms.ChoiceField(
        label=gettext_lazy("Way to show who you are"),
        choices=Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one way.")},
    )
    number = line(
        gettext_lazy("Number of the person or organisation"),
        30,
        gettext_lazy("Please type the number."),
        hint=gettext_lazy("A household: the owner's 12 digits. Others: the code of the organisation, 10 or 13 digits."),
    )
    linked = forms.BooleanField(label=gettext_lazy("The account is linked with VNeID"), required=False)
    linked_on = day_field(gettext_lazy("Linked with VNeID on"))
    evidence = ScansField(
        label=gettext_lazy("Screenshot or copy (not needed)"),
        help_text=gettext_lazy("Please no photo of an identity card: the number is enough."),
    )

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        self.application = application
        super().__init__(*args, **options)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "spellcheck": "false"}
        if application.number_sealed:
            self.fields["number"].required = False
            self.fields["number"].help_text = kept_text(application.number_masked)

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        if not typed:
            return ""
        try:
            return personal_number_clean(typed) if len(digits_of(typed)) == 12 else tax_code_clean(typed)
        except NumberRefused as error:
            raise forms.ValidationError(tax_text(error.code, household=True), code=error.code) from error

    def clean_linked_on(self) -> Any:
        day = self.cleaned_data["linked_on"]
        if day and day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        if self.cleaned_data.get("linked") and not day and not self.partial:
            raise forms.ValidationError(_("Please give the day on which the account was linked."))
        return day if self.cleaned_data.get("linked") else None

    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in ("method", "linked_on")}
        number = self.cleaned_data["number"]
        if number and number != self.application.number:
            values["number_sealed"] = number_seal(number)
        return values


class SendForm(forms.Form):
    """Yes to the rules; never ticked beforehand."""

    agree = forms.BooleanField(
        label=gettext_lazy("I have read these rules and agree to them"),
        error_messages={"required": gettext_lazy("Please tick that you agree before you send it.")},
    )


def kept_text(masked: str) -> str:
    """Says that a number is there without showing it."""
    return _("Kept: %(number)s. Leave this empty to keep it.") % {"number": masked}


def tax_text(code: str, household: bool) -> str:
    """What is wrong with a number."""
    if code == "digits":
        return _("Digits only, please.")
    if code == "length":
        return (
            _("10 digits, 13 with a branch, or a personal number of 12. Please count again.")
            if household
            else _("A tax code has 10 digits, or 13 with a branch. Please count again.")
        )
    return _("There is no such number: one digit must be wrong. Please compare it with your papers.")
