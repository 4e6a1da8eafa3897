"""To the card service's own page and back. Our page shows the way, because a form may only lead to this site."""

import logging
import re
from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shop.checkout.models import OrderGroup
from shop.payment.attempts.models import Attempt
from shop.payment.stripe.models import CheckoutSession
from shop.payment.stripe.services import StripeRefused, StripeUnavailable, sessions_end
from shop.reconciliation.cards import facts_apply, session_begin, session_return
from shop.storefront.checkout import see_other
from shop.storefront.orders.boxes import CardBox, boxes_of, page_of, shares_of
from shop.storefront.orders.pages import private, problem_page
from shop.storefront.orders.panels import expire_overdue, group_or_404, panels_of, qr_of
from shop.storefront.orders.version import version_of

log = logging.getLogger(__name__)

#: What the card service calls its pages.
PAGE_ID = re.compile(r"[A-Za-z0-9_]{1,255}")
UNREACHABLE = gettext_lazy(
    "The card service does not answer just now. Please try again in a few minutes, or pay another way."
)
PRESS_AGAIN = gettext_lazy("The card service was busy with your first press. Please press once more.")
NOT_BY_CARD = gettext_lazy("This order cannot be paid by card now. Please choose another way.")


@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """``…/the/``: open the payment page over everything to be paid by card, or over the order ``number``."""
    group = group_or_404(code)
    box = box_posted(group, request.POST.get("number", ""))
    if box is None or not box.is_possible:
        return problem_page(request, group, NOT_BY_CARD)
    try:
        page = session_begin(
            group=group, attempts=box.attempts, language=get_language() or settings.LANGUAGE_CODE, by=group.phone
        )
    except StripeRefused as refused:
        return refused_page(request, group, box, refused)
    return see_other(reverse("order:card", kwargs={"code": group.code, "pk": page.pk}))


def box_posted(group: OrderGroup, number: str) -> CardBox | None:
    """What the pressed button pays; None when nothing of it waits for a card any more."""
    panels = panels_of(group)
    if expire_overdue(panels):
        panels = panels_of(group)
    if number and number not in {panel.order.number for panel in panels}:
        raise Http404
    boxes = boxes_of(group, panels)
    return next((box for box in boxes if box.number in ("", number)), None)


def refused_page(request: HttpRequest, group: OrderGroup, box: CardBox, refused: StripeRefused) -> HttpResponse:
    """Why there is no payment page: it is paid already, it is a matter of minutes, or it is not possible."""
    if refused.code in {"paid", "waiting"}:
        pages_look(group, box.attempts)
        return see_other(group.get_absolute_url())
    texts = {503: UNREACHABLE} if isinstance(refused, StripeUnavailable) else {}
    text = texts.get(refused.status) or (PRESS_AGAIN if refused.code == "busy" else NOT_BY_CARD)
    return problem_page(request, group, text, refused.status)


@require_GET
def card_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """``…/the/<pk>/``: the sum, the way to the payment page, and its code for another phone."""
    group = group_or_404(code)
    if not CheckoutSession.objects.filter(group_code=group.code, pk=pk).exists():
        raise Http404
    version = version_of(group.code)
    page = page_of(group, pk)
    if page is None:
        return see_other(group.get_absolute_url())
    context = {"group": group, "page": page, "shares": shares_of(page), "qr": qr_of(page.url), "version": version}
    return private(render(request, "order/card.html", context))


@never_cache
@require_GET
def card_return(request: HttpRequest, code: str) -> HttpResponse:
    """``…/the/xong/?session_id=…``: back from the payment page. Only what the card service says counts."""
    group = group_or_404(code)
    page_id = request.GET.get("session_id", "")
    if PAGE_ID.fullmatch(page_id):
        session_return(session_id=page_id, group=group, by=group.phone)
    return see_other(group.get_absolute_url())


# -- Parts --------------------------------------------------------------------------------------------------------


def pages_look(group: OrderGroup, attempts: Sequence[Attempt]) -> None:
    """Ask how far the payment pages over these attempts are, and book what is told."""
    pages = CheckoutSession.objects.filter(
        group_code=group.code,
        shares__attempt__in=attempts,
        state__in=[CheckoutSession.State.OPEN, CheckoutSession.State.PAID],
    ).exclude(session_id=None)
    for page in pages.distinct().order_by("pk"):
        session_return(session_id=page.session_id, group=group, by=group.phone)


def pages_end(group: OrderGroup, attempt: Attempt) -> bool:
    """End the open payment pages over an attempt; True when there were any. Without an answer the clock ends them."""
    try:
        told = sessions_end(attempt=attempt, by=group.phone)
    except StripeRefused:
        log.warning("The payment pages over attempt %s could not be ended yet.", attempt.pk)
        return True
    for facts in told:
        facts_apply(facts, by=group.phone)
    return bool(told)
