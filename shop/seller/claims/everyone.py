"""What the province's staff look at: reports whose buyers did not agree, and those that nobody answered in time."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.claims.deadlines import ANSWER
from shop.claims.models import Claim
from shop.claims.services import ClaimError, claim_close
from shop.seller.access import operators_only
from shop.seller.claims.forms import VerdictForm
from shop.seller.views import SeeOther

MOST = 100


@require_safe
@operators_only
def claims_everyone(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/khieu-nai/tat-ca/``: of all cooperatives, the oldest first."""
    return everyone_page(request)


@require_POST
@operators_only
def claim_settle(request: HttpRequest, number: str) -> HttpResponse:
    """``…/xong/``: with the words that both sides read."""
    row = Claim.objects.filter(number=number).first()
    if row is None:
        raise Http404
    form = VerdictForm(request.POST, prefix=row.number)
    if not form.is_valid():
        return everyone_page(request, {row.pk: form}, status=422)
    try:
        claim_close(claim=row, by=request.user.get_username(), verdict=form.cleaned_data["verdict"])
    except ClaimError:
        problem = _("The cooperative has not answered yet: please call it first.")
        return everyone_page(request, {row.pk: form}, problem, status=409)
    messages.success(request, _("Settled: %(number)s.") % {"number": row.number})
    return SeeOther(reverse("seller:claims-everyone"))


def everyone_page(
    request: HttpRequest, forms: dict[int, Any] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The list, each report that went to the province with its form."""
    late = Q(state=Claim.State.OPEN, created_at__lte=timezone.now() - ANSWER)
    rows = Claim.objects.filter(late | Q(state=Claim.State.ESCALATED)).select_related("cooperative", "order")
    entries = [
        {"claim": row, "form": (forms or {}).get(row.pk) or VerdictForm(prefix=row.number)}
        for row in rows.order_by("created_at")[:MOST]
    ]
    context = {"entries": entries, "forms": list((forms or {}).values()), "problem": problem}
    return render(request, "seller/claims/everyone.html", context, status=status)
