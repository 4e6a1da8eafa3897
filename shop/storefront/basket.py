"""The basket: one form, one parcel per cooperative, every problem said at the line it concerns."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from shop.basket.services import BasketError, basket_add, line_quantity_set, quantity_parse
from shop.checkout.models import OrderGroup
from shop.checkout.parcels import Cart, cart_build
from shop.core import places
from shop.core.dates import today
from shop.listings.lookup import title_of, unit_of
from shop.listings.models import Listing
from shop.storefront.place import LAST_COOKIE, chosen_ward, ward_of
from shop.storefront.sizes import chosen_of, goods_or_404, tiles_of
from shop.storefront.vouchers import VoucherField, voucher_rows, vouchers_change


def problem_text(error: BasketError) -> str:
    """What to tell the shopper about a refused quantity."""
    if error.code == "short":
        return ngettext("Only %(left)d left.", "Only %(left)d left.", error.left) % {"left": error.left}
    if error.code == "too_many":
        return _("A basket holds at most %(left)d units.") % {"left": error.left}
    if error.code == "sold_out":
        return _("This one has just sold out.")
    if error.code == "choose":
        return _("Please choose a size.")
    if error.code == "placed":
        return _("This basket was ordered a moment ago. Please try again.")
    return _("Please type a whole number, 1 or more.")


class BasketView(View):
    """``/gio-hang/``: look at it, change quantities, take lines out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        errors = self.change(request)
        voucher = vouchers_change(request)
        if errors or voucher.error:
            return self.answer(request, errors, voucher, status=422)
        if "checkout" in request.POST:
            return HttpResponseRedirect(reverse("checkout:index"))
        return HttpResponseRedirect(reverse("basket:summary"))

    def change(self, request: HttpRequest) -> dict[int, str]:
        """Apply the posted quantities; messages by line id for those that were refused, typed values kept apart."""
        if not request.basket.pk:
            return {}
        lines = {str(line.pk): line for line in request.basket.all_lines()}
        removed = request.POST.get("remove", "")
        errors: dict[int, str] = {}
        for key, line in lines.items():
            typed = "0" if key == removed else request.POST.get(f"q-{key}")
            if typed is None or typed.strip() == str(line.quantity):
                continue
            try:
                line_quantity_set(line=line, quantity=quantity_parse(typed, allow_zero=True))
            except BasketError as error:
                errors[line.pk] = problem_text(error)
        request.basket.reset_offer_applications()
        return errors

    def answer(
        self,
        request: HttpRequest,
        errors: dict[int, str] | None = None,
        voucher: VoucherField | None = None,
        status: int = 200,
    ) -> HttpResponse:
        ward_code = ward_of(request)
        cart = cart_build(request.basket, ward_code=ward_code, user=request.user)
        if cart.is_empty:
            return render(request, "basket/empty.html", {"suggestions": suggestions()}, status=status)
        context = basket_context(cart, request, errors) | {"voucher": voucher or VoucherField()}
        return render(request, "basket/summary.html", context, status=status)


def basket_context(cart: Cart, request: HttpRequest, errors: dict[int, str] | None = None) -> dict[str, Any]:
    """Parcels with the lines that cannot be ordered at their place, for the template."""
    errors = errors or {}
    sections: dict[int, dict[str, Any]] = {}
    for parcel in cart.parcels:
        sections[parcel.cooperative.pk] = {"cooperative": parcel.cooperative, "parcel": parcel, "lines": parcel.lines}
    for item in cart.left_out:
        cooperative = item.listing.cooperative
        section = sections.setdefault(cooperative.pk, {"cooperative": cooperative, "parcel": None, "lines": []})
        section["lines"] = [*section["lines"], item]
    for section in sections.values():
        for item in section["lines"]:
            item.error = errors.get(item.line.pk, "")
            item.typed = request.POST.get(f"q-{item.line.pk}") if item.error else None
    return {
        "cart": cart,
        "own_hold": own_hold(request, cart),
        "sections": list(sections.values()),
        "units": sum(item.quantity for parcel in cart.parcels for item in parcel.lines),
        "commune": places.commune(cart.ward_code),
        "commune_chosen": bool(chosen_ward(request)),
        "has_errors": bool(errors),
        "voucher_rows": voucher_rows(cart),
    }


def own_hold(request: HttpRequest, cart: Cart) -> OrderGroup | None:
    """The visitor's own unpaid purchase when it holds goods that the basket now lacks: it can be paid or cancelled."""
    short = {item.line.stockrecord_id for item in cart.left_out if item.problem in {"sold_out", "short"}}
    code = request.COOKIES.get(LAST_COOKIE)
    if not short or not code:
        return None
    return OrderGroup.objects.filter(
        code=code, members__order__status="pending", members__order__lines__stockrecord_id__in=short
    ).first()


class AddView(View):
    """Add to the basket: a plain form, answered with JSON when a script asks."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Somebody reloaded the address of the form."""
        return HttpResponseRedirect(reverse("basket:summary"))

    def post(self, request: HttpRequest) -> HttpResponse:
        listing, product = goods_or_404(request.POST.get("product", ""))
        try:
            quantity = quantity_parse(request.POST.get("quantity", "1"))
            if product.is_parent:
                raise BasketError("choose")
            basket_add(basket=request.basket, product=product, quantity=quantity)
        except BasketError as error:
            return self.refused(request, listing, product, error)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse(
                {
                    "count": request.basket.num_items,
                    "message": _("Added %(name)s") % {"name": title_of(product)},
                }
            )
        return HttpResponseRedirect(reverse("checkout:index" if "now" in request.POST else "basket:summary"))

    def refused(self, request: HttpRequest, listing: Listing, product: Any, error: BasketError) -> HttpResponse:
        text = problem_text(error)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"error": text}, status=422)
        context = {"listing": listing, "product": product, "unit": unit_of(product), "error": text, "left": error.left}
        if product.is_parent:
            context["tiles"] = tiles_of(product, chosen_of(product))
        context["typed"] = request.POST.get("quantity", "")[:12]
        return render(request, "basket/refused.html", context, status=422)


def suggestions() -> list[Listing]:
    """Four listings in season, for pages that would otherwise be empty."""
    return list(
        Listing.objects.published().seasonal().in_season(today().month).for_cards().order_by("-published_at", "pk")[:4]
    )
