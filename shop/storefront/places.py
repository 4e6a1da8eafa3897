"""The visitor's commune: a page to choose it, and the communes of a province for the form's script."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.checkout.forms import AddressMixin
from shop.core import places
from shop.storefront.place import ward_of, ward_remember
from shop.storefront.same_origin import NO_TOKEN


class PlaceForm(AddressMixin):
    """Province and one of its communes."""


def form_for(ward_code: str) -> PlaceForm:
    """The form as it stands before anything is changed."""
    commune = places.commune(ward_code)
    initial = {"province": commune.province_code, "ward": commune.code}
    return PlaceForm(initial=initial)


class PlaceView(View):
    """``/noi-nhan/``: where goods should be sent. Works without script: a new province brings its communes first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        province = places.province(request.GET.get("province"))
        form = form_for(ward_of(request))
        if province and province.code != form.initial["province"]:
            form = PlaceForm(initial={"province": province.code})
        return self.answer(request, form, next_of(request, request.GET.get("next")))

    def post(self, request: HttpRequest) -> HttpResponse:
        back = next_of(request, request.POST.get("next"))
        province = places.province(request.POST.get("province"))
        commune = places.commune(request.POST.get("ward"))
        if province and "communes" in request.POST and (commune is None or commune.province_code != province.code):
            form = PlaceForm(initial={"province": province.code})
            return self.answer(request, form, back)
        form = PlaceForm(request.POST)
        if not form.is_valid():
            return self.answer(request, form, back, status=422)
        response = HttpResponseRedirect(back)
        ward_remember(response, commune.code)
        return response

    def answer(self, request: HttpRequest, form: PlaceForm, back: str, status: int = 200) -> HttpResponse:
        context = {"form": form, "back": back, "meta_title": _("Where should we send it?"), **NO_TOKEN}
        return render(request, "catalogue/place.html", context, status=status)


def next_of(request: HttpRequest, address: str | None) -> str:
    """The page to go back to; only pages of this site are accepted, else the catalogue."""
    if address and address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return address
    return reverse("catalogue:index")


@require_safe
@cache_control(public=True, max_age=86400)
def communes(request: HttpRequest) -> JsonResponse:
    """``/noi-nhan/xa-phuong/?province=82``: codes and names in alphabetical order; 400 for an unknown province."""
    found = places.communes_of(request.GET.get("province"))
    if not found:
        return JsonResponse({"error": _("There is no such province.")}, status=400)
    return JsonResponse({"communes": [[one.code, one.name] for one in found]})
