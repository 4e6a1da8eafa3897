"""Find an order again: its number and the phone it was placed with."""

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from shop.checkout.forms import PhoneField
from shop.checkout.models import OrderGroup
from shop.core.codes import clean_number
from shop.storefront.checkout import see_other

#: Guesses per visitor's address in the window (seconds).
TRIES, WINDOW = 8, 15 * 60


class LookupForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Order number"),
        max_length=40,
        help_text=gettext_lazy("It is in the message, for example DT-7K3M-9QZA"),
        error_messages={"required": gettext_lazy("Please type the order number.")},
    )
    phone = PhoneField(label=gettext_lazy("Phone number you ordered with"))


class LookupView(View):
    """``/tra-cuu/``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "order/lookup.html", {"form": LookupForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LookupForm(request.POST)
        left = tries_left(request)
        if left <= 0:
            return self.answer(request, form, _("Too many tries. Please wait 15 minutes, or call us."), 429)
        if not form.is_valid():
            return self.answer(request, form, "", 422)
        group = OrderGroup.objects.filter(
            members__order__number=clean_number(form.cleaned_data["number"]), phone=form.cleaned_data["phone"]
        ).first()
        if group:
            return see_other(group.get_absolute_url())
        return self.answer(request, form, _("No order with this number and phone. Please check both."), 404)

    def answer(self, request: HttpRequest, form: LookupForm, problem: str, status: int) -> HttpResponse:
        return render(request, "order/lookup.html", {"form": form, "problem": problem}, status=status)


def tries_left(request: HttpRequest) -> int:
    """Count this try; how many remain. Numbers are not to be guessed by trying them all."""
    key = f"lookup:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, WINDOW)
    try:
        return TRIES - cache.incr(key) + 1
    except ValueError:
        return TRIES
