"""``/ban-hang/tai-khoan/``: where the money arrives, and the way to another account: ask, second person, a day."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.cooperatives.models import Cooperative, Membership
from shop.core import places
from shop.payment.vietqr.forms import holder_clean
from shop.payment.vietqr.models import BankAccount
from shop.payment.vietqr.services import (
    AccountError,
    account_activate,
    account_approve,
    account_ask,
    account_current,
    account_refuse,
)
from shop.seller.accounts.access import (
    ASKERS,
    DECIDERS,
    LOOKERS,
    account_only,
    asker_of,
    is_one_of,
    others_who_decide,
    people_only,
)
from shop.seller.accounts.forms import AccountForm
from shop.seller.accounts.proof import NOT_YOURS, proof_required
from shop.seller.panels import person_name
from shop.seller.views import SeeOther, frame

State = BankAccount.State
DRAFT = "seller_account_draft"
NOT_OWNER = gettext_lazy("Only the owner changes the bank account. Nothing has been changed.")
NOT_DECIDER = gettext_lazy("Only the owner or the accountant decides about the bank account. Nothing has been changed.")


@require_safe
@people_only(LOOKERS, NOT_YOURS)
def overview(request: HttpRequest) -> HttpResponse:
    """The account in use, the change under way, and those before."""
    return account_page(request)


@method_decorator(people_only(ASKERS, NOT_OWNER), name="dispatch")
class ChangeView(View):
    """``…/doi/``: type the other account. It is only remembered; the next page asks for it."""

    @method_decorator(proof_required)
    def get(self, request: HttpRequest) -> HttpResponse:
        draft = draft_of(request) or {"holder": holder_clean(request.workspace.cooperative.legal_name)[:50]}
        return self.page(request, AccountForm(initial=draft))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        typed = {name: form.cleaned_data[name] for name in ("bin", "number", "holder")}
        request.session[DRAFT] = {"cooperative": request.workspace.cooperative.pk, **typed}
        return SeeOther(reverse("seller:account-review"))

    def page(self, request: HttpRequest, form: AccountForm, status: int = 200) -> HttpResponse:
        context = frame(request) | {"form": form, "current": account_current(request.workspace.cooperative)}
        return render(request, "seller/accounts/change.html", context, status=status)


@method_decorator([people_only(ASKERS, NOT_OWNER), proof_required], name="dispatch")
class ReviewView(View):
    """``…/doi/xem-lai/``: what will happen, then ask for it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = draft_of(request)
        return self.page(request, draft) if draft else SeeOther(reverse("seller:account-change"))

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = draft_of(request)
        if draft is None:  # pressed twice
            return SeeOther(reverse("seller:account"))
        if request.POST.get("number") != draft["number"]:
            problem = _("Another account was typed meanwhile. Please look at it before you go on.")
            return self.page(request, draft, problem, 409)
        try:
            account_request(request.workspace.cooperative, draft, request.workspace.by)
        except AccountError as error:
            return self.page(request, draft, problem_text(error.code), 409)
        del request.session[DRAFT]
        messages.success(request, _("Asked. Nothing changes until a second person approves it."))
        return SeeOther(reverse("seller:account"))

    def page(self, request: HttpRequest, draft: dict[str, Any], problem: str = "", status: int = 200) -> HttpResponse:
        cooperative = request.workspace.cooperative
        context = frame(request) | {
            "draft": draft,
            "bank": places.bank(draft["bin"]),
            "current": account_current(cooperative),
            "others": others_who_decide(cooperative, request.user),
            "hours": settings.ACCOUNT_DELAY_HOURS,
            "problem": problem,
        }
        return render(request, "seller/accounts/review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@account_only(DECIDERS, NOT_DECIDER)
@proof_required
def approve(request: HttpRequest, account: BankAccount) -> HttpResponse:
    """``…/<pk>/duyet/``: the second person looks at old and new side by side, and agrees."""
    problem = why_not(account, request.user) if account.state == State.ASKED else ""
    if request.method != "POST":
        return SeeOther(reverse("seller:account")) if account.state != State.ASKED else approve_page(request, account)
    try:
        if problem:
            raise AccountError(problem)
        account_approve(account=account, by=request.workspace.by)
    except AccountError as error:
        return account_page(request, problem_text(error.code), 409)
    messages.success(request, _("Approved. Everybody in the cooperative has been told."))
    return SeeOther(reverse("seller:account"))


@require_POST
@account_only(DECIDERS, NOT_DECIDER)
def stop(request: HttpRequest, account: BankAccount) -> HttpResponse:
    """``…/<pk>/dung/``: nothing changes after all. Needs no proof: it can only keep things as they are."""
    try:
        account_refuse(account=account, by=request.workspace.by)
    except AccountError as error:
        return account_page(request, problem_text(error.code), 409)
    messages.success(request, _("Stopped. The account stays as it is."))
    return SeeOther(reverse("seller:account"))


# -- Parts -------------------------------------------------------------------------------------------------------


def account_request(cooperative: Cooperative, draft: dict[str, Any], by: str) -> BankAccount:
    """Ask for the account; a change whose day is over is finished first, else it would stand in the way."""
    for due in cooperative.bank_accounts.filter(state=State.APPROVED, active_from__lte=timezone.now()):
        account_activate(account=due)
    return account_ask(cooperative=cooperative, bin=draft["bin"], number=draft["number"], holder=draft["holder"], by=by)


def draft_of(request: HttpRequest) -> dict[str, Any] | None:
    """The account that was typed for this cooperative in this session."""
    draft = request.session.get(DRAFT)
    return draft if isinstance(draft, dict) and draft.get("cooperative") == request.workspace.cooperative.pk else None


def why_not(account: BankAccount, user: Any) -> str:
    """Why this person cannot be the second one: a code of ``problem_text``, or nothing."""
    asker = asker_of(account)
    if asker is None:
        return "asker_gone"
    return "own" if asker.pk == user.pk else ""


def account_page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    """The page as things stand now."""
    workspace = request.workspace
    cooperative = Cooperative.objects.get(pk=workspace.cooperative.pk)
    people = list(Membership.objects.filter(cooperative=cooperative).select_related("user"))
    rows = [account_row(account, people) for account in cooperative.bank_accounts.order_by("-pk")]
    current = account_current(cooperative)
    pending = next((row for row in rows if row["account"].state in (State.ASKED, State.APPROVED)), None)
    pending = None if pending and pending["account"] == current else pending
    context = frame(request) | {
        "current": next((row for row in rows if row["account"] == current), None),
        "pending": pending,
        "history": [row for row in rows if row["account"] != current and row is not pending],
        "may_ask": is_one_of(workspace, ASKERS),
        "may_decide": is_one_of(workspace, DECIDERS),
        "problem": problem,
    }
    return render(request, "seller/accounts/account.html", context | pending_facts(request, pending), status=status)


def pending_facts(request: HttpRequest, pending: dict[str, Any] | None) -> dict[str, Any]:
    """Who can be the second person for the change under way."""
    account = pending["account"] if pending else None
    if account is None or account.state != State.ASKED:
        return {"why_not": "", "others": [], "hours": settings.ACCOUNT_DELAY_HOURS}
    return {
        "why_not": why_not(account, request.user),
        "others": others_who_decide(account.cooperative, asker_of(account)),
        "hours": settings.ACCOUNT_DELAY_HOURS,
    }


def account_row(account: BankAccount, people: list[Membership]) -> dict[str, Any]:
    """An account with the names of those who asked and decided."""
    return {
        "account": account,
        "asked_by": person_name(account.asked_by, people),
        "decided_by": person_name(account.decided_by, people),
    }


def approve_page(request: HttpRequest, account: BankAccount) -> HttpResponse:
    """Old and new beside each other, for the second person."""
    people = list(Membership.objects.filter(cooperative=account.cooperative).select_related("user"))
    asker = asker_of(account)
    context = frame(request) | {
        "row": account_row(account, people),
        "asker": asker,
        "why_not": why_not(account, request.user),
        "current": account_current(account.cooperative),
        "hours": settings.ACCOUNT_DELAY_HOURS,
    }
    return render(request, "seller/accounts/approve.html", context)


def problem_text(code: str) -> str:
    """What stands in the way of a change, and what to do."""
    texts = {
        "same": _("This is the account in use already. Nothing needs to change."),
        "open": _("Another change is under way. Stop it first, then ask again."),
        "own": _("You asked for this account yourself. A second person must approve it."),
        "asker_gone": _(
            "Whoever asked for this account no longer works here under that number. Stop the change and ask again."
        ),
        "state": _("Somebody has already decided about this account. This is how it stands now."),
    }
    return texts.get(code, _("That is not possible now. Please look again."))
