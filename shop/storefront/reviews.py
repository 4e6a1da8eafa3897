"""``/don-hang/<code>/<number>/nhan-xet/``: a buyer whose goods arrived says what they are like."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from shop.checkout.models import OrderGroup
from shop.core.fields import PlainField
from shop.core.private import private_response
from shop.fulfilment.models import Consignment
from shop.reviews.models import LineReview, ReviewPhoto
from shop.reviews.services import MOST_PHOTOS, NAME_LIMIT, TEXT_LIMIT, ReviewError, product_of, review_write
from shop.storefront.checkout import see_other
from shop.storefront.orders.pages import private
from shop.storefront.orders.panels import OrderPanel, group_or_404, panel_or_404
from shop.storefront.photos import PhotosField

#: Who reads reviews before everybody does.
STAFF = "vietqr.change_bankline"
STARS = [
    (5, gettext_lazy("5 stars: very good")),
    (4, gettext_lazy("4 stars: good")),
    (3, gettext_lazy("3 stars: all right")),
    (2, gettext_lazy("2 stars: not good")),
    (1, gettext_lazy("1 star: bad")),
]


class ReviewForm(forms.Form):
    """Which goods, how many stars, in what words, under which name."""

    line = forms.TypedChoiceField(
        label=gettext_lazy("Which goods?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose which goods."),
            "invalid_choice": gettext_lazy("Please choose which goods."),
        },
    )
    stars = forms.TypedChoiceField(
        label=gettext_lazy("How was it?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Please choose the stars."),
            "invalid_choice": gettext_lazy("Please choose the stars."),
        },
    )
    text = PlainField(
        label=gettext_lazy("In your words"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Please write a few words."),
            "max_length": gettext_lazy("Please keep it under 1000 characters."),
        },
    )
    name = PlainField(
        label=gettext_lazy("Name that others see"),
        max_length=NAME_LIMIT,
        error_messages={
            "required": gettext_lazy("Please write a name, it need not be your whole one."),
            "max_length": gettext_lazy("Please keep the name under 60 letters."),
        },
    )
    photos = PhotosField(label=gettext_lazy("Photos"), most=MOST_PHOTOS)

    def __init__(self, *args: Any, panel: OrderPanel, lines: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = {line.pk: line for line in lines}
        self.fields["line"].choices = [(line.pk, panel.line_title(line)) for line in lines]
        if len(lines) == 1:
            self.fields["line"].initial = lines[0].pk
            self.fields["line"].widget = forms.HiddenInput()


class ReviewView(View):
    """The form for the lines without a review; what was written before."""

    def get(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        return self.page(request, *place(code, number))

    def post(self, request: HttpRequest, code: str, number: str) -> HttpResponse:
        group, panel = place(code, number)
        if was_written(panel, request.POST.get("line", "")):
            return see_other(page_url(group, panel))
        form = ReviewForm(request.POST, request.FILES, panel=panel, lines=open_lines(panel))
        if not form.is_valid():
            return self.page(request, group, panel, form, 422)
        values = form.cleaned_data
        try:
            review_write(
                line=form.lines[values["line"]],
                stars=values["stars"],
                text=values["text"],
                name=values["name"],
                photos=values["photos"],
                user=request.user if is_buyer(request, group) else None,
                by=group.phone,
            )
        except ReviewError as error:
            if error.code not in ("text", "name"):
                return self.page(request, group, panel, status=409)
            form.add_error(error.code, ReviewForm.base_fields[error.code].error_messages["required"])
            return self.page(request, group, panel, form, 422)
        return see_other(page_url(group, panel))

    def page(
        self, request: HttpRequest, group: OrderGroup, panel: OrderPanel, form: Any = None, status: int = 200
    ) -> HttpResponse:
        lines = open_lines(panel)
        if form is None and lines:
            form = ReviewForm(panel=panel, lines=lines, initial={"name": group.name})
        written = LineReview.objects.filter(line__order=panel.order).select_related("review").prefetch_related("photos")
        context = {
            "group": group,
            "panel": panel,
            "cooperative": panel.cooperative,
            "form": form,
            "written": written.order_by("pk"),
            "single": lines[0] if len(lines) == 1 else None,
            "single_title": panel.line_title(lines[0]) if len(lines) == 1 else "",
            "is_delivered": panel.consignment.state == Consignment.State.DELIVERED,
            "most": MOST_PHOTOS,
        }
        return private(render(request, "order/review.html", context, status=status))


@require_safe
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """``/san-pham/anh-nhan-xet/<pk>/``: everybody's while the review is public; the cooperative's and staff's else."""
    row = ReviewPhoto.objects.select_related("line_review__review").filter(pk=pk).first() if pk < 2**63 else None
    if row is None or not (row.line_review.is_public or request.user.has_perm(STAFF)):
        raise Http404
    if not row.file.storage.exists(row.file.name):
        raise Http404
    return private_response(row.file, content_type="image/jpeg", name=f"nhan-xet-{pk}.jpg")


# -- Parts ---------------------------------------------------------------------------------------------------------


def place(code: str, number: str) -> tuple[OrderGroup, OrderPanel]:
    group = group_or_404(code)
    return group, panel_or_404(group, number)


def open_lines(panel: OrderPanel) -> list[Any]:
    """Lines of a delivered order that nobody has written about and whose goods are still known."""
    if panel.consignment.state != Consignment.State.DELIVERED:
        return []
    lines = panel.order.lines.filter(review=None, product__isnull=False).select_related("product__parent")
    return [line for line in lines.order_by("pk") if product_of(line) is not None]


def was_written(panel: OrderPanel, line: str) -> bool:
    """A second press of the button."""
    return (
        line.isdecimal() and len(line) < 19 and LineReview.objects.filter(line=line, line__order=panel.order).exists()
    )


def is_buyer(request: HttpRequest, group: OrderGroup) -> bool:
    """Whether the person signed in is the one who bought."""
    return request.user.is_authenticated and request.user.pk == group.user_id


def page_url(group: OrderGroup, panel: OrderPanel) -> str:
    return reverse("order:review", kwargs={"code": group.code, "number": panel.order.number})
