"""The review of goods among the registers of the province's desk."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.desk.listings.views import PERMISSION as REVIEW_GOODS
from shop.desk.listings.views import waiting_count


@hooks.register("register_admin_urls")
def listings_urls() -> list[Any]:
    return [path("tin-hang/", include("shop.desk.listings.urls"))]


class GoodsMenuItem(MenuItem):
    """For those who review goods."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REVIEW_GOODS)

    def render_component(self, request: HttpRequest) -> Any:
        count = waiting_count()
        shown = super().render_component(request)
        if count:
            shown.label = f"{self.label} ({count})"
        return shown


@hooks.register("register_admin_menu_item")
def listings_menu() -> GoodsMenuItem:
    return GoodsMenuItem(_("Goods to review"), reverse("desk_listings:queue"), name="goods", icon_name="tag", order=150)
