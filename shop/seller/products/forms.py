"""What a cooperative types about one product. The names are those of ``ListingFields``."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core import ocop, places
from shop.core.dates import ALL_YEAR, months_in, months_mask
from shop.core.fields import PlainField
from shop.core.money import format_weight
from shop.listings.fields import (
    FIELD_NAMES,
    LIMITS,
    MAX_PRICE,
    MAX_STOCK,
    MAX_WEIGHT,
    UNNAMED,
    ListingFields,
    ship_weight_of,
)
from shop.seller.money.forms import DongField

_WEIGHT = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{1,3}))?\s*(kg|kí|ký|ki|kilo|g|gr|gram|l|lít|lit|ml)?", re.IGNORECASE)
_SMALL = {"g", "gr", "gram", "ml"}
#: Below this a bare number is kilograms: nobody sells 3 grams of mango.
_BARE_KILOS = 20
#: Days on the road that goods bear, as people say it.
REACHES = (
    ("", gettext_lazy("As long as it takes")),
    ("1", gettext_lazy("One day at most")),
    ("2", gettext_lazy("Two days at most")),
    ("3", gettext_lazy("Three days at most")),
    ("5", gettext_lazy("Five days at most")),
    ("7", gettext_lazy("A week at most")),
)
#: One tap: what is typed for the unit, and the weight in grams that it says.
UNITS = (("kg", 1_000), ("500 g", 500), ("hộp", None), ("túi", None), ("gói", None), ("chai", None), ("hũ", None),
         ("lốc", None), ("chục 10 trái", None), ("cái", None))  # fmt: skip


def grams_of(typed: str) -> int | None:
    """Grams meant by ``"500 g"``, ``"3 kg"``, ``"1,5kg"``, ``"3"`` (kilograms) or ``"500"`` (grams); None: unclear.

    A litre counts as a kilogram.
    """
    found = _WEIGHT.fullmatch(typed.strip())
    if not found:
        return None
    whole, part, unit = int(found[1]), found[2], (found[3] or "").lower()
    if unit in _SMALL or (not unit and part is None and whole > _BARE_KILOS):
        return whole if part is None else None
    return whole * 1_000 + (int(part.ljust(3, "0")) if part else 0)


class WeightField(forms.CharField):
    """A weight as people type it, in grams."""

    default_error_messages = {"weight": gettext_lazy("Please type the weight, for example 500 g or 3 kg.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20, "required": False, **options})
        self.widget.attrs.update({"autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        grams = grams_of(typed)
        if not grams or grams > MAX_WEIGHT:
            raise forms.ValidationError(self.error_messages["weight"])
        return grams

    def prepare_value(self, value: Any) -> Any:
        return format_weight(value).replace("\u00a0", " ") if isinstance(value, int) else value


class PriceField(DongField):
    """Dong; shown in groups of three."""

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        if amount is not None and amount > MAX_PRICE:
            raise forms.ValidationError(self.error_messages["dong"])
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def text(label: Any, name: str, *, rows: int = 0, **attributes: Any) -> forms.CharField:
    """A text of its field's length; nothing has to be filled in for a draft."""
    attributes = {"autocomplete": "off", **attributes}
    widget = forms.Textarea(attrs={"rows": rows, **attributes}) if rows else forms.TextInput(attrs=attributes)
    messages = {"max_length": gettext_lazy("Please keep it under %(limit_value)d characters.")}
    return PlainField(label=label, required=False, max_length=LIMITS[name], widget=widget, error_messages=messages)


class ListingForm(forms.Form):
    """One product. A draft takes what is right and names what is wrong; a bad value never costs a good one."""

    title = text(gettext_lazy("Name of the product"), "title", enterkeyhint="next")
    price = PriceField(label=gettext_lazy("Price"), required=False, max_length=20)
    unit_vi = text(gettext_lazy("For one"), "unit_vi")
    net_weight_g = WeightField(label=gettext_lazy("Weight of one"))
    stock = forms.IntegerField(
        label=gettext_lazy("How many can you sell now?"),
        required=False,
        min_value=0,
        max_value=MAX_STOCK,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            name: gettext_lazy("Please type how many you can sell now, for example 20.")
            for name in ("invalid", "min_value", "max_value")
        },
    )
    ward_code = forms.ChoiceField(label=gettext_lazy("Commune that it comes from"), required=False)
    season = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Months with goods"),
        coerce=int,
        choices=[(month, month) for month in range(1, 13)],
        error_messages={"required": gettext_lazy("Please choose at least one month.")},
    )
    ocop_set = forms.TypedChoiceField(
        label=gettext_lazy("Kind of product"), required=False, coerce=int, empty_value=None
    )
    summary_vi = text(gettext_lazy("What is special about it?"), "summary_vi", rows=3)
    ingredients_vi = text(gettext_lazy("Ingredients"), "ingredients_vi", rows=2)
    storage_vi = text(gettext_lazy("How to keep it"), "storage_vi")
    shelf_life_vi = text(gettext_lazy("How long it keeps"), "shelf_life_vi")
    claims = text(gettext_lazy("VietGAP, organic and the like, with the number"), "claims")
    max_transit_days = forms.TypedChoiceField(
        label=gettext_lazy("How long may it be on the road?"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=REACHES,
    )
    ship_weight_g = WeightField(label=gettext_lazy("Weight with packing"))
    title_en = text(gettext_lazy("Name in English"), "title_en")
    summary_en = text(gettext_lazy("What is special, in English"), "summary_en", rows=3)
    unit_en = text(gettext_lazy("Unit in English"), "unit_en")
    ingredients_en = text(gettext_lazy("Ingredients in English"), "ingredients_en", rows=2)
    storage_en = text(gettext_lazy("How to keep it, in English"), "storage_en")
    shelf_life_en = text(gettext_lazy("How long it keeps, in English"), "shelf_life_en")

    more_names = ("summary_vi", "ingredients_vi", "storage_vi", "shelf_life_vi", "claims", "max_transit_days",
                  "ship_weight_g")  # fmt: skip
    english_names = ("title_en", "unit_en", "summary_en", "ingredients_en", "storage_en", "shelf_life_en")

    def __init__(self, *args: Any, said: ListingFields | None = None, ward_code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial=initial_of(said, ward_code), **kwargs)
        province = places.commune(ward_code).province_code if places.commune(ward_code) else settings.HOME_PROVINCE
        communes = [(row.code, row.name) for row in places.communes_of(province)]
        known = places.commune(said.ward_code) if said and said.ward_code else None
        if known and known.province_code != province:
            communes.append((known.code, f"{known.name}, {known.province.name}"))
        self.fields["ward_code"].choices = communes
        days = said.max_transit_days if said else None
        if days and str(days) not in dict(REACHES):
            self.fields["max_transit_days"].choices = [*REACHES, (str(days), _("%(n)s days at most") % {"n": days})]
        self.fields["ocop_set"].choices = [("", _("Guess from the name")), *ocop.set_choices()]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more_names]

    @property
    def english(self) -> list[forms.BoundField]:
        return [self[name] for name in self.english_names]

    @property
    def is_more_wrong(self) -> bool:
        return any(self[name].errors for name in self.more_names)

    @property
    def is_english_wrong(self) -> bool:
        return any(self[name].errors for name in self.english_names)

    @property
    def chosen_months(self) -> set[int]:
        """Months to be ticked, as typed or as stored."""
        return {int(month) for month in self["season"].value() or () if str(month).isdecimal()}

    def fields_said(self, base: ListingFields | None) -> ListingFields:
        """What was typed correctly, over what was there; call it after ``is_valid``."""
        values = {name: getattr(base, name) for name in FIELD_NAMES} if base else {"title": UNNAMED}
        values |= {name: value for name, value in self.cleaned_data.items() if name in FIELD_NAMES}
        if "season" in self.cleaned_data:
            values["season"] = months_mask(self.cleaned_data["season"])
        values["title"] = values["title"] or UNNAMED
        return ListingFields(**values)


def initial_of(said: ListingFields | None, ward_code: str) -> dict[str, Any]:
    """The fields as the form shows them; a new product comes from the cooperative's commune, all year."""
    if said is None:
        return {"ward_code": ward_code, "season": months_in(ALL_YEAR)}
    values = {name: getattr(said, name) for name in FIELD_NAMES}
    values["title"] = "" if said.title == UNNAMED else said.title
    if said.ship_weight_g == ship_weight_of(said.net_weight_g, None):
        values["ship_weight_g"] = None  # it follows the net weight
    return values | {"season": months_in(said.season)}
