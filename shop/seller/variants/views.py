"""``/ban-hang/hang/<pk>/quy-cach/``: the sizes of one product, each with its price, weight and stock."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from shop.listings.models import Listing
from shop.seller.variants.forms import SizeForm
from shop.seller.variants.guards import own_listing, size_or_404
from shop.seller.variants.texts import QUICK, price_text, problem_field, problem_text, quick_values, weight_text
from shop.seller.views import SeeOther, frame
from shop.variants.models import Variant
from shop.variants.services import (
    VariantError,
    variant_add,
    variant_restore,
    variant_retire,
    variant_update,
    variants_start,
)


@require_safe
@own_listing
def listed(request: HttpRequest, listing: Listing) -> HttpResponse:
    """All sizes with what they cost, and quick choices for one more."""
    return list_page(request, listing)


@method_decorator(own_listing, name="dispatch")
class NewView(View):
    """``…/moi/``: one more size. ``?nhanh=500g`` fills in what such a size usually is."""

    def get(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        return self.page(request, listing, SizeForm(initial=quick_values(request.GET.get("nhanh", ""), listing)))

    def post(self, request: HttpRequest, listing: Listing) -> HttpResponse:
        form = SizeForm(request.POST)
        if not form.is_valid():
            return self.page(request, listing, form, 422)
        try:
            size_add(listing, form.values, request.workspace.by)
        except VariantError as error:
            form.add_error(problem_field(error.code) or None, problem_text(error))
            return self.page(request, listing, form, 409)
        messages.success(request, _("Saved: %(size)s.") % {"size": form.cleaned_data["label_vi"]})
        return SeeOther(list_url(listing))

    def page(self, request: HttpRequest, listing: Listing, form: SizeForm, status: int = 200) -> HttpResponse:
        context = frame(request) | {"listing": listing, "form": form, "is_first": not listing.product.is_parent}
        return render(request, "seller/variants/form.html", context, status=status)


@method_decorator(own_listing, name="dispatch")
class EditView(View):
    """``…/<size>/``: change one; stop selling it."""

    def get(self, request: HttpRequest, listing: Listing, size: int) -> HttpResponse:
        variant = size_or_404(listing, size)
        return self.page(request, listing, variant, SizeForm(initial=initial_of(variant)))

    def post(self, request: HttpRequest, listing: Listing, size: int) -> HttpResponse:
        variant = size_or_404(listing, size)
        form = SizeForm(request.POST)
        if not form.is_valid():
            return self.page(request, listing, variant, form, 422)
        seen = form.cleaned_data["stock_seen"]
        try:
            variant_update(
                variant=variant, stock_seen=-1 if seen is None else seen, by=request.workspace.by, **form.values
            )
        except VariantError as error:
            if error.code == "stock_moved":  # the next press knows the number that this page shows
                form.data = {**form.data.dict(), "stock_seen": str(error.left)}
            form.add_error(problem_field(error.code) or None, problem_text(error))
            return self.page(request, listing, variant, form, 409)
        messages.success(request, _("Saved: %(size)s.") % {"size": form.cleaned_data["label_vi"]})
        return SeeOther(list_url(listing))

    def page(
        self, request: HttpRequest, listing: Listing, variant: Variant, form: SizeForm, status: int = 200
    ) -> HttpResponse:
        record = variant.product.stock_record
        held = (record.num_allocated or 0) if record else 0
        context = frame(request) | {"listing": listing, "variant": variant, "form": form, "held": held}
        return render(request, "seller/variants/form.html", context, status=status)


@require_POST
@own_listing
def retire(request: HttpRequest, listing: Listing, size: int) -> HttpResponse:
    """``…/ngung-ban/``: sold no more; what is ordered stays ordered."""
    variant = size_or_404(listing, size)
    try:
        variant_retire(variant=variant, by=request.workspace.by)
    except VariantError as error:
        return list_page(request, listing, problem_text(error), 409)
    messages.success(request, _("%(size)s is no longer on sale.") % {"size": variant.label_vi})
    return SeeOther(list_url(listing))


@require_POST
@own_listing
def restore(request: HttpRequest, listing: Listing, size: int) -> HttpResponse:
    """``…/ban-lai/``: on sale again."""
    variant = size_or_404(listing, size)
    try:
        variant_restore(variant=variant, by=request.workspace.by)
    except VariantError as error:
        return list_page(request, listing, problem_text(error), 409)
    messages.success(request, _("%(size)s is on sale again.") % {"size": variant.label_vi})
    return SeeOther(list_url(listing))


# -- Parts -------------------------------------------------------------------------------------------------------


@transaction.atomic
def size_add(listing: Listing, values: dict[str, Any], by: str) -> Variant:
    """One more size; with the first one, what the product is sold as today becomes a size too. Both or nothing."""
    if not listing.product.is_parent:
        variants_start(
            product=listing.product,
            label_vi=listing.unit_vi,
            label_en=listing.unit_en,
            net_weight_g=listing.net_weight_g,
            ship_weight_g=listing.ship_weight_g,
            by=by,
        )
    return variant_add(parent=listing.product, by=by, **values)


def list_page(request: HttpRequest, listing: Listing, problem: str = "", status: int = 200) -> HttpResponse:
    """The sizes on sale and those that were; ``problem`` is what stands in the way of a change."""
    gone = Variant.objects.filter(product__parent=listing.product_id, is_active=False).select_related("product")
    context = frame(request) | {
        "listing": listing,
        "sizes": listing.product.sizes,
        "gone": list(gone),
        "quick": QUICK,
        "problem": problem,
    }
    return render(request, "seller/variants/list.html", context, status=status)


def list_url(listing: Listing) -> str:
    return reverse("seller:variants", kwargs={"pk": listing.pk})


def initial_of(variant: Variant) -> dict[str, Any]:
    """The size as the form shows it."""
    left = variant.product.stock_left
    return {
        "label_vi": variant.label_vi,
        "label_en": variant.label_en,
        "net_weight_g": weight_text(variant.net_weight_g),
        "ship_weight_g": weight_text(variant.ship_weight_g),
        "price": price_text(variant.product.card_price),
        "stock": left,
        "stock_seen": left,
    }
