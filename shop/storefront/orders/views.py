"""``/don-hang/<code>/…``: whoever has the link sees the purchase; nobody else can guess it."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shop.checkout.models import OrderGroup
from shop.checkout.services import payment_switch, transfer_claim
from shop.fulfilment.services import FulfilmentError, order_cancel_by_buyer
from shop.notices.optout import optout_path
from shop.payment.services import PaymentError
from shop.payment.vietqr import image
from shop.storefront.orders.cards import pages_end
from shop.storefront.orders.money import movements
from shop.storefront.orders.pages import back_to, group_page, private, problem_page
from shop.storefront.orders.panels import OrderPanel, expire_overdue, group_or_404, panel_or_404
from shop.storefront.orders.timeline import timeline
from shop.storefront.orders.version import version_of


class GroupView(View):
    """``/don-hang/<code>/``: what to pay, what was paid, and what comes next."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return group_page(request, group_or_404(code))


class OrderView(View):
    """``/don-hang/<code>/<number>/``: one parcel with its history and every movement of its money."""

    def get(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group = group_or_404(code)
        version = version_of(group.code)
        panel = panel_or_404(group, number)
        if expire_overdue([panel]):
            version, panel = version_of(group.code), panel_or_404(group, number)
        steps = timeline(panel)
        context = {
            "group": group,
            "panel": panel,
            "steps": steps,
            "step": next((row for row in steps if row["state"] == "now"), steps[-1] if steps else None),
            "movements": movements(panel.order),
            "address": panel.order.shipping_address,
            "quiet_url": optout_path(group.pk),
            "version": version,
        }
        return private(render(request, "order/detail.html", context))


@never_cache
@require_GET
def status(request: HttpRequest, code: str) -> JsonResponse:
    """``{"version": "…"}``: the page asks every other second and brings itself anew when it changes."""
    version = version_of(code.lower())
    if not version:
        raise Http404
    return JsonResponse({"version": version})


@require_GET
def qr_png(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The QR code as a picture to save on the phone that pays: over what is still missing."""
    panel = panel_or_404(group_or_404(code), number)
    if panel.transfer is None or panel.state != "waiting":
        raise Http404
    response = HttpResponse(image.png(panel.payload), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="vietqr-{panel.order.number}.png"'
    return private(response)


@require_POST
def switch(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Pay this order another way. A payment page that is open over it is ended first: nobody pays twice."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    wanted = request.POST.get("provider", "")
    if panel.way == wanted:
        return back_to(group)
    if wanted not in {other.code for other in panel.alternatives}:
        return problem_page(request, group, _("This order cannot be paid that way now."))
    if was_paid_by_card(group, panel):
        return back_to(group)
    try:
        payment_switch(order=panel.order, provider_code=wanted, by=group.phone)
    except PaymentError:
        return problem_page(request, group, _("This order cannot be paid that way now."))
    return back_to(group)


@require_POST
def claim(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The buyer says that the transfer was made: the goods are held until the cooperative had time to look."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    if panel.state == "paid":
        return back_to(group)
    if panel.state == "card":
        return problem_page(request, group, _("This order cannot be paid that way now."))
    try:
        transfer_claim(attempt=panel.attempt, by=group.phone)
    except PaymentError:
        return problem_page(request, group, _("The time of this order is over. Please call the cooperative."))
    return back_to(group)


@require_POST
def cancel(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The buyer withdraws an order that nobody has paid or begun."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    if panel.can_withdraw and was_paid_by_card(group, panel):
        return back_to(group)
    try:
        order_cancel_by_buyer(order=panel.order, by=group.phone)
    except FulfilmentError:
        text = _("This order can no longer be cancelled here. Please call the cooperative.")
        return problem_page(request, group, text)
    return back_to(group)


def was_paid_by_card(group: OrderGroup, panel: OrderPanel) -> bool:
    """End what is open at the card service; True when it turned out that the card was charged a moment ago."""
    if panel.state != "card" or not pages_end(group, panel.attempt):
        return False
    return panel_or_404(group, panel.order.number).state == "paid"
