"""``/ban-hang/tien-mat/``: the cash that carriers took for the cooperative, what they brought, and who may pay so."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from shop.cooperatives.models import Cooperative, Membership
from shop.cooperatives.services import cooperative_cash_set
from shop.payment.cod.models import CashEntry
from shop.payment.cod.services import CarrierBalance, CashError, carrier_balances, cash_hand_over
from shop.seller.accounts.access import ASKERS, is_one_of, people_only
from shop.seller.cash.forms import CashSettingsForm, HandOverForm
from shop.seller.money.guards import money_only
from shop.seller.money.words import dong_text
from shop.seller.panels import person_name
from shop.seller.views import SeeOther, frame

PAGE_SIZE = 20
NOT_OWNER = gettext_lazy("Only the owner says whether buyers may pay in cash.")


@method_decorator(money_only, name="dispatch")
class LedgerView(View):
    """What each carrier took, brought and still owes; a form for cash that was brought."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        balances = carrier_balances(request.workspace.cooperative)
        form = HandOverForm(request.POST, owing=all_carriers(balances))
        if "key" in form.errors:  # a page that was tampered with: a fresh key, nothing typed lost
            return self.page(request, HandOverForm(initial=typed(request), owing=owing(balances)), status=422)
        if not form.is_valid():
            return self.page(request, form, status=422)
        try:
            entry = cash_bring(request.workspace.cooperative, form.cleaned_data, request.workspace.by)
        except CashError as error:
            form.add_error("amount", error_text(error))
            return self.page(request, form, status=422)
        if not is_same(entry, form.cleaned_data):
            problem = _("This page was used before, for %(sum)s of %(carrier)s. Nothing was added: please press again.")
            problem %= {"sum": dong_text(entry.amount), "carrier": entry.carrier}
            again = HandOverForm(initial=typed(request), owing=owing(balances))
            return self.page(request, again, problem, status=409)
        messages.success(
            request,
            _("Written down: %(carrier)s brought %(sum)s.")
            % {"carrier": entry.carrier, "sum": dong_text(entry.amount)},
        )
        return SeeOther(reverse("seller:cash"))

    def page(self, request: HttpRequest, form: Any = None, problem: str = "", status: int = 200) -> HttpResponse:
        cooperative = request.workspace.cooperative
        balances = carrier_balances(cooperative)
        entries = CashEntry.objects.filter(cooperative=cooperative).select_related("order")
        page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
        people = list(Membership.objects.filter(cooperative=cooperative).select_related("user"))
        context = frame(request) | {
            "balances": sorted(balances, key=lambda row: -row.owes),
            "owed": sum(row.owes for row in balances),
            "owing": owing(balances),
            "form": form or HandOverForm(owing=owing(balances)),
            "page_obj": page,
            "entries": [{"entry": entry, "by": person_name(entry.by, people)} for entry in page.object_list],
            "may_set": is_one_of(request.workspace, ASKERS),
            "problem": problem,
        }
        return render(request, "seller/cash/ledger.html", context, status=status)


@method_decorator(people_only(ASKERS, NOT_OWNER), name="dispatch")
class SettingsView(View):
    """``…/cai-dat/``: cash at the door, yes or no, and up to which sum."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cooperative = Cooperative.objects.get(pk=request.workspace.cooperative.pk)
        limit = dong_text(cooperative.cod_limit) if cooperative.cod_limit else ""
        return self.page(request, CashSettingsForm(initial={"accepts": cooperative.accepts_cod, "limit": limit}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CashSettingsForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        cooperative_cash_set(
            cooperative=request.workspace.cooperative,
            accepts=form.cleaned_data["accepts"],
            limit=form.cleaned_data["limit"],
            by=request.workspace.by,
        )
        messages.success(request, _("Saved. It holds for orders from now on."))
        return SeeOther(reverse("seller:cash"))

    def page(self, request: HttpRequest, form: CashSettingsForm, status: int = 200) -> HttpResponse:
        context = frame(request) | {"form": form, "market_limit": settings.COD_LIMIT}
        return render(request, "seller/cash/settings.html", context, status=status)


# -- Parts -------------------------------------------------------------------------------------------------------


def cash_bring(cooperative: Cooperative, data: dict[str, Any], by: str) -> CashEntry:
    """Write down what was brought; the same page twice is one entry."""
    return cash_hand_over(
        cooperative=cooperative,
        carrier=data["carrier"],
        amount=data["amount"],
        fee=data["fee"],
        reference=data["reference"],
        key=data["key"].hex,
        by=by,
    )


def is_same(entry: CashEntry, data: dict[str, Any]) -> bool:
    """Whether the entry tells what was typed; a page brought back by "back" may hold other figures."""
    return (entry.carrier, entry.amount) == (data["carrier"], data["amount"])


def owing(balances: list[CarrierBalance]) -> list[CarrierBalance]:
    """Carriers that have cash of the cooperative, the most first."""
    return sorted((row for row in balances if row.owes > 0), key=lambda row: -row.owes)


def all_carriers(balances: list[CarrierBalance]) -> list[CarrierBalance]:
    """Also those that owe nothing any more: a second press of the button names one of them."""
    return owing(balances) + [row for row in balances if row.owes <= 0]


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, for a form with a key of its own."""
    return {name: request.POST.get(name, "") for name in ("carrier", "amount", "fee", "reference")}


def error_text(error: CashError) -> str:
    """What is wrong with the sum."""
    if error.code == "too_much":
        return _("Together with the fee that is more than the carrier owes: %(sum)s.") % {"sum": dong_text(error.limit)}
    return _("Please write the sum in whole dong, for example 195.000.")
