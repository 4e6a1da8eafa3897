"""Paying a part of an order back: goods that were missing or damaged, or a sum that was agreed with the buyer."""

import re
import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from shop.core.lang import pick
from shop.fulfilment.models import Consignment
from shop.order.models import Order
from shop.payment.books import balance_of
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import RefundError, line_dong, refund_owe, units_left
from shop.seller.access import own
from shop.seller.money.forms import DongField, ReasonForm
from shop.seller.money.guards import closed
from shop.seller.money.inbox import see
from shop.seller.money.words import dong_text
from shop.seller.views import frame, order_find

TOKEN = re.compile(r"[A-Za-z0-9_\-]{16,40}")


class PartForm(ReasonForm):
    """Units of lines, or a sum; the sum counts when both are given. ``token`` makes one page one refund."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    dong = DongField(required=False, label=gettext_lazy("Or another sum"))

    def __init__(self, order: Order, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order, self.limit = order, balance_of(order).returnable
        self.lines = {f"line-{line.pk}": line for line in order.lines.select_related("product__listing")}
        for name, line in self.lines.items():
            left = units_left(line)
            self.fields[name] = forms.IntegerField(
                label=pick(line.title, getattr(getattr(line.product, "listing", None), "title_en", "")),
                required=False,
                min_value=0,
                max_value=left,
                disabled=not left,
                help_text=unit_text(line, left),
                error_messages={"max_value": too_many_text(left), "min_value": too_many_text(left)},
            )
        self.order_fields([*self.lines, "dong", "reason", "token"])

    @property
    def line_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.lines]

    @property
    def units(self) -> dict[Any, int]:
        """Units to come back, by order line."""
        return {line: self.cleaned_data[name] for name, line in self.lines.items() if self.cleaned_data.get(name)}

    @property
    def amount(self) -> int:
        """Dong to be paid back."""
        goods = sum(line_dong(line, quantity) for line, quantity in self.units.items())
        return self.cleaned_data.get("dong") or goods

    def clean_token(self) -> str:
        """A page without its token is a page of its own."""
        token = self.cleaned_data["token"]
        return token if TOKEN.fullmatch(token) else secrets.token_urlsafe(16)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not self.errors.keys() - {"reason"}:
            if not self.amount:
                self.add_error("dong", _("Please choose goods above, or write a sum here."))
            elif self.amount > self.limit:
                self.add_error("dong", self.limit_text())
        return values

    def limit_text(self) -> str:
        """What could be paid back at most."""
        texts = {"sum": dong_text(self.amount), "limit": dong_text(max(0, self.limit))}
        return _("That is %(sum)s. At most %(limit)s of this order can still be paid back.") % texts


@require_http_methods(["GET", "HEAD", "POST"])
@own(order_find, refused=closed)
def part(request: HttpRequest, consignment: Consignment) -> HttpResponse:
    """``/ban-hang/don/<number>/tra-lai/``: which goods, or which sum, and why."""
    order = consignment.order
    if request.method != "POST":
        return part_page(request, PartForm(order, initial={"token": secrets.token_urlsafe(16)}))
    known = refund_of(order, request.POST.get("token", ""))
    if known:
        return see("seller:refund", pk=known.pk)
    form = PartForm(order, request.POST)
    if not form.is_valid() or not owed(form, request.workspace.by):
        return part_page(request, form, status=422)
    messages.success(request, _("Noted. Now transfer the money back in your bank app."))
    return see("seller:refund", pk=refund_of(order, form.cleaned_data["token"]).pk)


def owed(form: PartForm, by: str) -> bool:
    """Write it down; False when somebody has paid back meanwhile what this form still counted on."""
    values = form.cleaned_data
    try:
        refund_owe(
            order=form.order,
            amount=form.amount,
            kind=Refund.Kind.GOODS,
            key=key_of(form.order, values["token"]),
            by=by,
            reason=values["reason"],
            lines=form.units,
        )
    except RefundError as error:
        form.limit = error.limit if error.code == "too_much" else form.limit
        form.add_error("dong", form.limit_text())
        return False
    return True


def part_page(request: HttpRequest, form: PartForm, status: int = 200) -> HttpResponse:
    """The form with what is known about the order's money."""
    context = frame(request) | {"form": form, "order": form.order, "balance": balance_of(form.order)}
    return render(request, "seller/money/part.html", context, status=status)


def key_of(order: Order, token: str) -> str:
    """One page, one refund."""
    return f"part:{order.pk}:{token}"


def refund_of(order: Order, token: str) -> Refund | None:
    """What this very page has written down already."""
    if not TOKEN.fullmatch(token):
        return None
    return Refund.objects.filter(key=key_of(order, token)).first()


def unit_text(line: Any, left: int) -> str:
    """What one unit costs after discounts, and how many there are."""
    if not left:
        return _("Paid back already")
    texts = {"sum": dong_text(line_dong(line, 1)), "left": left}
    return ngettext("%(sum)s each, %(left)s sold", "%(sum)s each, %(left)s sold", left) % texts


def too_many_text(left: int) -> str:
    """The most that can come back of a line."""
    return ngettext("At most %(left)s can still come back.", "At most %(left)s can still come back.", left) % {
        "left": left
    }
