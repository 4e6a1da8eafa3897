"""Playing buyer and bank in a demonstration: only routed with DEMO=1."""

import requests
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.demo.bank import NoSuchTransfer, transfer_pretend
from shop.payment.vietqr.models import TransferRequest


@require_POST
def transfer(request: HttpRequest, memo: str) -> HttpResponse:
    """The visitor pretends to have transferred; the pretended bank tells the shop, which recognises it as always."""
    asked = (
        TransferRequest.objects.filter(memo=memo).select_related("attempt__source__order__membership__group").first()
    )
    if asked is None:
        raise Http404
    try:
        transfer_pretend(memo, amount_of(request))
    except (NoSuchTransfer, requests.RequestException):
        messages.error(request, _("The pretended bank did not answer. Please try once more."))
    group = asked.attempt.source.order.membership.group
    answer = HttpResponseRedirect(group.get_absolute_url())
    answer.status_code = 303
    return answer


def amount_of(request: HttpRequest) -> int | None:
    """The posted dong; the asked sum for anything else."""
    text = request.POST.get("amount", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 9 and int(text) else None
