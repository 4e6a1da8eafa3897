"""What sellers type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.core.fields import PlainField


class RefuseForm(forms.Form):
    """Why an order cannot be served; the buyer reads it."""

    reason = PlainField(
        label=_("Why can you not take it?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Please write the reason: the buyer will read it."),
            "max_length": _("Please keep it under 300 characters."),
        },
    )
