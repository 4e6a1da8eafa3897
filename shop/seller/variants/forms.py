"""What sellers type about a size: a name, weights as people write them, price and stock."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.fields import PlainField
from shop.seller.money.forms import DongField
from shop.variants.services import DEAREST, HEAVIEST_G, MOST_STOCK

WEIGHT = re.compile(r"([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*(g|gr|gam|gram|kg|ký|ki|kí)?", re.IGNORECASE)
#: A bare number below this is no weight in grams that anybody sells.
LEAST_BARE_G = 20


class GramField(forms.CharField):
    """Grams out of "500", "500 g", "1,5 kg"; None when empty."""

    default_error_messages = {
        "grams": gettext_lazy("Please write the weight with g or kg, for example 500 g or 1,5 kg."),
        "heavy": gettext_lazy("That is too heavy for one parcel."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20, **options})
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = WEIGHT.fullmatch(typed)
        if not found:
            raise forms.ValidationError(self.error_messages["grams"])
        number, unit = Decimal(found[1].replace(",", ".")), (found[2] or "").lower()
        grams = number * 1000 if unit.startswith("k") else number
        if grams != int(grams) or grams <= 0 or (not unit and grams < LEAST_BARE_G):
            raise forms.ValidationError(self.error_messages["grams"])
        if grams > HEAVIEST_G:
            raise forms.ValidationError(self.error_messages["heavy"])
        return int(grams)


class SizeForm(forms.Form):
    """One size. ``stock`` is what can be ordered from now on; ``stock_seen`` what that was on the page."""

    label_vi = PlainField(
        label=gettext_lazy("What is it called?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please write what buyers get, for example túi 500 g."),
            "max_length": gettext_lazy("Please keep it under 60 letters."),
        },
    )
    net_weight_g = GramField(label=gettext_lazy("Net weight"), required=False)
    price = DongField(
        label=gettext_lazy("Price for one"),
        error_messages={"required": gettext_lazy("Please write the price.")},
    )
    stock = forms.IntegerField(
        label=gettext_lazy("How many can be ordered?"),
        min_value=0,
        max_value=MOST_STOCK,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please write how many there are; 0 when it is sold out."),
            "invalid": gettext_lazy("Please write a whole number."),
            "min_value": gettext_lazy("Please write a whole number."),
            "max_value": gettext_lazy("That is more than one stall can hold. Please look again."),
        },
    )
    ship_weight_g = GramField(label=gettext_lazy("Weight with packing"), required=False)
    label_en = PlainField(
        label=gettext_lazy("Name in English"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "lang": "en"}),
        error_messages={"max_length": gettext_lazy("Please keep it under 60 letters.")},
    )
    stock_seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_price(self) -> int:
        if self.cleaned_data["price"] > DEAREST:
            raise forms.ValidationError(_("That is too much for one. Please look again."))
        return self.cleaned_data["price"]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if "net_weight_g" in self.errors or "ship_weight_g" in self.errors:
            return values
        net, whole = values.get("net_weight_g"), values.get("ship_weight_g")
        if not whole and not net:
            self.add_error("ship_weight_g", _("Please write what one weighs with packing: delivery is counted by it."))
        elif not whole:
            values["ship_weight_g"] = packed_weight(net)
        elif net and whole < net:
            self.add_error("ship_weight_g", _("With packing it cannot weigh less than without."))
        return values

    @property
    def values(self) -> dict[str, Any]:
        """What the services take, without the stock seen."""
        return {name: value for name, value in self.cleaned_data.items() if name != "stock_seen"}


def packed_weight(net_weight_g: int) -> int:
    """Grams with ordinary packing: a tenth more, rounded up to ten grams."""
    return min(HEAVIEST_G, -(-net_weight_g * 11 // 100) * 10)
