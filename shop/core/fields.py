"""The form field for whatever people write in words."""

from typing import Any

from django import forms

from shop.core.plain import line_plain, text_plain


class PlainField(forms.CharField):
    """Words without characters that hide or turn text around: one line, or several where there is a text area."""

    def to_python(self, value: Any) -> str:
        plain = text_plain if isinstance(self.widget, forms.Textarea) else line_plain
        return super().to_python(plain(value))
