"""Checkout on one page: who, where, and per cooperative how it is sent and paid."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.forms.utils import ErrorDict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View

from shop.basket.models import Basket
from shop.checkout.forms import CheckoutForm
from shop.checkout.models import OrderGroup
from shop.checkout.parcels import Cart, Choice, cart_build
from shop.checkout.services import PlacementRefused, Recipient, purchase_place
from shop.core import places
from shop.core.money import format_dong
from shop.storefront.place import LAST_COOKIE, chosen_ward, ward_remember
from shop.storefront.vouchers import VoucherField, voucher_rows, vouchers_change

#: Why a phone number may not order in cash now.
CASH_REFUSALS = {
    "cash_open": gettext_lazy(
        "This number already has parcels on their way that are to be paid in cash. Please choose bank transfer, or "
        "wait until one of them has arrived."
    ),
    "cash_refusals": gettext_lazy(
        "Parcels to this number were sent back unpaid. Please choose bank transfer this time."
    ),
}
#: Signs the basket that a form was made for: a second press finds the first purchase.
signer = Signer(salt="checkout")


class CheckoutView(View):
    """``/thanh-toan/``: the form, a preview while it is filled in, and the order button."""

    def get(self, request: HttpRequest) -> HttpResponse:
        cart = cart_build(request.basket, ward_code=chosen_ward(request), user=request.user)
        if not cart.parcels:
            return self.nothing_to_order(request)
        form = CheckoutForm(initial=initial_of(request), needs_age=cart.has_alcohol)
        return self.page(request, form, cart)

    def post(self, request: HttpRequest) -> HttpResponse:
        basket = basket_of(request)
        placed = OrderGroup.objects.filter(basket=basket).first() if basket else None
        if placed:
            return finished(request, placed)
        is_preview = request.headers.get("X-Requested-With") == "preview"
        voucher = VoucherField() if is_preview else vouchers_change(request)
        ward_code = posted_ward(request)
        cart = cart_build(request.basket, ward_code=ward_code, choices=posted_choices(request), user=request.user)
        if not cart.parcels:
            return self.nothing_to_order(request)
        form = CheckoutForm(request.POST, needs_age=cart.has_alcohol)
        if voucher.error:
            return self.page(request, unvalidated(form), cart, status=422, voucher=voucher)
        if is_preview or voucher.changed or "recalculate" in request.POST:
            return self.page(request, unvalidated(form), cart)
        if not form.is_valid():
            return self.page(request, form, cart, status=422)
        if basket is None or basket.pk != request.basket.pk:
            notice = _("Your basket has changed since this page was opened. Please look at it once more.")
            return self.page(request, form, cart, status=409, notice=notice)
        return self.place(request, form, cart)

    def place(self, request: HttpRequest, form: CheckoutForm, cart: Cart) -> HttpResponse:
        data = form.cleaned_data
        try:
            placement = purchase_place(
                basket_id=request.basket.pk,
                recipient=Recipient(
                    data["name"], data["phone"], data["ward"], data["street"], data["note"], data["email"]
                ),
                choices=posted_choices(request),
                shown_total=posted_total(request),
                by=str(request.user) if request.user.is_authenticated else data["phone"],
                user=request.user,
                language=get_language() or "vi",
            )
        except PlacementRefused as refusal:
            return self.refused(request, form, refusal)
        return finished(request, placement.group)

    def refused(self, request: HttpRequest, form: CheckoutForm, refusal: PlacementRefused) -> HttpResponse:
        """Show the basket as it is now; nothing typed is lost."""
        basket = Basket.objects.get(pk=request.basket.pk)
        basket.strategy = request.strategy
        cart = cart_build(
            basket, ward_code=form.cleaned_data["ward"], choices=posted_choices(request), user=request.user
        )
        if not cart.parcels:
            return self.nothing_to_order(request)
        if refusal.code == "changed":
            notice = _("The sum is now %(total)s. Please look at it and order again.") % {
                "total": format_dong(cart.total, get_language() or "vi")
            }
        elif refusal.code in CASH_REFUSALS:
            form.add_error("phone", CASH_REFUSALS[refusal.code])
            return self.page(request, form, cart, status=422)
        else:
            notice = _("Something has just sold out. It stays in your basket; the rest can still be ordered.")
        return self.page(request, form, cart, status=409, notice=notice)

    def nothing_to_order(self, request: HttpRequest) -> HttpResponse:
        """An empty basket: the last purchase when it has just been made, else the basket's own page."""
        basket = basket_of(request)
        placed = OrderGroup.objects.filter(basket=basket).first() if basket else None
        if placed:
            # Another press placed it a moment ago; the cookie may name the rest of that basket by now.
            request.cookies_to_delete.clear()
            return finished(request, placed)
        last = request.COOKIES.get(LAST_COOKIE)
        group = OrderGroup.objects.filter(code=last).first() if last else None
        if group and not request.basket.num_lines:
            return see_other(group.get_absolute_url())
        return see_other(reverse("basket:summary"))

    def page(
        self,
        request: HttpRequest,
        form: CheckoutForm,
        cart: Cart,
        status: int = 200,
        notice: str = "",
        voucher: VoucherField | None = None,
    ) -> HttpResponse:
        context = {
            "form": form,
            "cart": cart,
            "notice": notice,
            "basket_token": signer.sign(cart.basket.pk),
            "hold_minutes": settings.PAYMENT_HOLD_MINUTES,
            "commune": places.commune(cart.ward_code),
            "old_names": form.old_name_hints(),
            "button": button_of(cart),
            "voucher": voucher or VoucherField(),
            "voucher_rows": voucher_rows(cart),
        }
        return render(request, "checkout/checkout.html", context, status=status)


def basket_of(request: HttpRequest) -> Basket | None:
    """The basket that the form was made for, when its signature is ours."""
    try:
        pk = signer.unsign(request.POST.get("basket", ""))
    except BadSignature:
        return None
    return Basket.objects.filter(pk=pk).first()


def posted_ward(request: HttpRequest) -> str:
    """The posted commune when it is one of the posted province."""
    commune = places.commune(request.POST.get("ward", ""))
    return commune.code if commune and commune.province_code == request.POST.get("province") else ""


def posted_total(request: HttpRequest) -> int:
    """The sum that the page showed; anything else than a number equals no sum."""
    text = request.POST.get("shown_total", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 13 else -1


def posted_choices(request: HttpRequest) -> dict[int, Choice]:
    """Delivery and payment by cooperative id, as posted; unknown values fall back to what is possible."""
    choices: dict[int, Choice] = {}
    for key, value in request.POST.items():
        kind, _sep, pk = key.partition("-")
        if kind in {"service", "provider"} and pk.isascii() and pk.isdigit() and len(pk) < 12:
            setattr(choices.setdefault(int(pk), Choice()), kind, value)
    return choices


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What is known already: the default address of somebody signed in, the commune chosen before."""
    initial: dict[str, Any] = {}
    if request.user.is_authenticated:
        initial = {"phone": request.user.display_phone, "name": request.user.get_full_name()}
        initial["email"] = request.user.email or ""
        saved = request.user.saved_addresses.first()
        if saved:
            initial |= {"name": saved.name, "street": saved.street, "ward": saved.ward_code}
            initial["phone"] = saved.phone
    ward_code = initial.get("ward") or chosen_ward(request)
    commune = places.commune(ward_code) if ward_code else None
    initial["ward"] = ward_code
    initial["province"] = commune.province_code if commune else settings.HOME_PROVINCE
    return initial


def unvalidated(form: CheckoutForm) -> CheckoutForm:
    """The typed values without error messages: the shopper is still at it."""
    form._errors = ErrorDict()
    return form


def button_of(cart: Cart) -> str:
    """The order button says what happens."""
    if cart.cards:
        return _("Order, then pay")
    return _("Order, then transfer") if cart.transfers else _("Order, pay on delivery")


def see_other(url: str) -> HttpResponse:
    """A redirect after which going back does not post again."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def finished(request: HttpRequest, group: OrderGroup) -> HttpResponse:
    """To the group's page; the basket's cookie follows the lines that stayed behind. The same for every press."""
    response = see_other(group.get_absolute_url())
    ward_remember(response, group.ward_code)
    kept = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    response.set_cookie(LAST_COOKIE, group.code, max_age=86400, **kept)
    key = settings.OSCAR_BASKET_COOKIE_OPEN
    if request.user.is_authenticated:
        return response
    if group.rest and group.rest.status == Basket.OPEN and group.rest.owner_id is None:
        lifetime = settings.OSCAR_BASKET_COOKIE_LIFETIME
        response.set_cookie(key, Signer().sign(group.rest_id), max_age=lifetime, **kept)
    # Else the cookie is left to the basket middleware, which drops it when it next names no open basket: another tab
    # may have begun a new basket before this answer arrives.
    return response
