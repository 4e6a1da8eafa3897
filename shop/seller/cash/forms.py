"""What people type about cash: who carried it, how much came back, what the cooperative takes at the door."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.fields import PlainField
from shop.payment.cod.models import CashEntry
from shop.payment.cod.services import CarrierBalance
from shop.seller.money.forms import DongField
from shop.seller.money.words import dong_text

#: Names offered while somebody types a carrier.
SUGGESTIONS = 6


def carriers_of(cooperative: Any) -> list[str]:
    """Carriers that took cash for the cooperative, the one used last first."""
    names = CashEntry.objects.filter(cooperative=cooperative, kind=CashEntry.Kind.COLLECTED).order_by("-pk")
    return list(dict.fromkeys(names.values_list("carrier", flat=True)[:100]))[:SUGGESTIONS]


class FeeField(DongField):
    """A sum that may be nothing."""

    def clean(self, value: Any) -> int:
        return 0 if str(value or "").strip() in ("", "0") else super().clean(value)


class DeliverForm(forms.Form):
    """Who carried the parcel and has the cash now."""

    carrier = PlainField(
        label=gettext_lazy("Who carried it and has the cash?"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please write who has the cash now."),
            "max_length": gettext_lazy("Please keep the name under 60 letters."),
        },
    )

    def __init__(self, *args: Any, carriers: list[str] | None = None, is_pickup: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_pickup:
            self.fields["carrier"].label = _("Who took the cash?")
            self.fields["carrier"].initial = _("Our own stall")
        elif carriers:
            self.fields["carrier"].initial = carriers[0]


class DoorForm(forms.Form):
    """Why the buyer did not take the parcel."""

    reason = PlainField(
        label=gettext_lazy("What did the buyer say?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Please write what happened at the door."),
            "max_length": gettext_lazy("Please keep it under 300 characters."),
        },
    )

    prefix = "door"


class HandOverForm(forms.Form):
    """A carrier brought cash; ``key`` makes a second press of the button harmless."""

    carrier = forms.ChoiceField(
        label=gettext_lazy("Who brought cash?"),
        error_messages={
            "required": gettext_lazy("Please choose who brought cash."),
            "invalid_choice": gettext_lazy("Please choose who brought cash."),
        },
    )
    amount = DongField(
        label=gettext_lazy("Cash in your hand"),
        error_messages={"required": gettext_lazy("Please type how much cash you got.")},
    )
    fee = FeeField(label=gettext_lazy("Fee that the carrier kept"), required=False)
    reference = PlainField(
        label=gettext_lazy("Number of the receipt"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("Please keep it under 100 characters.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, owing: list[CarrierBalance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(row.carrier, f"{row.carrier}: {dong_text(row.owes)}") for row in owing]
        first = [("", _("Please choose"))] if len(choices) != 1 else []
        self.fields["carrier"].choices = first + choices
        self.initial.setdefault("key", uuid.uuid4())


class CashSettingsForm(forms.Form):
    """Whether the cooperative takes cash at the door, and up to which sum."""

    accepts = forms.BooleanField(label=gettext_lazy("Buyers may pay in cash at the door"), required=False)
    limit = DongField(label=gettext_lazy("At most, for one parcel"), required=False)

    def clean_limit(self) -> int | None:
        limit = self.cleaned_data["limit"]
        if limit is not None and limit > settings.COD_LIMIT:
            raise forms.ValidationError(
                _("The market's own limit is %(sum)s.") % {"sum": dong_text(settings.COD_LIMIT)}
            )
        return limit
