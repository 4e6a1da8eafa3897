"""What people type about a parcel: lots, carrier, why it came back, how much less is sent."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.dates import today
from shop.core.plain import plain_text
from shop.fulfilment.carriers import CARRIERS, tracking_clean
from shop.fulfilment.parcels import Lot

#: The most that a field of words holds before it is looked at; what is longer was not typed by a person.
LONGEST = 4_000


class WordsField(forms.CharField):
    """A text that other people read: without control marks, in at most ``words`` letters."""

    def __init__(self, *, words: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def clean(self, value: Any) -> str:
        text = plain_text(super().clean(value), LONGEST, lines=False)
        if self.required and not text:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(text) > self.words:
            raise forms.ValidationError(_("Please keep it under %(n)d letters.") % {"n": self.words}, code="long")
        return text


def reason_field(label: Any, required: Any) -> WordsField:
    """Why something happened; the buyer reads it."""
    area = forms.Textarea(attrs={"rows": 2})
    return WordsField(label=label, words=300, widget=area, error_messages={"required": required})


class PackForm(forms.Form):
    """From which lot each line was taken; all of it optional. ``again`` is a lot used before, for every line."""

    prefix = "pack"
    again = forms.ChoiceField(label=gettext_lazy("A lot that you used before"), required=False)

    def __init__(self, *args: Any, lines: Iterable[Any], recent: Iterable[Lot] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.quantity]
        self.recent = {f"{lot.code}|{lot.made_on or ''}": lot for lot in recent}
        self.fields["again"].choices = [("", _("None"))] + [(key, lot_text(lot)) for key, lot in self.recent.items()]
        self.fields["again"].widget.choices = self.fields["again"].choices
        for line in self.lines:
            box = forms.TextInput(attrs={"autocomplete": "off"})
            self.fields[f"lot-{line.pk}"] = WordsField(label=_("Lot"), words=40, required=False, widget=box)
            self.fields[f"day-{line.pk}"] = forms.DateField(
                label=_("Harvested or packed on"),
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                input_formats=["%Y-%m-%d", "%d/%m/%Y"],
                error_messages={"invalid": _("Please write the day like 23/11/2026.")},
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields."""
        return [{"line": line, "lot": self[f"lot-{line.pk}"], "day": self[f"day-{line.pk}"]} for line in self.lines]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for line in self.lines:
            day = data.get(f"day-{line.pk}")
            if day and day > today():
                self.add_error(f"day-{line.pk}", _("That day is still to come."))
            if day and not data.get(f"lot-{line.pk}") and f"lot-{line.pk}" not in self.errors:
                self.add_error(f"lot-{line.pk}", _("Please write the lot for that day."))
        return data

    @property
    def lots(self) -> dict[int, Lot]:
        """Lots by the primary key of the line; what was typed beside a line counts more than the lot used before."""
        again = self.recent.get(self.cleaned_data.get("again", ""))
        found: dict[int, Lot] = {}
        for line in self.lines:
            typed = self.cleaned_data[f"lot-{line.pk}"]
            lot = Lot(typed, self.cleaned_data[f"day-{line.pk}"]) if typed else again
            if lot:
                found[line.pk] = lot
        return found


def lot_text(lot: Lot) -> str:
    """A lot as people name it: "VS-1124, 23/11"."""
    return f"{lot.code}, {day_text(lot.made_on)}" if lot.made_on else lot.code


def day_text(day: date) -> str:
    return f"{day.day}/{day.month}"


class HandOverForm(forms.Form):
    """Who carries the parcel, under which number."""

    prefix = "hand"
    carrier = forms.ChoiceField(
        label=gettext_lazy("Who carries it?"),
        choices=[(carrier.code, carrier.label) for carrier in CARRIERS.values()],
        error_messages={
            "required": gettext_lazy("Please choose who carries the parcel."),
            "invalid_choice": gettext_lazy("Please choose who carries the parcel."),
        },
    )
    tracking = forms.CharField(
        label=gettext_lazy("Tracking number"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = WordsField(
        label=gettext_lazy("Name of the driver or the bus"),
        words=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_tracking(self) -> str:
        try:
            return tracking_clean(self.cleaned_data["tracking"])
        except ValueError as error:
            text = _("A tracking number has 5 to 40 letters and digits, as on the carrier's receipt.")
            raise forms.ValidationError(text) from error


class ReturnForm(forms.Form):
    """A parcel that came back: why, and what becomes of the goods."""

    prefix = "back"
    why = forms.ChoiceField(
        label=gettext_lazy("Why is it back?"),
        choices=[
            ("refused", gettext_lazy("The buyer did not want it")),
            ("missed", gettext_lazy("The carrier could not deliver it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose why it is back.")},
    )
    goods = forms.ChoiceField(
        label=gettext_lazy("And the goods?"),
        choices=[
            ("sell", gettext_lazy("Still good: back on sale")),
            ("spoilt", gettext_lazy("Spoilt: write them off")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose what becomes of the goods.")},
    )
    reason = reason_field(
        gettext_lazy("What happened?"), gettext_lazy("Please write what happened: the buyer will read it.")
    )


class ReduceForm(forms.Form):
    """How many of each line are really sent."""

    prefix = "less"
    reason = reason_field(gettext_lazy("Why fewer?"), gettext_lazy("Please write the reason: the buyer will read it."))

    def __init__(self, *args: Any, lines: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.quantity]
        for line in self.lines:
            wrong = _("Please type a number from 0 to %(most)d.") % {"most": line.quantity}
            self.fields[f"units-{line.pk}"] = forms.IntegerField(
                label=line.title,
                min_value=0,
                max_value=line.quantity,
                initial=line.quantity,
                error_messages=dict.fromkeys(["required", "invalid", "min_value", "max_value"], wrong),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its field."""
        return [{"line": line, "units": self[f"units-{line.pk}"]} for line in self.lines]

    @property
    def quantities(self) -> dict[int, int]:
        """What is left of each line, by its primary key."""
        return {line.pk: self.cleaned_data[f"units-{line.pk}"] for line in self.lines}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        units = [data.get(f"units-{line.pk}") for line in self.lines]
        if None not in units and not any(units):
            text = _("Nothing would be left. To send nothing at all, use “We cannot serve this order”.")
            self.add_error(f"units-{self.lines[0].pk}", text)
        elif None not in units and units == [line.quantity for line in self.lines]:
            self.add_error(f"units-{self.lines[0].pk}", _("Nothing has changed yet: type the smaller number."))
        return data
