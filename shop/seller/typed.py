"""Fields for what sellers type on a phone: one line of text, sums, weights."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shop.core.fields import PlainField
from shop.core.money import format_dong
from shop.seller.money.forms import DongField

#: More than any price here, and less than every column holds.
MOST_DONG = 500_000_000
MOST_GRAMS = 500_000
KILOS = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,3}))?\s*(?:kg)?", re.IGNORECASE)


class LineField(PlainField):
    """One line of text, cleaned of invisible characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("autocomplete", "off")
        if self.max_length:
            self.error_messages["max_length"] = _("Please keep it under %(most)d letters.") % {
                "most": self.max_length + 1
            }


class SumField(DongField):
    """Dong, more than nothing; empty is None when it is not required."""

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        if amount is not None and amount > MOST_DONG:
            most = format_dong(MOST_DONG, get_language() or "vi")
            raise forms.ValidationError(_("At most %(sum)s.") % {"sum": most})
        return amount


class FeeField(SumField):
    """Dong; empty and 0 are nothing."""

    def clean(self, value: Any) -> int:
        return 0 if str(value or "").strip() in ("", "0") else super().clean(value)


class KilosField(forms.CharField):
    """A weight in kilograms as people type it, "0,5" or "5 kg"; cleans to grams."""

    default_error_messages = {"kilos": gettext_lazy("Please write the weight in kilograms, for example 5 or 0,5.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 12, **options})
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = KILOS.fullmatch(typed.strip())
        grams = int(Decimal(f"{found[1]}.{found[2] or 0}") * 1000) if found else 0
        if not 0 < grams <= MOST_GRAMS:
            raise forms.ValidationError(self.error_messages["kilos"])
        return grams


def kilos_text(grams: int) -> str:
    """``500`` gives "0,5": what the field takes back."""
    whole, rest = divmod(grams, 1000)
    return f"{whole},{rest:03d}".rstrip("0").rstrip(",") if rest else str(whole)
