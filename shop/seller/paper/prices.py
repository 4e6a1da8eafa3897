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
from shop.paper.prices import MAX_LABELS, price_labels
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

    def __init__(self, *args: Any, listings: list[Listing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listings = listings
        for listing in listings:
            self.fields[f"n{listing.pk}"] = forms.IntegerField(
                label=listing.title, min_value=0, max_value=MAX_LABELS, initial=0, required=False
            )

    def rows(self) -> list[tuple[Listing, Any]]:
        """Each product with its field."""
        return [(listing, self[f"n{listing.pk}"]) for listing in self.listings]

    def wanted(self) -> list[tuple[Listing, int]]:
        """How many of what."""
        return [(listing, self.cleaned_data[f"n{listing.pk}"] or 0) for listing in self.listings]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        size, first = data.get("size"), data.get("first") or 1
        if size in PRICES and first > PRICES[size].count:
            self.add_error("first", _("The sheet has only %(n)s labels.") % {"n": PRICES[size].count})
        if not self.errors:
            count = sum(copies for _listing, copies in self.wanted())
            if not count:
                raise forms.ValidationError(_("Please say how many labels you want of at least one product."))
            if count > MAX_LABELS:
                raise forms.ValidationError(_("At most %(n)s labels at once, please.") % {"n": MAX_LABELS})
        return data


@printing
def choose(request: HttpRequest) -> HttpResponse:
    """The products with a number each."""
    return form_page(request, PricesForm(listings=listings_of(request)))


@printing
def sheet(request: HttpRequest) -> HttpResponse:
    """The labels as a PDF; the form with its errors when they cannot be printed (422)."""
    form = PricesForm(request.GET, listings=listings_of(request))
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


def listings_of(request: HttpRequest) -> list[Listing]:
    """The cooperative's goods that shoppers can find: the code on a label leads to their page."""
    found = Listing.objects.published().filter(cooperative=request.workspace.cooperative).for_cards()
    return sorted(found, key=lambda listing: vi_sort_key(listing.title))
