"""Fields that the steps share: plain text, days, scans."""

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.core.uploads import UploadRefused, document_clean, refusal_text

FILES_AT_ONCE = 6
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, chosen from the phone's calendar or typed as 31/12/2026."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
    invalid = gettext_lazy("Please give the day like this: 31/12/2026.")
    return forms.DateField(
        label=label,
        required=False,
        input_formats=DAY_FORMATS,
        widget=widget,
        error_messages={"invalid": invalid},
        **options,
    )


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class ScansField(forms.FileField):
    """Photos or PDFs, written anew; cleans to a list of ``ContentFile``."""

    def __init__(self, **options: Any) -> None:
        accept = "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif,application/pdf"
        super().__init__(required=False, widget=ManyFiles(attrs={"accept": accept, "multiple": True}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[ContentFile]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > FILES_AT_ONCE:
            most = FILES_AT_ONCE
            raise forms.ValidationError(
                ngettext("Please send %(n)d file at a time.", "Please send at most %(n)d files at a time.", most)
                % {"n": most}
            )
        return [self.scan(one) for one in files]

    def scan(self, file: Any) -> ContentFile:
        try:
            return document_clean(file)
        except UploadRefused as error:
            raise forms.ValidationError(refusal_text(error.code), code=error.code) from error


class PartialForm(forms.Form):
    """A step: whole when one goes on, or as far as it is known when one goes on another day (``partial``)."""

    def __init__(self, *args: Any, partial: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.partial = partial
        if partial:
            for field in self.fields.values():
                field.required = False

    def clean(self) -> dict[str, Any]:
        """Files cannot be filled in again by the page: say so when something else was wrong."""
        cleaned = super().clean()
        if self.errors and any(self.files.getlist(name) for name in self.files):
            self.add_error(None, _("Please choose the photos again: a page cannot keep them."))
        return cleaned
