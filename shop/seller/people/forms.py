"""What an owner says about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.accounts.forms import ContactField
from shop.cooperatives.models import Membership

Role = Membership.Role
#: What each role does all day, for those who give it.
DUTIES: dict[str, Any] = {
    Role.OWNER: _("Everything, also the bank account and people"),
    Role.SELLER: _("Goods, prices, orders and money that arrives"),
    Role.PACKER: _("Packs and hands over parcels; sees no money"),
    Role.ACCOUNTANT: _("Money, bank statements, approves a new bank account"),
}


class RoleForm(forms.Form):
    """Which role somebody has."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what this person does."),
            "invalid_choice": _("Please choose what this person does."),
        },
    )

    @property
    def roles(self) -> list[dict[str, Any]]:
        """The roles with what they mean."""
        chosen = self["role"].value()
        return [
            {"value": role.value, "label": role.label, "duty": DUTIES[role], "is_chosen": role.value == chosen}
            for role in (Role.PACKER, Role.SELLER, Role.ACCOUNTANT, Role.OWNER)
        ]


class InviteForm(RoleForm):
    """Whom to invite."""

    phone = ContactField(
        only="phone",
        label=_("Their phone number"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "required": True}),
    )
    field_order = ("phone", "role")
