"""``/ban-hang/giay-to/bang-gia/``: price labels, so many of each product."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.text import vi_sort_key
from shop.listings.models import Listing
from shop.paper.answers import pdf_answer
from shop.paper.grids import PRICES
from shop.paper.prices import MAX_LABELS, PriceLabel, labels_of, price_labels
from shop.paper.rendering import PaperError
from shop.seller.paper.guards import printing, problem_page
from shop.seller.paper.views import named
from shop.seller.views import frame

SIZES = [
    ("24", gettext_lazy("24 to a sheet, 70 × 37 mm")),
    ("40", gettext_lazy("40 to a sheet, 52.5 × 29.7 mm")),
    ("65", gettext_lazy("65 to a sheet, 38.1 × 21.2 mm")),
]


class PricesForm(forms.Form):
    """The sheet, the first free place on it, and how many labels of each product (0 for none)."""

    size = forms.ChoiceField(label=gettext_lazy("Sheet"), choices=SIZES, widget=forms.RadioSelect, initial="24")
    first = forms.IntegerField(
        label=gettext_lazy("Start at label"), min_value=1, max_value=65, initial=1, required=False
    )

    def __init__(self, *args: Any, labels: list[PriceLabel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = labels
        for label in labels:
            self.fields[f"n{label.product.pk}"] = forms.IntegerField(
                label=label.name,
                min_value=0,
                max_value=MAX_LABELS,
                initial=0,
                required=False,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def rows(self) -> list[tuple[PriceLabel, Any]]:
        """Each label with its field."""
        return [(label, self[f"n{label.product.pk}"]) for label in self.labels]

    def wanted(self) -> list[tuple[PriceLabel, int]]:
        """How many of what."""
        return [(label, self.cleaned_data[f"n{label.product.pk}"] or 0) for label in self.labels]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        size, first = data.get("size"), data.get("first") or 1
        if size in PRICES and first > PRICES[size].count:
            self.add_error("first", _("The sheet has only %(n)s labels.") % {"n": PRICES[size].count})
        if not self.errors:
            count = sum(copies for _label, copies in self.wanted())
            if not count:
                raise forms.ValidationError(_("Please say how many labels you want of at least one product."))
            if count > MAX_LABELS:
                raise forms.ValidationError(_("At most %(n)s labels at once, please.") % {"n": MAX_LABELS})
        return data


@printing
def choose(request: HttpRequest) -> HttpResponse:
    """The products with a number each."""
    return form_page(request, PricesForm(labels=labels_for(request)))


@printing
def sheet(request: HttpRequest) -> HttpResponse:
    """The labels as a PDF; the form with its errors when they cannot be printed (422)."""
    form = PricesForm(request.GET, labels=labels_for(request))
    if not form.is_valid():
        return form_page(request, form, status=422)
    data = form.cleaned_data
    try:
        content = price_labels(form.wanted(), size=data["size"], first=data["first"] or 1)
    except PaperError as error:
        return problem_page(request, error)
    return pdf_answer(content, named(_("Price labels")))


def form_page(request: HttpRequest, form: PricesForm, status: int = 200) -> HttpResponse:
    return render(request, "seller/paper/prices.html", frame(request) | {"form": form}, status=status)


def labels_for(request: HttpRequest) -> list[PriceLabel]:
    """The cooperative's goods that shoppers can find: the code on a label leads to their page."""
    found = Listing.objects.published().filter(cooperative=request.workspace.cooperative).for_cards()
    ordered = sorted(found, key=lambda listing: vi_sort_key(listing.title))
    return [label for listing in ordered for label in labels_of(listing)]
