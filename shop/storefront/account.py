"""The buyer's account: own orders, addresses and name. Phone, e-mail and password: ``shop.accounts.security``."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_safe

from shop.accounts.contacts import contact_display
from shop.accounts.forms import NameForm
from shop.accounts.models import SavedAddress, User
from shop.accounts.security import own, private
from shop.accounts.services import AccountError, address_delete, address_make_default, address_save, name_set
from shop.accounts.views import see_other
from shop.checkout.forms import AddressMixin, PhoneField
from shop.checkout.models import OrderGroup
from shop.cooperatives.models import Membership
from shop.core import places
from shop.core.fields import PlainField
from shop.storefront.orders import OrderPanel
from shop.storefront.place import chosen_ward

ON_SUMMARY, PER_PAGE = 3, 20


# -- Orders -------------------------------------------------------------------------------------------------------


def groups_of(user: User) -> QuerySet[OrderGroup]:
    """The user's purchases, newest first; with a verified phone also those placed with it by a guest."""
    mine = Q(user=user)
    if user.phone and user.phone_verified:
        mine |= Q(user__isnull=True, phone=user.phone)
    return OrderGroup.objects.filter(mine).prefetch_related(
        "members__order__consignment__cooperative",
        "members__order__sources__attempt",
    )


def group_rows(groups: Any) -> list[dict[str, Any]]:
    """A row per purchase: sum in dong, and its orders with their state."""
    rows = []
    for group in groups:
        panels = [OrderPanel(group, member.order) for member in group.members.all()]
        open_panels = [panel for panel in panels if panel.order.status != "cancelled"]
        rows.append(
            {
                "group": group,
                "orders": [{"panel": panel, "chip": chip(panel)} for panel in panels],
                "total": sum(panel.order.total_dong for panel in open_panels or panels),
                "to_pay": any(panel.state in {"waiting", "card"} for panel in panels),
            }
        )
    return rows


def chip(panel: OrderPanel) -> dict[str, str]:
    """Where an order stands, in a few words, with the chip's kind."""
    if panel.state in {"expired", "refused"}:
        return {"text": _("Cancelled"), "kind": "bad"}
    if panel.state == "waiting":
        return {"text": _("Waiting for your transfer"), "kind": "wait"}
    if panel.state == "card":
        return {"text": _("Waiting for your card payment"), "kind": "wait"}
    by_state = {
        "new": (_("Paid") if panel.state == "paid" else _("Ordered"), "season"),
        "accepted": (_("Being prepared"), "season"),
        "packed": (_("Packed"), "season"),
        "handed_over": (_("Ready to collect") if panel.consignment.is_pickup else _("On the way"), "wait"),
        "delivered": (_("Delivered"), "good"),
        "returned": (_("Returned"), "bad"),
    }
    text, kind = by_state.get(panel.consignment.state, (_("Cancelled"), "bad"))
    return {"text": text, "kind": kind}


@private
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """``/tai-khoan/``."""
    context = {
        "rows": group_rows(groups_of(request.user)[:ON_SUMMARY]),
        "address": request.user.saved_addresses.first(),
        "sells": Membership.objects.filter(user=request.user).exists(),
        "features": request.user.has_perm("wagtailadmin.access_admin"),
        "meta_title": _("Your account"),
    }
    return render(request, "account/summary.html", context)


@private
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """``/tai-khoan/don-hang/``: all purchases, page by page."""
    page = Paginator(groups_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": group_rows(page), "page_obj": page, "meta_title": _("Your orders")}
    return render(request, "account/orders.html", context)


# -- Addresses ----------------------------------------------------------------------------------------------------


class AddressForm(AddressMixin):
    """Where parcels go: the same fields as at the checkout."""

    name = PlainField(
        label=gettext_lazy("Recipient's name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Please type the recipient's name.")},
    )
    phone = PhoneField(label=gettext_lazy("Recipient's phone number"))
    street = PlainField(
        label=gettext_lazy("House number, street, hamlet"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": gettext_lazy("Please type the house number, street or hamlet.")},
    )
    make_default = forms.BooleanField(label=gettext_lazy("Offer this address first"), required=False)

    field_order = ["name", "phone", "province", "ward", "street", "make_default"]


@private
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """``/tai-khoan/dia-chi/``."""
    context = {"addresses": request.user.saved_addresses.all(), "meta_title": _("Your addresses")}
    return render(request, "account/addresses.html", context)


@method_decorator(own, name="dispatch")
class AddressView(View):
    """``/tai-khoan/dia-chi/them/`` and ``/tai-khoan/dia-chi/<pk>/``."""

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        address = self.address(request, pk)
        return self.page(request, AddressForm(initial=address_initial(request, address)), address)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        address = self.address(request, pk)
        form = AddressForm(request.POST)
        if "communes" in request.POST and not self.commune_fits(request):
            # The province was changed without script: the same words again, with its communes to choose from.
            return self.page(request, AddressForm(initial={**request.POST.dict(), "ward": ""}), address)
        if not form.is_valid():
            return self.page(request, form, address, status=422)
        data = form.cleaned_data
        try:
            address_save(
                user=request.user,
                address=address,
                name=data["name"],
                phone=data["phone"],
                ward_code=data["ward"],
                street=data["street"],
                make_default=data["make_default"],
                by=str(request.user),
            )
        except AccountError:
            form.add_error(None, _("You have 20 addresses already. Remove one you no longer need."))
            return self.page(request, form, address, status=422)
        messages.success(request, _("The address is saved."))
        return see_other(reverse("customer:address-list"))

    def commune_fits(self, request: HttpRequest) -> bool:
        commune = places.commune(request.POST.get("ward", ""))
        return commune is not None and commune.province_code == request.POST.get("province")

    def address(self, request: HttpRequest, pk: int | None) -> SavedAddress | None:
        """One of the user's own; somebody else's does not exist here."""
        return get_object_or_404(request.user.saved_addresses, pk=pk) if pk is not None else None

    def page(
        self, request: HttpRequest, form: AddressForm, address: SavedAddress | None, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "address": address, "meta_title": _("Address")}
        return render(request, "account/address.html", context, status=status)


def address_initial(request: HttpRequest, address: SavedAddress | None) -> dict[str, Any]:
    """The address as it is; for a new one what the account and an earlier choice of commune tell."""
    user = request.user
    if address:
        ward, known = address.ward_code, {"name": address.name, "phone": address.phone, "street": address.street}
        known |= {"phone": contact_display(address.phone), "make_default": address.is_default}
    else:
        ward, known = chosen_ward(request), {"name": user.get_full_name(), "phone": user.display_phone}
    commune = places.commune(ward) if ward else None
    return {**known, "ward": ward, "province": commune.province_code if commune else settings.HOME_PROVINCE}


@private
def address_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of the user's addresses; one that is gone already stays gone. A link changes nothing."""
    if request.method != "POST":  # back from the sign-in page that came between
        return see_other(reverse("customer:address-list"))
    address = request.user.saved_addresses.filter(pk=pk).first()
    if address:
        address_delete(address=address, by=str(request.user))
        messages.success(request, _("The address is removed."))
    return see_other(reverse("customer:address-list"))


@private
def address_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one of the user's addresses the default. A link changes nothing."""
    if request.method != "POST":
        return see_other(reverse("customer:address-list"))
    address_make_default(address=get_object_or_404(request.user.saved_addresses, pk=pk), by=str(request.user))
    return see_other(reverse("customer:address-list"))


# -- Name ---------------------------------------------------------------------------------------------------------


@method_decorator(own, name="dispatch")
class ProfileView(View):
    """``/tai-khoan/ho-so/``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, NameForm(initial={"name": request.user.get_full_name()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NameForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, status=422)
        name_set(user=request.user, name=form.cleaned_data["name"], by=str(request.user))
        messages.success(request, _("Your name is saved."))
        return see_other(reverse("customer:profile-view"))

    def page(self, request: HttpRequest, form: NameForm, status: int = 200) -> HttpResponse:
        return render(request, "account/profile.html", {"form": form, "meta_title": _("Your details")}, status=status)
