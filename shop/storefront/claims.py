"""``/don-hang/<code>/<number>/su-co/``: the buyer reports a problem, reads the answer, replies once."""

import secrets
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from shop.checkout.models import OrderGroup
from shop.claims.models import Claim
from shop.claims.rules import Scope, scope_of
from shop.claims.services import MOST_PHOTOS, TEXT_LIMIT, ClaimError, claim_close, claim_open, claim_reply
from shop.core.fields import PlainField
from shop.core.private import private_response
from shop.storefront.checkout import see_other
from shop.storefront.orders.pages import private
from shop.storefront.orders.panels import OrderPanel, group_or_404, panel_or_404
from shop.storefront.photos import PhotosField


class ClaimForm(forms.Form):
    """What is wrong with which goods."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=Claim.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose what is wrong.")},
    )
    text = PlainField(
        label=gettext_lazy("What happened?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Please write in a few words what happened."),
            "max_length": gettext_lazy("Please keep it under 1000 characters."),
        },
    )
    photos = PhotosField(label=gettext_lazy("Photos"), most=MOST_PHOTOS)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, scope: Scope, panel: OrderPanel, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {f"line-{row.line.pk}": row.line for row in scope.lines}
        for name, line in self.lines.items():
            numbers = [(0, _("Fine")), *((n, str(n)) for n in range(1, min(line.quantity, 50) + 1))]
            label = f"{line.quantity} × {panel.line_title(line)}"
            initial = line.quantity if len(self.lines) == 1 and line.quantity == 1 else 0
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=numbers, coerce=int, empty_value=0, initial=initial
            )
        if scope.is_missing:
            self.fields["kind"].choices = [row for row in Claim.Kind.choices if row[0] == Claim.Kind.NOT_ARRIVED]
            self.fields["kind"].initial = Claim.Kind.NOT_ARRIVED
            self.fields["photos"].widget = forms.MultipleHiddenInput()

    @property
    def goods(self) -> list[Any]:
        """The boxes for the goods, in the order's order."""
        return [self[name] for name in self.lines]

    @property
    def units(self) -> dict[Any, int]:
        return {line: self.cleaned_data[name] for name, line in self.lines.items() if self.cleaned_data.get(name)}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        everything = values.get("kind") == Claim.Kind.NOT_ARRIVED
        if everything and not any(values.get(name) for name in self.lines):
            values |= {name: line.quantity for name, line in self.lines.items()}
        elif self.lines and not any(values.get(name) for name in self.lines):
            self.add_error(next(iter(self.lines)), _("Please say how many units are concerned."))
        return values


class ClaimsView(View):
    """The form while something can be reported; what was reported before; the way to call otherwise."""

    def get(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group, panel, scope = place(code, number)
        return self.page(request, group, panel, scope)

    def post(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group, panel, scope = place(code, number)
        key = key_of(panel, request.POST.get("key", ""))
        known = Claim.objects.filter(key=key, order=panel.order).first()
        if known:
            return see_other(claim_url(group, known))
        if scope.code:
            return self.page(request, group, panel, scope, status=409)
        form = ClaimForm(request.POST, request.FILES, scope=scope, panel=panel)
        if not form.is_valid():
            return self.page(request, group, panel, scope, form, 422)
        try:
            claim = claim_open(
                order=panel.order,
                kind=form.cleaned_data["kind"],
                lines=form.units,
                text=form.cleaned_data["text"],
                photos=form.cleaned_data["photos"],
                key=key,
                by=group.phone,
            )
        except ClaimError as error:
            if error.code == "text":
                form.add_error("text", ClaimForm.base_fields["text"].error_messages["required"])
                return self.page(request, group, panel, scope, form, 422)
            return self.page(request, *place(code, number), status=409)
        return see_other(claim_url(group, claim))

    def page(
        self,
        request: HttpRequest,
        group: OrderGroup,
        panel: OrderPanel,
        scope: Scope,
        form: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        if form is None and not scope.code:
            form = ClaimForm(scope=scope, panel=panel, initial={"key": secrets.token_urlsafe(16)})
        context = base(group, panel) | {
            "scope": scope,
            "form": form,
            "claims": panel.order.claims.all(),
            "most": MOST_PHOTOS,
        }
        return private(render(request, "order/claims.html", context, status=status))


@require_safe
def claim(request: HttpRequest, code: str, number: str, claim: str) -> HttpResponse:
    """``…/su-co/<claim>/``: what was said on both sides."""
    group, panel, row = claim_or_404(code, number, claim)
    return claim_page(request, group, panel, row)


@require_POST
def reply(request: HttpRequest, code: str, number: str, claim: str) -> HttpResponse:
    """``…/tra-loi/``: not agreed; once, and the province's staff look at it."""
    group, panel, row = claim_or_404(code, number, claim)
    text = request.POST.get("text", "")
    try:
        claim_reply(claim=row, text=text, by=group.phone)
    except ClaimError as error:
        if error.code == "text":
            problem = _("Please write what you do not agree with.")
            return claim_page(request, group, panel, row, problem=problem, typed=text, status=422)
        problem = _("You have replied already, or this is settled. Please call the cooperative.")
        return claim_page(request, group, panel, row, problem=problem, typed=text, status=409)
    return see_other(claim_url(group, row))


@require_POST
def close(request: HttpRequest, code: str, number: str, claim: str) -> HttpResponse:
    """``…/xong/``: the buyer is content."""
    group, panel, row = claim_or_404(code, number, claim)
    try:
        claim_close(claim=row, by=group.phone)
    except ClaimError:
        problem = _("This cannot be settled now. Please wait for the answer.")
        return claim_page(request, group, panel, row, problem=problem, status=409)
    return see_other(claim_url(group, row))


@require_safe
def photo(request: HttpRequest, code: str, number: str, claim: str, pk: int) -> HttpResponse:
    """``…/anh/<pk>/``: the buyer's own picture."""
    _group, _panel, row = claim_or_404(code, number, claim)
    found = row.photos.filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not found.file.storage.exists(found.file.name):
        raise Http404
    return private_response(found.file, content_type="image/jpeg", name=f"{row.number}-{pk}.jpg")


# -- Parts ---------------------------------------------------------------------------------------------------------


def place(code: str, number: str) -> tuple[OrderGroup, OrderPanel, Scope]:
    """The purchase, its order, and what can be reported."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    return group, panel, scope_of(panel.order)


def claim_or_404(code: str, number: str, claim: str) -> tuple[OrderGroup, OrderPanel, Claim]:
    """A report about an order of this very purchase."""
    group = group_or_404(code)
    panel = panel_or_404(group, number)
    row = Claim.objects.filter(order=panel.order, number=claim).prefetch_related("photos").first()
    if row is None:
        raise Http404
    return group, panel, row


def key_of(panel: OrderPanel, typed: str) -> str:
    """One page, one report; never another order's."""
    return f"{panel.order.pk}:{typed[:40] or secrets.token_urlsafe(16)}"


def claim_url(group: OrderGroup, row: Claim) -> str:
    return reverse("order:claim-case", kwargs={"code": group.code, "number": row.order.number, "claim": row.number})


def base(group: OrderGroup, panel: OrderPanel) -> dict[str, Any]:
    return {"group": group, "panel": panel, "cooperative": panel.cooperative}


def claim_page(
    request: HttpRequest,
    group: OrderGroup,
    panel: OrderPanel,
    row: Claim,
    *,
    problem: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    """One report as it is now."""
    row.refresh_from_db()
    lines = [
        {"title": panel.line_title(line.order_line), "quantity": line.quantity}
        for line in row.lines.select_related("order_line__product__listing").order_by("pk")
    ]
    context = base(group, panel) | {"claim": row, "lines": lines, "problem": problem, "typed": typed}
    return private(render(request, "order/claim.html", context, status=status))
