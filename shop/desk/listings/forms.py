"""What officers type about goods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.core.fields import PlainField
from shop.core.plain import line_plain
from shop.listings.models import WarningPhrase
from shop.listings.review import REASON_LIMIT


class DecisionForm(forms.Form):
    """Yes, or no with the reason; ``revision`` is what the officer has read."""

    do = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("down", "")])
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = PlainField(
        label=_("Why, and what should be mended? The cooperative reads this."),
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Please keep it under 500 characters.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("do") != "approve" and "reason" not in self.errors and not values.get("reason"):
            self.add_error("reason", _("Please write why: the cooperative has to know what to mend."))
        return values


class PhrasesForm(forms.Form):
    """One phrase a line."""

    phrases = PlainField(
        label=_("Phrases to look at twice, one a line"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 20}),
    )

    def clean_phrases(self) -> list[str]:
        rows = [line_plain(row).lower() for row in self.cleaned_data["phrases"].splitlines()]
        wanted = list(dict.fromkeys(row for row in rows if row))
        limit = WarningPhrase._meta.get_field("phrase").max_length
        if any(len(row) > limit for row in wanted):
            raise forms.ValidationError(_("A phrase has at most 60 characters."))
        return wanted
