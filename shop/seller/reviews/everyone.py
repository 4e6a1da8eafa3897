"""Reviews of all cooperatives for the province's staff: what waits, and what may have to go."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model

from shop.core.fields import PlainField
from shop.reviews.models import LineReview
from shop.reviews.services import review_hide, review_publish
from shop.seller.access import operators_only
from shop.seller.views import SeeOther

ProductReview = get_model("reviews", "ProductReview")
PAGE_SIZE = 20
TABS = {
    "waiting": (gettext_lazy("Waiting"), Q(review__status=ProductReview.FOR_MODERATION)),
    "public": (gettext_lazy("Public"), Q(review__status=ProductReview.APPROVED)),
    "hidden": (gettext_lazy("Hidden"), Q(review__status=ProductReview.REJECTED)),
}


class HideForm(forms.Form):
    """Why a review is taken away; for the record."""

    reason = PlainField(
        label=gettext_lazy("Why hide it?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Please write why it is hidden."),
            "max_length": gettext_lazy("Please keep it under 300 characters."),
        },
    )


@require_safe
@operators_only
def reviews_everyone(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/danh-gia/tat-ca/?tab=``: the oldest that waits first; the others newest first."""
    return everyone_page(request)


@require_POST
@operators_only
def review_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish it, or hide it with a reason."""
    row = LineReview.objects.filter(pk=pk).first() if pk < 2**63 else None
    if row is None:
        raise Http404
    by = request.user.get_username()
    if request.POST.get("do") == "publish":
        review_publish(row=row, by=by)
        messages.success(request, _("The review is public now."))
        return SeeOther(back(request))
    form = HideForm(request.POST, prefix=str(row.pk))
    if not form.is_valid():
        return everyone_page(request, {row.pk: form}, status=422)
    review_hide(row=row, by=by, reason=form.cleaned_data["reason"])
    messages.success(request, _("The review is hidden."))
    return SeeOther(back(request))


def back(request: HttpRequest) -> str:
    return reverse("seller:reviews-everyone") + f"?tab={tab_of(request)}"


def tab_of(request: HttpRequest) -> str:
    wanted = request.POST.get("tab") or request.GET.get("tab", "")
    return wanted if wanted in TABS else "waiting"


def everyone_page(request: HttpRequest, bound: dict[int, Any] | None = None, status: int = 200) -> HttpResponse:
    """One tab."""
    tab, bound = tab_of(request), bound or {}
    rows = LineReview.objects.filter(TABS[tab][1]).select_related("review__product", "cooperative")
    ordered = rows.prefetch_related("photos").order_by("pk" if tab == "waiting" else "-pk")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tab": tab,
        "tabs": [{"name": name, "label": label} for name, (label, _q) in TABS.items()],
        "page_obj": page,
        "entries": [
            {"row": row, "form": bound.get(row.pk) or HideForm(prefix=str(row.pk))} for row in page.object_list
        ],
        "forms": list(bound.values()),
    }
    return render(request, "seller/reviews/everyone.html", context, status=status)
