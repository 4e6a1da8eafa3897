"""``/ban-hang/khieu-nai/``: what buyers reported, with the clock for the answer, and the answer itself."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.claims.models import Claim
from shop.claims.services import ClaimError, claim_answer
from shop.core.phone import zalo_url
from shop.core.private import private_response
from shop.listings.lookup import line_title
from shop.payment.books import balance_of
from shop.payment.refunds.services import line_dong
from shop.seller.access import members_only, own
from shop.seller.claims.forms import AnswerForm, limit_text
from shop.seller.money.words import dong_text
from shop.seller.roles import may_open
from shop.seller.views import SeeOther, frame

PAGE_SIZE = 20
State = Claim.State
#: The order of the list: what waits for an answer, what the province looks at, the rest.
URGENCY = Case(
    When(state=State.OPEN, then=Value(0)),
    When(state=State.ESCALATED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def claim_find(number: str, pk: int = 0) -> Claim | None:
    """The report of that number, whoever's it is; ``pk`` in an address is a photo's."""
    rows = Claim.objects.select_related("order__consignment__cooperative", "order__shipping_address", "cooperative")
    return rows.filter(number=number).first()


own_claim = own(claim_find)


@require_safe
@members_only
def claims(request: HttpRequest) -> HttpResponse:
    """What waits longest first, then what is settled, newest first."""
    mine = Claim.objects.filter(cooperative=request.workspace.cooperative)
    rows = mine.select_related("order__shipping_address").prefetch_related("photos", "lines__order_line")
    page = Paginator(rows.order_by(URGENCY, "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    open_count = mine.filter(state=State.OPEN).count()
    context = frame(request) | {"page_obj": page, "claims": page.object_list, "open_count": open_count}
    return render(request, "seller/claims/list.html", context)


@require_safe
@own_claim
def claim(request: HttpRequest, row: Claim) -> HttpResponse:
    """One report with its photos, the order's money, and the form for the answer."""
    return claim_page(request, row)


@require_POST
@own_claim
def answer(request: HttpRequest, row: Claim) -> HttpResponse:
    """``…/tra-loi/``: pressed twice, it is one answer."""
    form = AnswerForm(request.POST, limit=balance_of(row.order).returnable)
    if row.can_answer and not form.is_valid():
        return claim_page(request, row, form=form, status=422)
    values = form.cleaned_data if row.can_answer else posted(request)
    try:
        claim_answer(claim=row, by=request.workspace.by, **values)
    except ClaimError as error:
        if error.code in ("too_much", "amount"):
            form.add_error("amount", limit_text(error.limit))
            return claim_page(request, row, form=form, status=422)
        problem = _("This report was answered already. Please look at it again.")
        return claim_page(request, claim_find(row.number), problem=problem, status=409)
    messages.success(request, _("The buyer has your answer."))
    return SeeOther(reverse("seller:claim", kwargs={"number": row.number}))


@require_safe
@own_claim
def photo(request: HttpRequest, row: Claim) -> HttpResponse:
    """``…/anh/<pk>/``: a picture for the cooperative that it is about."""
    return photo_response(row, request.resolver_match.kwargs["pk"])


# -- Parts ---------------------------------------------------------------------------------------------------------


def photo_response(row: Claim, pk: int) -> HttpResponse:
    """A photo of this very report, else 404; for nobody's cache."""
    found = row.photos.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    try:
        return private_response(found.file, content_type="image/jpeg", name=f"{row.number}-{pk}.jpg")
    except FileNotFoundError as error:
        raise Http404 from error


def posted(request: HttpRequest) -> dict[str, Any]:
    """The words of a second press, to be compared with the first."""
    return {"outcome": request.POST.get("outcome", ""), "text": request.POST.get("text", ""), "amount": 0}


def line_rows(row: Claim) -> list[dict[str, Any]]:
    """The goods that something is wrong with, and what they cost."""
    lines = row.lines.select_related("order_line__product__listing").order_by("pk")
    return [
        {
            "title": line_title(line.order_line),
            "quantity": line.quantity,
            "dong": line_dong(line.order_line, line.quantity),
        }
        for line in lines
    ]


def claim_page(
    request: HttpRequest, row: Claim, *, form: Any = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """One report as it is now."""
    lines = line_rows(row)
    limit = balance_of(row.order).returnable
    goods = min(sum(line["dong"] for line in lines), max(0, limit))
    address = row.order.shipping_address
    phone = str(address.phone_number) if address and address.phone_number else ""
    context = frame(request) | {
        "claim": row,
        "lines": lines,
        "photos": row.photos.all(),
        "limit": limit,
        "form": form or AnswerForm(limit=limit, initial={"amount": dong_text(goods) if goods else ""}),
        "buyer": address.first_name if address else "",
        "phone": phone,
        "zalo": zalo_url(phone),
        "may_answer": row.can_answer and may_open(request.workspace.membership.role, "claim-answer"),
        "problem": problem,
    }
    return render(request, "seller/claims/claim.html", context, status=status)
