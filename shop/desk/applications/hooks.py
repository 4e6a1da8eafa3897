"""Applications of sellers in Wagtail's menu, addresses and list of rights."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from shop.desk.applications.access import may_decide


class SellersItem(MenuItem):
    """Shown to those who may decide."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_decide(request.user)


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern | URLResolver]:
    return [path("", include(("shop.desk.applications.urls", "sellers"), namespace="sellers"))]


@hooks.register("register_admin_menu_item")
def menu_item() -> Any:
    return SellersItem(_("Sellers"), reverse("sellers:applications"), name="sellers", icon_name="group", order=150)


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(content_type__app_label="onboarding", codename="decide_application")
