"""Where the money should go: the buyer's account for what is paid back by transfer."""

import re
import unicodedata
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from shop.checkout.models import OrderGroup
from shop.core.places import banks
from shop.core.text import fold
from shop.payment.refunds.services import RefundError, refund_account_set
from shop.storefront.checkout import see_other
from shop.storefront.orders.money import Repayment
from shop.storefront.orders.pages import private, problem_page
from shop.storefront.orders.panels import OrderPanel, group_or_404, panel_or_404

_SEPARATORS = re.compile(r"[\s.\-]+")
_NUMBER = re.compile(r"[0-9]{6,19}")
_HOLDER = re.compile(r"[A-Z0-9 ]{3,50}")


class AccountForm(forms.Form):
    """Bank, number and holder of the account that the money goes to."""

    bin = forms.ChoiceField(
        label=gettext_lazy("Bank"),
        error_messages={
            "required": gettext_lazy("Please choose the bank."),
            "invalid_choice": gettext_lazy("Please choose the bank."),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Please type the account number."),
            "max_length": gettext_lazy("An account number is not that long."),
        },
    )
    holder = forms.CharField(
        label=gettext_lazy("Account holder"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Please type the name that the account is in."),
            "max_length": gettext_lazy("The name has 50 letters at most. Please write it as the bank does."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(bank.bin, f"{bank.short_name} ({bank.name_vi})") for bank in banks()]
        self.fields["bin"].choices = [("", _("Please choose")), *choices]

    def clean_number(self) -> str:
        """As it stands on the card, blanks and dots or not; nobody calls money back from a stranger's account."""
        number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", self.cleaned_data["number"]))
        if not _NUMBER.fullmatch(number):
            raise forms.ValidationError(_("An account number has 6 to 19 digits and no letters. Please check it."))
        return number

    def clean_holder(self) -> str:
        """As banks print it: ``Nguyễn Thị Thảo`` becomes ``NGUYEN THI THAO``."""
        holder = fold(self.cleaned_data["holder"]).upper()
        if not _HOLDER.fullmatch(holder):
            raise forms.ValidationError(
                _("The name has 3 to 50 letters from A to Z. Please write it as it stands at the bank.")
            )
        return holder


class AccountView(View):
    """``…/tai-khoan-nhan-lai/``: a page of its own, because the purchase's page renews itself while one types."""

    def get(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group = group_or_404(code)
        panel = panel_or_404(group, number)
        if not panel.accounts_wanted:
            return see_other(group.get_absolute_url())
        known = panel.accounts_wanted[0].refund
        return self.page(request, panel, AccountForm(initial={"bin": known.bin, "holder": known.holder}))

    def post(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group = group_or_404(code)
        panel = panel_or_404(group, number)
        if not panel.accounts_wanted:
            return problem_page(request, group, why_not(panel))
        form = AccountForm(request.POST)
        if not form.is_valid():
            return self.page(request, panel, form, 422)
        try:
            accounts_set(group, panel.accounts_wanted, form.cleaned_data)
        except RefundError:
            return problem_page(request, group, why_not(panel_or_404(group, number)))
        return see_other(f"{group.get_absolute_url()}#order-{panel.order.number}")

    def page(self, request: HttpRequest, panel: OrderPanel, form: AccountForm, status: int = 200) -> HttpResponse:
        total = sum(row.refund.amount for row in panel.accounts_wanted)
        context = {"group": panel.group, "panel": panel, "form": form, "total": total}
        return private(render(request, "order/account.html", context, status=status))


@transaction.atomic
def accounts_set(group: OrderGroup, wanted: list[Repayment], account: dict[str, str]) -> None:
    """One account for everything that an order still gets back: told once."""
    for row in sorted(wanted, key=lambda row: row.refund.pk):
        refund_account_set(refund=row.refund, by=group.phone, **account)


def why_not(panel: OrderPanel) -> str:
    """Why no account is taken any more."""
    if any(row.is_owed and row.by_card for row in panel.repayments):
        return _("This money goes back to the card that paid. No account is needed.")
    if any(not row.is_owed for row in panel.repayments):
        return _("This money has been paid back already. Nothing was changed.")
    return _("Nothing is to be paid back for this order.")
