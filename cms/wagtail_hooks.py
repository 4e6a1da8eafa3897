"""What the province's officers see of Wagtail's admin: their pages, pictures and files, nothing else."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.images.wagtail_hooks import ImagesSummaryItem
from wagtail.models import Page

from cms.choosers import ProductChooserViewSet, product_chooser
from cms.context import links_forget

#: Entries of the main menu that are of no use to those who only write pages.
NOT_FOR_OFFICERS = {"reports", "help", "settings"}


@hooks.register("register_admin_viewset")
def product_chooser_register() -> ProductChooserViewSet:
    return product_chooser


@hooks.register("construct_main_menu")
def menu_shorten(request: HttpRequest, items: list[Any]) -> None:
    """Officers get pages, pictures and files."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in NOT_FOR_OFFICERS]


@hooks.register("construct_homepage_summary_items", order=1000)
def summary_shorten(request: HttpRequest, items: list[Any]) -> None:
    """Counts of pages and pictures only."""
    items[:] = [item for item in items if isinstance(item, PagesSummaryItem | ImagesSummaryItem)]


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("insert_editor_js")
def slug_js() -> str:
    """Titles lose their marks in the address without losing their letters."""
    return format_html('<script src="{}"></script>', static("cms/admin_slug.js"))


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
@hooks.register("after_delete_page")
@hooks.register("after_move_page")
def links_refresh(request: HttpRequest, page: Page) -> None:
    """The footer follows at once in this process, within a minute in the others."""
    links_forget()
