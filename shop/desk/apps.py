from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What the province's staff decide: pages inside Wagtail's admin, no models."""

    name = "shop.desk"
    label = "desk"
