"""What a cooperative types about an offer: as few fields as its kind needs."""

import secrets
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.dates import TZ, today
from shop.listings.models import Listing
from shop.promotions.codes import LONGEST, SHORTEST, code_fold, code_is_valid
from shop.promotions.models import CooperativeOffer
from shop.promotions.services import MOST_CODES, OfferData, Voucher
from shop.seller.delivery.forms import bare
from shop.seller.money.words import dong_text
from shop.seller.typed import LineField, SumField

Kind = CooperativeOffer.Kind
USAGES = [
    ("", gettext_lazy("No code: everybody gets it")),
    (Voucher.MULTI_USE, gettext_lazy("One code for everybody, as often as they like")),
    (Voucher.ONCE_PER_CUSTOMER, gettext_lazy("One code, once for each customer who has signed in")),
    (Voucher.SINGLE_USE, gettext_lazy("Codes for one use each, for example to print")),
]
ALL, CHOSEN = "all", "chosen"
DAY = {"input_formats": ["%Y-%m-%d", "%d/%m/%Y"]}
DAY_PROBLEM = {"invalid": gettext_lazy("Please choose the day.")}


def day_widget() -> forms.DateInput:
    """The phone's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CountField(forms.IntegerField):
    """A number of uses or codes."""

    def __init__(self, *, most: int, **options: Any) -> None:
        problem = gettext_lazy("Please write a number from 1 to %(most)d.") % {"most": most}
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), problem)
        super().__init__(min_value=1, max_value=most, error_messages=errors, **options)
        self.widget.attrs["inputmode"] = "numeric"


class LimitsForm(forms.Form):
    """What may be changed later: name, days, limits."""

    title = LineField(label=gettext_lazy("Name that buyers read"), max_length=60, required=False)
    starts = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=day_widget(), error_messages=DAY_PROBLEM, **DAY
    )
    ends = forms.DateField(
        label=gettext_lazy("to and with"), required=False, widget=day_widget(), error_messages=DAY_PROBLEM, **DAY
    )
    max_uses = CountField(label=gettext_lazy("At most so many orders"), most=1_000_000, required=False)
    budget = SumField(label=gettext_lazy("Stop when so much was given in all"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day is before the first one."))
        elif ends and ends < today():
            self.add_error("ends", _("This day is over."))
        return values


class OfferForm(LimitsForm):
    """A new offer of one kind."""

    goods = forms.ChoiceField(
        label=gettext_lazy("For which goods?"),
        choices=[(ALL, gettext_lazy("All goods, also those that come later")), (CHOSEN, gettext_lazy("Only these:"))],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    listings = forms.ModelMultipleChoiceField(
        Listing.objects.none(),
        label=gettext_lazy("Goods"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Please choose among your goods."),
                        "invalid_pk_value": gettext_lazy("Please choose among your goods.")},
    )  # fmt: skip
    usage = forms.ChoiceField(
        label=gettext_lazy("With a code?"), choices=USAGES, required=False, widget=forms.RadioSelect, initial=""
    )
    code = LineField(label=gettext_lazy("Code"), max_length=40, required=False)
    count = CountField(label=gettext_lazy("How many codes"), most=MOST_CODES, required=False)
    min_spend = SumField(label=gettext_lazy("Only for goods from"), required=False)
    cap = SumField(label=gettext_lazy("At most, in one order"), required=False)

    def __init__(self, *args: Any, kind: str, cooperative: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["value"] = value_field(kind)
        on_sale = Listing.objects.filter(cooperative=cooperative, state=Listing.State.PUBLISHED)
        self.fields["listings"].queryset = on_sale.select_related("product").order_by("product__title")
        self.fields["code"].widget.attrs["autocapitalize"] = "characters"
        if kind != Kind.PERCENT:
            del self.fields["cap"]
        if kind == Kind.MULTIBUY:
            del self.fields["min_spend"]

    def clean_code(self) -> str:
        code = code_fold(self.cleaned_data["code"])
        if self.cleaned_data["code"] and not code_is_valid(code):
            raise forms.ValidationError(
                _("A code has %(least)d to %(most)d letters and digits.") % {"least": SHORTEST, "most": LONGEST}
            )
        return code

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("goods") == CHOSEN and not values.get("listings") and "listings" not in self.errors:
            self.add_error("listings", _("Please choose at least one."))
        if values.get("usage") == Voucher.SINGLE_USE and not values.get("count") and "count" not in self.errors:
            self.add_error("count", _("Please write how many codes you want."))
        return values

    def offer_data(self) -> OfferData:
        """For the service."""
        values = self.cleaned_data
        return OfferData(
            kind=self.kind,
            value=values["value"],
            title=values["title"] or title_of(self.kind, values["value"]),
            listings=list(values["listings"]) if values["goods"] == CHOSEN else [],
            starts_at=day_start(values["starts"]),
            ends_at=day_end(values["ends"]),
            min_spend=values.get("min_spend") or 0,
            max_uses=values["max_uses"],
            budget=values["budget"],
            cap=values.get("cap"),
            code_usage=values["usage"],
        )


def value_field(kind: str) -> forms.Field:
    """What is given: percent, dong, or the X of "buy X, get one free"."""
    if kind == Kind.PERCENT:
        problem = gettext_lazy("Please write a number from 1 to 90.")
        field = forms.IntegerField(label=_("How many percent off?"), min_value=1, max_value=90)
    elif kind == Kind.MULTIBUY:
        problem = gettext_lazy("Please write a number from 1 to 20.")
        field = forms.IntegerField(label=_("Buy how many to get one more free?"), min_value=1, max_value=20)
    else:
        label = _("How many dong off each item?") if kind == Kind.UNIT else _("How many dong off the order?")
        return SumField(label=label, error_messages={"required": _("Please write how much.")})
    field.error_messages.update(dict.fromkeys(("required", "invalid", "min_value", "max_value"), problem))
    field.widget.attrs["inputmode"] = "numeric"
    return field


def title_of(kind: str, value: int) -> str:
    """A plain name for an offer that was given none."""
    if kind == Kind.PERCENT:
        return _("%(percent)d%% off") % {"percent": value}
    if kind == Kind.MULTIBUY:
        return _("Buy %(count)d, get 1 free") % {"count": value}
    return _("%(sum)s off") % {"sum": dong_text(value)}


def day_start(day: date | None) -> datetime | None:
    """The first moment of the day in Viet Nam."""
    return datetime.combine(day, time.min, tzinfo=TZ) if day else None


def day_end(day: date | None) -> datetime | None:
    """The last moment of the day in Viet Nam."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=TZ) if day else None


def limits_initial(offer: CooperativeOffer) -> dict[str, Any]:
    """A saved offer as the form shows it."""
    row = offer.offer
    return {
        "title": offer.title,
        "starts": timezone.localtime(row.start_datetime, TZ).date() if row.start_datetime else None,
        "ends": timezone.localtime(row.end_datetime, TZ).date() if row.end_datetime else None,
        "max_uses": row.max_global_applications,
        "budget": bare(int(row.max_discount)) if row.max_discount else "",
    }


def key_new() -> str:
    """For a form that must not make two offers."""
    return secrets.token_hex(8)
