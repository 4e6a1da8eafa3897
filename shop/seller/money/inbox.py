"""Money that came: the lists, one line, and what a person decides about it. States change in the services only."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.core.codes import display_number
from shop.fulfilment.models import Consignment
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.matching import Outcome
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.services import line_assign, line_ignore, line_return, line_undo
from shop.seller.money.candidates import Candidate, candidates_for, shown
from shop.seller.money.forms import PlaceForm, ReasonForm, SplitForm
from shop.seller.money.guards import decision, money_only, own_row, typed
from shop.seller.money.history import steps_of
from shop.seller.money.rows import TABS, LineRow, Names, counts_of, lines_in, lines_of, rows_for
from shop.seller.money.searching import lines_found, query_of, refunds_found
from shop.seller.money.words import dong_text
from shop.seller.views import SeeOther, frame

State = BankLine.State
PAGE_SIZE = 20
#: Until the goods are packed, money can be taken off an order again.
LOOSE = (Consignment.State.NEW, Consignment.State.ACCEPTED, Consignment.State.CANCELLED)


@require_safe
@money_only
def inbox(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/tien/``: money by what is to be done with it. ``?tab=``, ``?page=``; ``?q=`` searches all lists."""
    cooperative, query = request.workspace.cooperative, query_of(request)
    tab = request.GET.get("tab", "decide")
    if tab not in TABS:
        tab = "decide"
    if query:
        found = lines_of(cooperative).filter(pk__in=lines_found(cooperative, query))
    else:
        found = lines_in(cooperative, tab)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(request) | tabs_of(request, "" if query else tab)
    context |= {"query": query, "page_obj": page, "rows": rows_for(page, cooperative)}
    context["refunds"] = refunds_found(cooperative, query) if query else []
    return render(request, "seller/money/inbox.html", context)


def tabs_of(request: HttpRequest, tab: str) -> dict[str, Any]:
    """The lists with their numbers; ``tab`` is the one that is open."""
    counts = counts_of(request.workspace.cooperative)
    entries = [{"name": name, "label": label, "count": counts[name]} for name, (label, _condition) in TABS.items()]
    owed = Refund.objects.filter(cooperative=request.workspace.cooperative, state=Refund.State.OWED).count()
    return {"money_tab": tab, "money_tabs": entries, "owed_count": owed}


@require_safe
@own_row(BankLine)
def line(request: HttpRequest, row: BankLine) -> HttpResponse:
    """``/ban-hang/tien/<pk>/``: one line; ``?don=`` looks for an order's number."""
    return line_page(request, row)


def line_page(
    request: HttpRequest, line: BankLine, *, forms: dict[str, Any] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The line as it is now, after whatever another person may just have done to it."""
    cooperative = request.workspace.cooperative
    fresh = lines_of(cooperative).filter(pk=line.pk).first()
    if fresh is None:
        raise Http404
    row = rows_for([fresh], cooperative, Names(cooperative))[0]
    query = request.GET.get("don", "").strip()[:30]
    context = frame(request) | {"row": row, "line": fresh, "problem": problem, "query": query}
    context |= {"history": steps_of(row), "undo": undo_text(row)}
    if row.is_open:
        context |= decision_context(row, query)
    return render(request, "seller/money/line.html", context | (forms or {}), status=status)


def decision_context(row: LineRow, query: str) -> dict[str, Any]:
    """What can be done with an open line."""
    candidates = candidates_for(row.line, query)
    sure = [candidate for candidate in candidates if candidate.is_surest]
    named = [candidate for candidate in candidates if candidate.why == "code"]
    reason = {"reason": row.words} if row.line.outcome != Outcome.UNKNOWN and not row.line.handled_by else {}
    return {
        "candidates": candidates,
        "chosen": sure[0].number if len(sure) == 1 else "",
        "gone": next((named_one for named_one in named if not named_one.is_in_stock), None),
        "found_nothing": bool(query) and not any(candidate.why == "search" for candidate in candidates),
        "place_form": PlaceForm(cooperative=row.line.cooperative),
        "split_form": SplitForm(row.line, initial=split_initial(sure, row.line.amount)),
        "return_form": ReasonForm(prefix="return", initial=reason),
        "ignore_form": ReasonForm(prefix="ignore"),
    }


def split_initial(candidates: list[Candidate], amount: int) -> list[dict[str, str]]:
    """The orders that the memo names, each with what it lacks as long as the money lasts; the last gets the rest."""
    parts, left = [], amount
    for candidate in candidates:
        part = left if candidate is candidates[-1] else min(left, candidate.panel.due)
        left -= part
        parts.append({"order": display_number(candidate.number), "dong": dong_text(part) if part else ""})
    return parts


# -- Decisions ----------------------------------------------------------------------------------------------------


@decision(BankLine, line_page)
def place(request: HttpRequest, line: BankLine) -> HttpResponse:
    """The whole line goes on one order."""
    form = typed(request, "place_form", PlaceForm(request.POST, cooperative=line.cooperative))
    if not form.is_valid():
        return line_page(request, line, forms=request.typed, status=422)
    return assign(request, line, {form.cleaned_data["order"]: line.amount})


@decision(BankLine, line_page)
def split(request: HttpRequest, line: BankLine) -> HttpResponse:
    """The line is for several orders; ``more`` only adds a row to the form."""
    form = typed(request, "split_form", SplitForm(line, request.POST))
    if "more" in request.POST:
        return line_page(request, line, forms=request.typed)
    if not form.is_valid():
        return line_page(request, line, forms=request.typed, status=422)
    return assign(request, line, form.shares)


def assign(request: HttpRequest, line: BankLine, shares: dict[Any, int]) -> HttpResponse:
    """Put it there, and back to the inbox for the next one."""
    line_assign(line=line, shares=shares, by=request.workspace.by)
    messages.success(request, _("Done: the money is on %(numbers)s.") % {"numbers": shown(shares)})
    return see("seller:inbox")


@decision(BankLine, line_page)
def send_back(request: HttpRequest, line: BankLine) -> HttpResponse:
    """The money goes back to who sent it; next, to which account."""
    form = typed(request, "return_form", ReasonForm(request.POST, prefix="return"))
    if not form.is_valid():
        return line_page(request, line, forms=request.typed, status=422)
    done = line_return(line=line, reason=form.cleaned_data["reason"], by=request.workspace.by)
    messages.success(request, _("Noted. Now transfer the money back in your bank app."))
    return see("seller:refund", pk=done.refund_id)


@decision(BankLine, line_page)
def ignore(request: HttpRequest, line: BankLine) -> HttpResponse:
    """The money has nothing to do with the market."""
    form = typed(request, "ignore_form", ReasonForm(request.POST, prefix="ignore"))
    if not form.is_valid():
        return line_page(request, line, forms=request.typed, status=422)
    line_ignore(line=line, reason=form.cleaned_data["reason"], by=request.workspace.by)
    messages.success(request, _("Put aside. You find it under “Done”."))
    return see("seller:inbox")


@decision(BankLine, line_page)
def undo(request: HttpRequest, line: BankLine) -> HttpResponse:
    """What was decided is taken back."""
    line_undo(line=line, by=request.workspace.by)
    messages.success(request, _("Taken back. Please decide again."))
    return see("seller:line", pk=line.pk)


def see(name: str, **kwargs: Any) -> HttpResponse:
    """After a post (303)."""
    return SeeOther(redirect(name, **kwargs).url)


def undo_text(row: LineRow) -> str:
    """What taking back would do; nothing when it is not possible."""
    if row.line.state in (State.RETURN, State.IGNORED):
        return _("Nothing is paid back, and this money is under “To decide” again.")
    shares = row.line.live_shares
    if row.line.state != State.PLACED or not shares:
        return ""
    orders = [share.attempt.source.order for share in shares]
    if all(share.proves for share in shares):
        return _("%(numbers)s stays paid, as a person confirmed. This line is under “To decide” again.") % {
            "numbers": shown(orders)
        }
    if Consignment.objects.filter(order__in=orders).exclude(state__in=LOOSE).exists():
        return ""
    return _(
        "The money is taken off %(numbers)s, which waits for its money again. This line is under “To decide” again."
    ) % {"numbers": shown(orders)}
