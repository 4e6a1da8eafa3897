"""Which days the figures are about."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.dates import today
from shop.numbers.spans import MAX_DAYS, Span, SpanError, day_span, month_span, span_make, week_span

#: Ready spans by their name in the address.
SPANS = {
    "hom-nay": (gettext_lazy("Today"), day_span),
    "tuan": (gettext_lazy("This week"), week_span),
    "thang": (gettext_lazy("This month"), lambda: month_span(today())),
}
FIRST = "thang"


def day_field(label: Any) -> forms.DateField:
    """A day as the browser's own calendar gives it, or typed."""
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Please choose a day."),
            "invalid": gettext_lazy("Please write the day like 24/11/2026."),
        },
    )


class SpanForm(forms.Form):
    """From one day to another."""

    tu = day_field(gettext_lazy("From"))
    den = day_field(gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("tu") and data.get("den"):
            try:
                self.span = span_make(data["tu"], data["den"])
            except SpanError as error:
                self.add_error("tu" if error.code == "early" else "den", span_error_text(error))
        return data


def span_error_text(error: SpanError) -> str:
    """What is wrong with the days."""
    texts = {
        "order": _("The last day is before the first. Please swap them."),
        "early": _("There are no figures for that time."),
        "long": _("Please choose %(days)d days at most.") % {"days": MAX_DAYS},
    }
    return texts[error.code]


def form_for(span: Span) -> SpanForm:
    """The form with these days in it."""
    return SpanForm(initial={"tu": span.first, "den": span.last})


def month_asked(year: int, month: int) -> date | None:
    """First day of a month in an address; None when there is no statement for it."""
    known = 2020 <= year <= today().year and 1 <= month <= 12
    first = date(year, month, 1) if known else None
    return first if first and first <= today() else None
