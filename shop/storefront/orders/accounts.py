"""Where the money should go: the buyer's account for what is paid back by transfer."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from shop.checkout.models import OrderGroup
from shop.payment.refunds.services import RefundError, refund_account_set
from shop.payment.vietqr.forms import BankAccountForm
from shop.storefront.checkout import see_other
from shop.storefront.orders.money import Repayment
from shop.storefront.orders.pages import private, problem_page
from shop.storefront.orders.panels import OrderPanel, group_or_404, panel_or_404


class AccountForm(BankAccountForm):
    """Bank, number and holder of the account that the money goes to."""

    digits_only = True


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
