"""What a cooperative chooses about its messages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.messaging.models import Message
from shop.notices.models import CooperativeNotices, StaffNotices
from shop.notices.services import channel_of
from shop.notices.texts import MAIN

#: Hours that a digest may come at: nobody is woken.
HOURS = [(hour, f"{hour}:00") for hour in (6, 7, 8, 10, 12, 14, 16, 18, 20)]
MOST_HOURS = 4


class MineForm(forms.Form):
    """When one person hears of new orders."""

    when = forms.ChoiceField(
        label=_("New orders"),
        choices=StaffNotices.When.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )


class NoticesForm(forms.Form):
    """How buyers are told, of what, and when the day's work comes."""

    channel = forms.ChoiceField(
        label=_("How buyers are told"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )
    is_unmarked = forms.BooleanField(label=_("Text messages without Vietnamese marks"), required=False)
    on = forms.MultipleChoiceField(
        label=_("What buyers are told"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Please choose out of this list.")},
    )
    hours = forms.TypedMultipleChoiceField(
        label=_("When the day's work comes"),
        required=False,
        coerce=int,
        choices=HOURS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Please choose out of this list.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = dict(Message.Channel.choices)
        self.fields["channel"].choices = [(code, names[code]) for code in settings.BUYER_CHANNELS]
        self.fields["on"].choices = [(kind.code, kind.label) for kind in MAIN if not kind.is_locked]

    def clean_hours(self) -> list[int]:
        hours = self.cleaned_data["hours"]
        if len(hours) > MOST_HOURS:
            raise forms.ValidationError(_("At most four times a day, please."))
        return hours


def initial_of(choice: CooperativeNotices) -> dict[str, Any]:
    """The form as the choices are now."""
    return {
        "channel": channel_of(choice),
        "is_unmarked": choice.is_unmarked,
        "on": [kind.code for kind in MAIN if not kind.is_locked and choice.sends(kind)],
        "hours": choice.digest_hours,
    }
