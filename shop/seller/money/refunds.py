"""Money that goes back to buyers: what is owed, to which account, and that it has gone."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.core import places
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_account_set
from shop.payment.services import PaymentError
from shop.payment.vietqr import emv, image
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.services import refund_cancel, refund_settle
from shop.seller.money.forms import ACCOUNT_NUMBER, AccountForm, PaidForm, ReasonForm
from shop.seller.money.guards import Blocked, decision, money_only, own_row, typed
from shop.seller.money.inbox import see, tabs_of
from shop.seller.money.rows import Names
from shop.seller.views import frame

State = Refund.State
PAGE_SIZE = 20


@require_safe
@money_only
def refunds(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/tien/tra-lai/``: what is owed, the oldest first; ``?xong=1`` shows what is over."""
    done = "xong" in request.GET
    mine = refunds_of(request.workspace.cooperative)
    found = mine.exclude(state=State.OWED).order_by("-closed_at", "-pk") if done else mine.filter(state=State.OWED)
    page = Paginator(found if done else found.order_by("pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(request) | tabs_of(request, "owed") | {"page_obj": page, "refunds": page, "is_done": done}
    return render(request, "seller/money/refunds.html", context)


def refunds_of(cooperative: Any) -> QuerySet[Refund]:
    """The cooperative's own, with what a row needs."""
    return Refund.objects.filter(cooperative=cooperative).select_related("order__shipping_address", "bank_line")


@require_safe
@own_row(Refund)
def refund(request: HttpRequest, row: Refund) -> HttpResponse:
    """``/ban-hang/tien/tra-lai/<pk>/``: account, code, and "I have paid it back"."""
    return refund_page(request, row)


def refund_page(
    request: HttpRequest, refund: Refund, *, forms: dict[str, Any] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The refund as it is now."""
    fresh = refunds_of(request.workspace.cooperative).prefetch_related("lines__order_line").get(pk=refund.pk)
    names = Names(request.workspace.cooperative)
    payload = payload_of(fresh) if fresh.state == State.OWED else ""
    context = frame(request) | {
        "refund": fresh,
        "by": names(fresh.by),
        "closed_by": names(fresh.closed_by),
        "problem": problem,
        "has_line": getattr(fresh, "bank_line", None) is not None,
        "qr": dict(zip(("size", "path"), image.svg_path(payload), strict=True)) if payload else None,
        "account_form": AccountForm(initial=account_known(fresh)),
        "paid_form": PaidForm(),
        "drop_form": ReasonForm(prefix="drop"),
    }
    return render(request, "seller/money/refund.html", context | (forms or {}), status=status)


@require_safe
@own_row(Refund)
def refund_qr(request: HttpRequest, refund: Refund) -> HttpResponse:
    """The code as a picture to save: the bank app on the same phone reads it from the gallery."""
    payload = payload_of(refund) if refund.state == State.OWED else ""
    if not payload:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{refund.memo}.png"'}
    return HttpResponse(image.png(payload), content_type="image/png", headers=headers)


# -- Decisions ----------------------------------------------------------------------------------------------------


@decision(Refund, refund_page)
def account(request: HttpRequest, refund: Refund) -> HttpResponse:
    """Where the buyer wants the money."""
    form = typed(request, "account_form", AccountForm(request.POST))
    if not form.is_valid():
        return refund_page(request, refund, forms=request.typed, status=422)
    refund_account_set(refund=refund, by=request.workspace.by, **form.cleaned_data)
    messages.success(request, _("The account is noted. Now transfer the money in your bank app."))
    return see("seller:refund", pk=refund.pk)


@decision(Refund, refund_page)
def settle(request: HttpRequest, refund: Refund) -> HttpResponse:
    """The money has gone back; the buyer is told."""
    form = typed(request, "paid_form", PaidForm(request.POST))
    if not form.is_valid():
        return refund_page(request, refund, forms=request.typed, status=422)
    refund_settle(refund=refund, reference=form.cleaned_data["reference"], by=request.workspace.by)
    messages.success(request, _("Noted: paid back. The buyer is told.") if refund.order_id else _("Noted: paid back."))
    return see("seller:refunds")


@decision(Refund, refund_page)
def to_card(request: HttpRequest, refund: Refund) -> HttpResponse:
    """What was paid by card goes back to the card."""
    if refund.provider != "stripe":
        raise Blocked(_("This money did not come from a card. Please transfer it in your bank app."))
    send = card_refund()
    try:
        send(refund=refund, by=request.workspace.by)
    except PaymentError as error:
        raise card_trouble(error) from error
    messages.success(request, _("The card service pays it back. The buyer is told."))
    return see("seller:refund", pk=refund.pk)


@decision(Refund, refund_page)
def drop(request: HttpRequest, refund: Refund) -> HttpResponse:
    """It is not owed after all."""
    form = typed(request, "drop_form", ReasonForm(request.POST, prefix="drop"))
    if not form.is_valid():
        return refund_page(request, refund, forms=request.typed, status=422)
    refund_cancel(refund=refund, by=request.workspace.by, reason=form.cleaned_data["reason"])
    messages.success(request, _("Noted: it is not owed."))
    return see("seller:refunds")


# -- Parts --------------------------------------------------------------------------------------------------------


def card_refund() -> Any:
    """The way back to a card; asked for only when it is needed, because most markets take no cards."""
    try:
        from shop.reconciliation.cards import refund_by_card
    except ImportError as error:
        raise Blocked(_("Cards are not connected here. Please call the province's officers.")) from error
    return refund_by_card


def card_trouble(error: PaymentError) -> Blocked:
    """What the card service said: no, or nothing that anybody could rely on."""
    if getattr(error, "status", 409) == 503:
        return Blocked(_("The card service does not answer now. Nothing was lost: please press again in a while."), 503)
    return Blocked(_("The card service refused it. Please call the province's officers."))


def payload_of(refund: Refund) -> str:
    """Text of the code over the sum to the buyer's account; nothing while the account is not fit for one."""
    if not (places.bank(refund.bin) and ACCOUNT_NUMBER.fullmatch(refund.number)):
        return ""
    return emv.encode(bin=refund.bin, account=refund.number, amount=refund.amount, memo=refund.memo)


def account_known(refund: Refund) -> dict[str, str]:
    """What is written down, else the account that the order's money came from, as far as the bank told it."""
    if refund.number:
        return {"bin": refund.bin, "number": refund.number, "holder": refund.holder}
    if not refund.order_id:
        return {}
    lines = BankLine.objects.filter(shares__attempt__source__order_id=refund.order_id, shares__undone_at=None)
    line = lines.exclude(payer_number="").order_by("-pk").first()
    if line is None or not re.fullmatch(r"[\w.\- ]{6,25}", line.payer_number):
        return {}
    return {"bin": line.payer_bin[:6], "number": line.payer_number, "holder": line.payer_name[:50]}
