"""What a cooperative types about sending."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.checkout.forms import AddressMixin
from shop.core.dates import today
from shop.delivery.models import DeliveryRules, DeliveryService, Zone
from shop.delivery.services import MOST_STEPS, ServiceData
from shop.listings.lookup import unit_of
from shop.seller.money.words import dong_text
from shop.seller.typed import FeeField, KilosField, LineField, SumField, kilos_text

MOST_DAYS = 15
ZONES = [
    (Zone.COMMUNE, gettext_lazy("In our commune")),
    (Zone.PROVINCE, gettext_lazy("In our province")),
    (Zone.SOUTH, gettext_lazy("The South")),
    (Zone.COUNTRY, gettext_lazy("The whole country")),
    (Zone.PICKUP, gettext_lazy("Buyers collect it here")),
]
WEEKDAYS = [
    (0, gettext_lazy("Monday")), (1, gettext_lazy("Tuesday")), (2, gettext_lazy("Wednesday")),
    (3, gettext_lazy("Thursday")), (4, gettext_lazy("Friday")), (5, gettext_lazy("Saturday")),
    (6, gettext_lazy("Sunday")),
]  # fmt: skip
KEY = re.compile(r"[0-9a-f]{12}")


class DaysField(forms.IntegerField):
    """Days on the road."""

    def __init__(self, **options: Any) -> None:
        problem = gettext_lazy("Please write the days as a number from 0 to 15.")
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), problem)
        super().__init__(min_value=0, max_value=MOST_DAYS, error_messages=errors, **options)
        self.widget.attrs["inputmode"] = "numeric"


class ServiceForm(forms.Form):
    """One way to send, without its weight steps."""

    name = LineField(
        label=gettext_lazy("What buyers read"),
        max_length=80,
        error_messages={"required": gettext_lazy("Please give it a name, for example “Cold van”.")},
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("How far"),
        choices=ZONES,
        error_messages={"required": gettext_lazy("Please choose how far it goes.")},
    )
    days_min = DaysField(label=gettext_lazy("Days on the road, at least"))
    days_max = DaysField(label=gettext_lazy("at most"))
    extra_per_kg = FeeField(label=gettext_lazy("Each further kg"), required=False)
    free_over = SumField(label=gettext_lazy("Free for goods from"), required=False)
    packing_fee = FeeField(label=gettext_lazy("Packing, each parcel"), required=False)
    note = LineField(label=gettext_lazy("A word for buyers"), max_length=160, required=False)
    name_en = LineField(label=gettext_lazy("Name in English"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        first, last = values.get("days_min"), values.get("days_max")
        if first is not None and last is not None and first > last:
            self.add_error("days_max", _("This must not be less than the days before it."))
        return values


class StepForm(forms.Form):
    """Up to so many kilograms it costs so much; an empty row counts for nothing."""

    kilos = KilosField(label=gettext_lazy("Up to (kg)"), required=False)
    price = FeeField(label=gettext_lazy("Price"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        typed = (self.data.get(self.add_prefix("price")) or "").strip()
        if values.get("kilos") and not typed and "price" not in self.errors:
            self.add_error("price", _("Please write the price; 0 for nothing."))
        if typed and not values.get("kilos") and "kilos" not in self.errors:
            self.add_error("kilos", _("Please write up to which weight."))
        return values


class ServiceSheet:
    """The form of a service with its rows of weights. ``problem`` is what is wrong with the rows together."""

    def __init__(self, service: DeliveryService | None = None, data: Mapping[str, str] | None = None) -> None:
        self.service, self.problem = service, ""
        self.form = ServiceForm(data, initial=initial_of(service))
        self.rows = rows_typed(data) if data is not None else rows_of(service)

    @property
    def forms(self) -> list[forms.Form]:
        return [self.form, *self.rows]

    @property
    def can_grow(self) -> bool:
        return len(self.rows) < MOST_STEPS

    def is_valid(self) -> bool:
        """Whether every field is well and the weights differ."""
        wrong = [form for form in self.forms if not form.is_valid()]
        if wrong:
            return False
        steps = self.steps
        if not steps and self.form.cleaned_data["zone"] != Zone.PICKUP:
            self.problem = _("Please write at least one weight with its price.")
        elif len({grams for grams, _price in steps}) < len(steps):
            self.problem = _("Two rows have the same weight.")
        return not self.problem

    @property
    def steps(self) -> list[tuple[int, int]]:
        """(Grams, dong) of the rows that say something."""
        rows = [row.cleaned_data for row in self.rows]
        return [(row["kilos"], row["price"]) for row in rows if row.get("kilos")]

    def data(self) -> ServiceData:
        """For the service."""
        values = self.form.cleaned_data
        is_pickup = values["zone"] == Zone.PICKUP
        return ServiceData(
            name_vi=values["name"],
            name_en=values["name_en"],
            note_vi=values["note"],
            zone=values["zone"],
            days_min=values["days_min"],
            days_max=values["days_max"],
            steps=[] if is_pickup else self.steps,
            extra_per_kg=values["extra_per_kg"],
            free_over=None if is_pickup else values["free_over"],
            packing_fee=values["packing_fee"],
        )


def initial_of(service: DeliveryService | None) -> dict[str, Any]:
    """A saved service as it would be typed."""
    if service is None:
        return {"zone": Zone.PROVINCE, "days_min": 1, "days_max": 2}
    return {
        "name": service.name_vi,
        "name_en": service.name_en if service.name_en != service.name_vi else "",
        "note": service.note_vi,
        "zone": service.zone,
        "days_min": service.days_min,
        "days_max": service.days_max,
        "extra_per_kg": bare(service.extra_per_kg),
        "free_over": bare(service.free_over),
        "packing_fee": bare(service.packing_fee),
    }


def bare(amount: int | None) -> str:
    """A sum as people type it: ``20.000``; nothing for nothing."""
    return f"{amount:,}".replace(",", ".") if amount else ""


def rows_of(service: DeliveryService | None) -> list[StepForm]:
    """A row for each weight of a saved service; for a new one three that are empty."""
    rates = list(service.rates.all()) if service else []
    filled = [{"kilos": kilos_text(rate.up_to_g), "price": bare(rate.price) or "0"} for rate in rates]
    return [StepForm(prefix=f"s{n}", initial=row) for n, row in enumerate(filled or [{}, {}, {}])]


def rows_typed(data: Mapping[str, str]) -> list[StepForm]:
    """The rows as posted: ``drop`` names one to leave out, ``more`` asks for another."""
    rows = data.get("rows", "")
    count = min(int(rows), MOST_STEPS) if re.fullmatch(r"[0-9]{1,2}", rows) else 0
    typed = [{name: data.get(f"s{n}-{name}", "") for name in ("kilos", "price")} for n in range(count)]
    kept = [row for n, row in enumerate(typed) if data.get("drop") != str(n)]
    if "more" in data and len(kept) < MOST_STEPS or not kept:
        kept.append({"kilos": "", "price": ""})
    return [
        StepForm({f"s{n}-{name}": value for name, value in row.items()}, prefix=f"s{n}") for n, row in enumerate(kept)
    ]


class HoursForm(forms.Form):
    """When parcels leave."""

    cut_off = forms.TimeField(
        label=gettext_lazy("Orders before this hour leave the same day"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": gettext_lazy("Please write the hour like this: 10:00.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Parcels leave on"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one day.")},
    )
    fresh = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Fresh goods leave on"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one day.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        days, fresh = set(values.get("weekdays", ())), set(values.get("fresh", ()))
        if days and fresh and not days & fresh:
            self.add_error("fresh", _("Please choose at least one day on which parcels leave at all."))
        return values


def hours_initial(rules: DeliveryRules | None) -> dict[str, Any]:
    """Saved rules as the form shows them."""
    rules = rules or DeliveryRules()
    cut_off: time | None = rules.cut_off
    return {"cut_off": cut_off, "weekdays": days_of(rules.weekdays), "fresh": days_of(rules.fresh_weekdays)}


def days_of(mask: int) -> list[int]:
    """Numbers of the weekdays in a mask."""
    return [day for day, _name in WEEKDAYS if mask >> day & 1]


def mask_of(days: list[int]) -> int:
    """The mask of numbers of weekdays."""
    return sum(1 << day for day in set(days))


class ClosedForm(forms.Form):
    """Days on which nothing leaves."""

    first_day = forms.DateField(
        label=gettext_lazy("From"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Please choose the first day.")),
    )
    last_day = forms.DateField(
        label=gettext_lazy("to and with"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Please choose the last day.")},
    )
    reason = LineField(
        label=gettext_lazy("Why"),
        max_length=80,
        error_messages={"required": gettext_lazy("Please write why: buyers read it.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if "last_day" not in self.errors:
            values["last_day"] = values.get("last_day") or values.get("first_day")
        return values


CLOSED_PROBLEMS = {
    "order": ("last_day", gettext_lazy("The last day is before the first one.")),
    "long": ("last_day", gettext_lazy("At most 60 days at once. Switch your ways to send off for longer.")),
    "past": ("last_day", gettext_lazy("These days are over.")),
    "too_many": (None, gettext_lazy("There are enough closed days. Take some out first.")),
}


class TryForm(AddressMixin):
    """A buyer's commune, and a weight or one of the goods: the number of a product, or of a size."""

    goods = forms.TypedChoiceField(
        label=gettext_lazy("One of your goods"), required=False, coerce=int, empty_value=None
    )
    units = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=999,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Please write a number from 1 to 999.")
        ),
    )
    kilos = KilosField(label=gettext_lazy("or a parcel of (kg)"), required=False)

    def __init__(self, *args: Any, listings: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (product.pk, f"{listing.title}, {unit_of(product)}") for listing in listings for product in sold_as(listing)
        ]
        self.fields["goods"].choices = [("", _("None: only a weight")), *choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("goods") and not values.get("kilos") and "kilos" not in self.errors:
            self.add_error("kilos", _("Please choose one of your goods, or write a weight."))
        return values


def sold_as(listing: Any) -> list[Any]:
    """The products that buyers put into a basket: the sizes, or the one product that has none."""
    return listing.product.sizes or [listing.product]


def step_text(price: int) -> str:
    """A price in a list."""
    return dong_text(price) if price else _("free")


def closed_initial() -> dict[str, Any]:
    """Today, for the form."""
    return {"first_day": today()}
