"""Oscar's menu without the pages that are closed here."""

from typing import Any

from django.apps import apps
from oscar.apps.dashboard import menu


def get_nodes(user: Any) -> list:
    """The menu's entries that the person may open; headings that have lost all their entries go too."""
    dashboard = apps.get_app_config("dashboard")
    nodes = menu.get_nodes(user)
    for node in nodes:
        node.children = [child for child in node.children if not dashboard.is_closed(page_of(child))]
    return [node for node in nodes if node.children or not (node.is_heading or dashboard.is_closed(page_of(node)))]


def page_of(node: Any) -> str:
    """``dashboard:order-list`` gives ``order-list``."""
    return (node.url_name or "").partition(":")[2]
