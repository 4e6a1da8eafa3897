"""The sheet and its pictures, as they are sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shop.core.codes import token
from shop.core.tables.errors import TableError
from shop.core.tables.kinds import ZIP, kind_check
from shop.sheets.pictures import MAX_ARCHIVE, Pictures
from shop.sheets.reading import MAX_BYTES
from shop.sheets.texts import file_text

CHOOSE = {name: gettext_lazy("Please choose the file.") for name in ("required", "missing", "invalid")}


class UploadForm(forms.Form):
    """What is plainly no sheet is told here; the rest is looked at in the background."""

    key = forms.RegexField(r"^[A-Za-z0-9]{8,40}$", widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Your sheet: Excel or CSV"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        allow_empty_file=True,
        error_messages=CHOOSE,
    )
    pictures = forms.FileField(
        label=gettext_lazy("Pictures in one zip file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        allow_empty_file=True,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": token(24)}, **kwargs)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size > MAX_BYTES:
                raise TableError("huge")
            if not file.size:
                raise TableError("empty")
            head = file.read(4096)
            if not head.startswith(ZIP):
                kind_check(head)
        except TableError as error:
            raise forms.ValidationError(file_text(error.code)) from error
        file.seek(0)
        return file

    def clean_pictures(self) -> Any:
        file = self.cleaned_data["pictures"]
        if not file:
            return None
        try:
            if file.size > MAX_ARCHIVE:
                raise TableError("zip_size")
            Pictures(file)
        except TableError as error:
            raise forms.ValidationError(file_text(error.code)) from error
        file.seek(0)
        return file
