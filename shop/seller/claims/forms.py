"""The cooperative's answer to a reported problem."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.claims.models import Claim
from shop.claims.services import TEXT_LIMIT
from shop.core.fields import PlainField
from shop.seller.money.forms import DongField
from shop.seller.money.words import dong_text

Outcome = Claim.Outcome


class AnswerForm(forms.Form):
    """Money back, new goods, or a refusal with its reason; the buyer reads the text."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What do you do?"),
        choices=[
            (Outcome.REFUND, gettext_lazy("Pay money back")),
            (Outcome.REPLACE, gettext_lazy("Send new goods")),
            (Outcome.REFUSE, gettext_lazy("Refuse, with the reason")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose what you do.")},
    )
    amount = DongField(label=gettext_lazy("How much goes back"), required=False)
    text = PlainField(
        label=gettext_lazy("Your words to the buyer"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Please write a few words: the buyer will read them."),
            "max_length": gettext_lazy("Please keep it under 1000 characters."),
        },
    )

    def __init__(self, *args: Any, limit: int, **options: Any) -> None:
        super().__init__(*args, **options)
        #: Dong that can still be paid back.
        self.limit = limit
        if limit <= 0:
            choices = self.fields["outcome"].choices
            self.fields["outcome"].choices = [row for row in choices if row[0] != Outcome.REFUND]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("outcome") == Outcome.REFUND and "amount" not in self.errors:
            if not values.get("amount"):
                self.add_error("amount", _("Please type how much goes back."))
            elif values["amount"] > self.limit:
                self.add_error("amount", limit_text(self.limit))
        return values


class VerdictForm(forms.Form):
    """How the province's staff settled it; both sides read it."""

    verdict = PlainField(
        label=gettext_lazy("How it was settled"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Please write how it was settled: both sides read it."),
            "max_length": gettext_lazy("Please keep it under 1000 characters."),
        },
    )


def limit_text(limit: int) -> str:
    """The most that could go back."""
    return _("At most %(limit)s of this order can still be paid back.") % {"limit": dong_text(max(0, limit))}
