"""What people type about money: orders, sums, reasons, bank accounts."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.fields import PlainField
from shop.core.money import MoneyError, dong
from shop.order.models import Order
from shop.payment.vietqr.forms import BankAccountForm
from shop.seller.money.candidates import order_in
from shop.seller.money.words import dong_text

LEAST_ROWS, MOST_ROWS = 2, 10
ACCOUNT_NUMBER = re.compile(r"[A-Za-z0-9]{6,19}")


class DongField(forms.CharField):
    """A sum as people type it: "195000", "195.000", "195.000 đ"."""

    default_error_messages = {"dong": gettext_lazy("Please write the sum in whole dong, for example 195.000.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20, **options})
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            amount = dong(typed)
        except MoneyError:
            amount = 0
        if amount <= 0:
            raise forms.ValidationError(self.error_messages["dong"])
        return amount


class OrderField(forms.CharField):
    """The number of one of the cooperative's own orders, with or without its dashes."""

    default_error_messages = {
        "required": gettext_lazy("Please choose an order."),
        "unknown": gettext_lazy("You have no order with this number."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 30, "label": gettext_lazy("Order number"), **options})
        self.cooperative: Any = None

    def clean(self, value: Any) -> Order | None:
        typed = super().clean(value)
        if not typed:
            return None
        order = order_in(self.cooperative, typed)
        if order is None:
            raise forms.ValidationError(self.error_messages["unknown"])
        return order


class PlaceForm(forms.Form):
    """One order for the whole line."""

    order = OrderField()

    def __init__(self, *args: Any, cooperative: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["order"].cooperative = cooperative


class ShareForm(forms.Form):
    """A part of a line for one order; an empty row counts for nothing."""

    order = OrderField(required=False)
    dong = DongField(required=False, label=gettext_lazy("Part in dong"))

    def __init__(self, *args: Any, cooperative: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["order"].cooperative = cooperative

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("order") and not values.get("dong") and "dong" not in self.errors:
            self.add_error("dong", _("Please write how much of the money is for this order."))
        if values.get("dong") and not values.get("order") and "order" not in self.errors:
            self.add_error("order", _("Please write for which order this part is."))
        return values


class SplitForm:
    """Several parts of one line. ``problem`` is what is wrong with all of them together."""

    def __init__(self, line: Any, data: Mapping[str, str] | None = None, initial: list[dict[str, str]] | None = None):
        self.line, self.problem, initial = line, "", initial or []
        count = number_of_rows(data.get("rows", "")) if data is not None else len(initial) + 1
        if data is not None and "more" in data:
            count += 1
        self.rows = [
            ShareForm(data, prefix=f"p{n}", cooperative=line.cooperative, initial=dict(enumerate(initial)).get(n))
            for n in range(min(max(count, LEAST_ROWS), MOST_ROWS))
        ]

    @property
    def can_grow(self) -> bool:
        return len(self.rows) < MOST_ROWS

    @property
    def is_touched(self) -> bool:
        """Whether something has been typed, so that the page shows the form."""
        return any(row.is_bound for row in self.rows)

    @property
    def shares(self) -> dict[Order, int]:
        """Dong by order; an order that stands twice gets both parts."""
        found: dict[Order, int] = {}
        for row in self.rows:
            if row.cleaned_data.get("order"):
                order = row.cleaned_data["order"]
                found[order] = found.get(order, 0) + row.cleaned_data["dong"]
        return found

    def is_valid(self) -> bool:
        """Whether every row is well and the parts are the whole line, to the dong."""
        # Every row is looked at, so that all errors show at once.
        wrong = [row for row in self.rows if not row.is_valid()]
        if wrong:
            return False
        total = sum(self.shares.values())
        if total != self.line.amount:
            texts = {"parts": dong_text(total), "sum": dong_text(self.line.amount)}
            self.problem = _("The parts make %(parts)s, but %(sum)s came. They must be the same.") % texts
        return not self.problem


def number_of_rows(typed: str) -> int:
    """How many rows the page had."""
    return int(typed) if re.fullmatch(r"[0-9]{1,3}", typed) else LEAST_ROWS


class ReasonForm(forms.Form):
    """Why something is done; kept with the person's name."""

    reason = PlainField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Please write the reason in a few words."),
            "max_length": gettext_lazy("Please keep it under 300 characters."),
        },
    )


class AccountForm(BankAccountForm):
    """Where the buyer wants the money."""


class PaidForm(forms.Form):
    """What the bank calls the transfer back."""

    reference = PlainField(
        label=gettext_lazy("Bank reference"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please copy the reference from your bank app: it proves the payment."),
        },
    )
