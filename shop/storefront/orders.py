"""The buyer's own page: what to pay, what was paid, where the parcels are."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shop.checkout.models import GroupOrder, OrderGroup
from shop.checkout.services import payment_switch, transfer_claim
from shop.core.lang import pick
from shop.core.places import commune
from shop.fulfilment.models import Consignment
from shop.fulfilment.services import FulfilmentError, order_cancel_by_buyer, order_expire
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.providers import PaymentProvider, provider, providers
from shop.payment.services import PaymentError, paid_amount
from shop.payment.vietqr import image


@dataclass
class OrderPanel:
    """One order of the group as its buyer sees it."""

    group: OrderGroup
    order: Order

    @property
    def consignment(self) -> Consignment:
        return self.order.consignment

    @property
    def cooperative(self) -> Any:
        return self.consignment.cooperative

    @cached_property
    def attempt(self) -> Attempt | None:
        """The latest way to pay."""
        attempts = [source.attempt for source in self.order.sources.all() if hasattr(source, "attempt")]
        return max(attempts, key=lambda attempt: attempt.pk, default=None)

    @property
    def provider(self) -> PaymentProvider | None:
        return provider(self.attempt.provider) if self.attempt else None

    @property
    def transfer(self) -> Any:
        return getattr(self.attempt, "transfer", None)

    @cached_property
    def paid(self) -> int:
        """Dong received over all ways to pay."""
        return sum(paid_amount(source) for source in self.order.sources.all())

    @property
    def claimed_at(self) -> Any:
        """When the buyer said that the transfer was made, or None."""
        return self.attempt.claimed_at if self.attempt else None

    @property
    def due(self) -> int:
        return max(0, self.order.total_dong - self.paid)

    @property
    def state(self) -> str:
        """``waiting`` for a transfer, ``cash``, ``paid``; ended: ``expired``, ``refused``, ``withdrawn``."""
        if self.order.status == "cancelled":
            kinds = [event.kind for event in self.consignment.events.all()]
            return next((kind for kind in ("expired", "withdrawn") if kind in kinds), "refused")
        if self.attempt and self.attempt.state == Attempt.State.CONFIRMED:
            return "paid"
        return "waiting" if self.attempt and self.attempt.expires_at else "cash"

    @cached_property
    def qr(self) -> dict[str, Any]:
        """Size and path of the inline SVG."""
        size, path = image.svg_path(self.transfer.payload)
        return {"size": size, "path": path}

    @property
    def service_name(self) -> str:
        return pick(self.consignment.service_name_vi, self.consignment.service_name_en)

    @property
    def goods(self) -> str:
        """The lines in words: "2 × Vú sữa Lò Rèn"."""
        return ", ".join(f"{line.quantity} × {self.line_title(line)}" for line in self.order.lines.all())

    def line_title(self, line: Any) -> str:
        listing = getattr(line.product, "listing", None) if line.product else None
        return pick(line.title, listing.title_en if listing else "")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [{"title": self.line_title(line), "line": line} for line in self.order.lines.all()]

    @property
    def alternatives(self) -> list[PaymentProvider]:
        """Other ways to pay this order that are possible now."""
        if self.state not in {"waiting", "cash"} or self.order.status != "pending" or self.paid or self.claimed_at:
            return []
        return [
            other
            for other in providers().values()
            if other.code != self.attempt.provider and other.availability(self.cooperative, self.order.total_dong).ok
        ]

    @property
    def can_withdraw(self) -> bool:
        """No money has moved and the cooperative has not started."""
        new = self.consignment.state == Consignment.State.NEW
        waiting = self.state in {"waiting", "cash"} and self.order.status == "pending"
        return new and waiting and not self.paid and not self.claimed_at

    @property
    def steps(self) -> list[dict[str, Any]]:
        return timeline(self)


def timeline(panel: OrderPanel) -> list[dict[str, Any]]:
    """Done steps with their time, the one under way, and those to come."""
    at = {event.kind: event.at for event in panel.consignment.events.all()}
    if panel.order.status == "cancelled":
        kind = panel.state
        title = {
            "expired": _("Cancelled: not paid in time"),
            "withdrawn": _("Cancelled by you"),
        }.get(kind, _("The cooperative could not take the order"))
        return [
            {"state": "done", "title": _("Ordered"), "note": clock(at.get("placed"))},
            {"state": "now", "title": title, "note": panel.consignment.reason or clock(at.get(kind))},
        ]
    rows = [(_("Ordered"), "placed")]
    if panel.state != "cash":
        rows.append((_("Money received"), "paid"))
    rows += [
        (_("The cooperative takes the order"), "accepted"),
        (_("Packed"), "packed"),
        (_("Ready to collect") if panel.consignment.is_pickup else _("On the way"), "handed_over"),
        (_("Received by you"), "delivered"),
    ]
    done = [kind in at or (kind == "paid" and panel.state == "paid") for _title, kind in rows]
    last = max(index for index, value in enumerate(done) if value)
    steps = []
    for index, (title, kind) in enumerate(rows):
        state = "done" if index <= last else "now" if index == last + 1 else "todo"
        if kind == "paid" and state == "now":
            title = _("Waiting for the transfer")
        steps.append({"state": state, "title": title, "note": clock(at.get(kind))})
    return steps


def clock(moment: Any) -> str:
    """``10:14, 24/11`` in Viet Nam, or nothing."""
    return timezone.localtime(moment).strftime("%H:%M, %d/%m") if moment else ""


def group_or_404(code: str) -> OrderGroup:
    """The group behind a secret link."""
    group = OrderGroup.objects.filter(code=code.lower()).first()
    if group is None:
        raise Http404
    return group


def panels_of(group: OrderGroup, number: str | None = None) -> list[OrderPanel]:
    """The group's orders with all that their page shows, in the order of the basket."""
    members = GroupOrder.objects.filter(group=group).select_related(
        "order__consignment__cooperative", "order__shipping_address"
    )
    if number:
        members = members.filter(order__number=number)
    members = members.prefetch_related(
        "order__sources__transactions",
        "order__sources__attempt__transfer",
        "order__lines__product__listing",
        "order__lines__product__images",
        "order__consignment__events",
        "order__consignment__cooperative__bank_accounts",
    )
    return [OrderPanel(group, member.order) for member in members]


def expire_overdue(panels: list[OrderPanel]) -> bool:
    """End holds whose time is over even when the clock's worker is late; True when one ended."""
    now = timezone.now()
    late = [p for p in panels if p.state == "waiting" and p.attempt.expires_at <= now and order_expire(order=p.order)]
    return bool(late)


def version_of(panels: list[OrderPanel]) -> str:
    """Changes when anything that the buyer sees has changed."""
    parts = [f"{p.order.pk}:{p.order.status}:{p.state}:{p.paid}:{p.consignment.state}:{p.claimed_at}" for p in panels]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


class GroupView(View):
    """``/don-hang/<code>/``: whoever has the link sees the purchase; nobody else can guess it."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        group = group_or_404(code)
        panels = panels_of(group)
        if expire_overdue(panels):
            panels = panels_of(group)
        response = render(request, "order/group.html", group_context(group, panels))
        response["Cache-Control"] = "private, no-store"
        return response


def group_context(group: OrderGroup, panels: list[OrderPanel]) -> dict[str, Any]:
    """Panels, the one to pay first, and the version for polling."""
    waiting = [panel for panel in panels if panel.state == "waiting"]
    rest = [panel for panel in panels if panel.state != "waiting"]
    open_panels = [panel for panel in panels if panel.state not in {"expired", "refused", "withdrawn"}]
    return {
        "group": group,
        "panels": panels,
        "ordered": waiting + rest,
        "waiting": waiting,
        "open_panels": open_panels,
        "cash": [panel for panel in panels if panel.state == "cash"],
        "now": waiting[0] if waiting else None,
        "version": version_of(panels),
        "address": panels[0].order.shipping_address if panels else None,
        "commune": commune(group.ward_code),
    }


class OrderView(View):
    """``/don-hang/<code>/<number>/``: one parcel with its history."""

    def get(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group = group_or_404(code)
        panel = panel_or_404(group, number)
        response = render(
            request,
            "order/detail.html",
            {"group": group, "panel": panel, "address": panel.order.shipping_address, "version": version_of([panel])},
        )
        response["Cache-Control"] = "private, no-store"
        return response


def panel_or_404(group: OrderGroup, number: str) -> OrderPanel:
    """An order of this group and of no other."""
    panels = panels_of(group, number)
    if not panels:
        raise Http404
    return panels[0]


@never_cache
@require_GET
def status(request: HttpRequest, code: str) -> JsonResponse:
    """``{"version": "…"}``: the page asks every few seconds and reloads itself when it changes."""
    panels = panels_of(group_or_404(code))
    return JsonResponse({"version": version_of(panels)})


@require_GET
def qr_png(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The QR code as a picture to save on the phone that pays."""
    panel = panel_or_404(group_or_404(code), number)
    if panel.transfer is None or panel.state != "waiting":
        raise Http404
    response = HttpResponse(image.png(panel.transfer.payload), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="vietqr-{panel.order.number}.png"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def switch(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Pay this order another way."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    wanted = request.POST.get("provider", "")
    if panel.attempt and panel.attempt.provider == wanted:
        return back_to(group)
    if wanted not in {other.code for other in panel.alternatives}:
        return problem(request, group, _("This order cannot be paid that way now."))
    try:
        payment_switch(order=panel.order, provider_code=wanted, by=group.phone)
    except PaymentError:
        return problem(request, group, _("This order cannot be paid that way now."))
    return back_to(group)


@require_POST
def claim(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The buyer says that the transfer was made: the goods are held until the cooperative had time to look."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    if panel.state == "paid":
        return back_to(group)
    try:
        transfer_claim(attempt=panel.attempt, by=group.phone)
    except PaymentError:
        return problem(request, group, _("The time of this order is over. Please call the cooperative."))
    return back_to(group)


@require_POST
def cancel(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The buyer withdraws an order that nobody has paid or begun."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    try:
        order_cancel_by_buyer(order=panel.order, by=group.phone)
    except FulfilmentError:
        return problem(request, group, _("This order can no longer be cancelled here. Please call the cooperative."))
    return back_to(group)


def back_to(group: OrderGroup) -> HttpResponse:
    """After a change: the group's page, fresh."""
    return HttpResponseRedirect(reverse("order:group", kwargs={"code": group.code}))


def problem(request: HttpRequest, group: OrderGroup, text: str) -> HttpResponse:
    """The group's page with a sentence on what did not work."""
    context = group_context(group, panels_of(group)) | {"problem": text}
    return render(request, "order/group.html", context, status=409)
