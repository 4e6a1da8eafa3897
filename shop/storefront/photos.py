"""A form field for several photos of a buyer: each is decoded and written anew before anything is stored."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shop.core.uploads import UploadRefused, image_clean, refusal_text

#: The longer side in pixels: enough to see a bruise.
MAX_SIDE = 1600


class ManyFiles(forms.ClearableFileInput):
    """A file box that takes more than one; on a phone it offers the camera."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to ``most`` photos; the clean value is a list of new JPEG files. One bad file refuses all."""

    def __init__(self, *, most: int, **options: Any) -> None:
        options.setdefault("widget", ManyFiles(attrs={"accept": "image/*"}))
        super().__init__(required=False, **options)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > self.most:
            raise forms.ValidationError(_("At most %(most)d photos, please.") % {"most": self.most})
        return [self.cleaned(file) for file in files]

    def cleaned(self, file: Any) -> Any:
        try:
            return image_clean(file, max_side=MAX_SIDE)
        except UploadRefused as error:
            raise forms.ValidationError(refusal_text(error.code)) from error
