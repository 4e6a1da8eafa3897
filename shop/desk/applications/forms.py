"""What officers type about applications."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.dates import today
from shop.core.fields import PlainField
from shop.core.plain import line_plain, text_plain
from shop.desk.applications.texts import STEP_TITLES
from shop.onboarding.models import Method
from shop.onboarding.numbers import NumberRefused, digits_of, personal_number_clean, tax_code_clean

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


class ReturnForm(forms.Form):
    """A comment for each step that is to be changed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for step, title in STEP_TITLES.items():
            self.fields[step] = PlainField(
                label=title, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
            )

    def clean(self) -> dict[str, Any]:
        cleaned = {step: text_plain(text) for step, text in super().clean().items()}
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Please write beside at least one step what is to be changed."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is refused or closed; the seller reads it."""

    reason = PlainField(
        label=gettext_lazy("Reason (the seller reads it)"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Please write the reason: the seller reads it.")},
    )

    def clean_reason(self) -> str:
        return text_plain(self.cleaned_data["reason"])


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, input_formats=DAY_FORMATS, widget=widget, help_text=help_text)


class VerifyForm(forms.Form):
    """How an officer knows who the seller is."""

    method = forms.ChoiceField(label=gettext_lazy("How it was shown"), choices=Method.choices)
    number = forms.CharField(
        label=gettext_lazy("Number of the person or organisation"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted."),
    )
    linked_on = day_field(gettext_lazy("Linked with VNeID on"))
    expires_on = day_field(gettext_lazy("Valid until"), gettext_lazy("Leave empty when it has no end."))

    def clean_number(self) -> str:
        typed = line_plain(self.cleaned_data["number"])
        try:
            return personal_number_clean(typed) if len(digits_of(typed)) == 12 else tax_code_clean(typed)
        except NumberRefused as error:
            raise forms.ValidationError(_("There is no such number. Please compare it digit by digit.")) from error

    def clean_linked_on(self) -> Any:
        day = self.cleaned_data["linked_on"]
        if day and day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < today():
            raise forms.ValidationError(_("This day is over."))
        return day
