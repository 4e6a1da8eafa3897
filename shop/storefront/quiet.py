"""``/thoi-nhan-tin/<token>/``: a buyer wants no more messages; a signed link instead of a sign-in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from shop.checkout.models import OrderGroup
from shop.core import phone
from shop.notices.optout import group_pk_of, is_quiet, quiet_set
from shop.storefront.checkout import see_other
from shop.storefront.orders.pages import private


class QuietView(View):
    """What is sent, and one button. Opening the link changes nothing: programs that look at links open it too."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        group = group_of(token)
        context = {"token": token, "number": phone.mask(group.phone), "quiet": is_quiet(group.phone)}
        return private(render(request, "order/quiet.html", context))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        group = group_of(token)
        quiet_set(phone=group.phone, quiet=request.POST.get("quiet") != "0", by=group.phone)
        return see_other(reverse("order:quiet", kwargs={"token": token}))


def group_of(token: str) -> OrderGroup:
    """The purchase that the link was made for; 404 for a forged one."""
    pk = group_pk_of(token)
    group = OrderGroup.objects.filter(pk=pk).first() if pk is not None else None
    if group is None:
        raise Http404
    return group
