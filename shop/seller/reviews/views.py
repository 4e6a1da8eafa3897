"""``/ban-hang/danh-gia/``: what buyers say about the cooperative's goods, and its one reply to each."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model

from shop.core.fields import PlainField
from shop.reviews.models import LineReview
from shop.reviews.services import REPLY_LIMIT, ReviewError, review_reply
from shop.seller.access import members_only, own
from shop.seller.views import SeeOther, frame

ProductReview = get_model("reviews", "ProductReview")
PAGE_SIZE = 20


class ReplyForm(forms.Form):
    """The cooperative's answer; everybody reads it."""

    text = PlainField(
        label=gettext_lazy("Your reply"),
        max_length=REPLY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": gettext_lazy("Please write a few words: everybody reads them."),
            "max_length": gettext_lazy("Please keep it under 600 characters."),
        },
    )


def review_find(pk: int) -> LineReview | None:
    """A public review, whoever's it is."""
    public = LineReview.objects.filter(review__status=ProductReview.APPROVED)
    return public.select_related("review").filter(pk=pk).first() if pk < 2**63 else None


@require_safe
@members_only
def reviews(request: HttpRequest) -> HttpResponse:
    """Public ones, newest first."""
    return reviews_page(request)


@require_POST
@own(review_find)
def reply(request: HttpRequest, row: LineReview) -> HttpResponse:
    """``…/tra-loi/``: once, below the review."""
    form = ReplyForm(request.POST, prefix=str(row.pk))
    if not form.is_valid():
        return reviews_page(request, {row.pk: form}, status=422)
    try:
        review_reply(row=row, text=form.cleaned_data["text"], by=request.workspace.by)
    except ReviewError as error:
        if error.code == "text":
            form.add_error("text", ReplyForm.base_fields["text"].error_messages["required"])
            return reviews_page(request, {row.pk: form}, status=422)
        return reviews_page(request, {}, _("This review has its reply already."), status=409)
    messages.success(request, _("Your reply stands below the review."))
    return SeeOther(reverse("seller:reviews") + f"#review-{row.pk}")


def reviews_page(
    request: HttpRequest, bound: dict[int, Any] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """The list, each review without a reply with its form."""
    rows = LineReview.objects.filter(
        cooperative=request.workspace.cooperative, review__status=ProductReview.APPROVED
    ).select_related("review__product__listing")
    page = Paginator(rows.prefetch_related("photos").order_by("-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    bound = bound or {}
    entries = [
        {"row": row, "form": None if row.reply else bound.get(row.pk) or ReplyForm(prefix=str(row.pk))}
        for row in page.object_list
    ]
    context = frame(request) | {"page_obj": page, "entries": entries, "forms": list(bound.values()), "problem": problem}
    return render(request, "seller/reviews/list.html", context, status=status)
