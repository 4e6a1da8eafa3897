from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "shop.claims"
    label = "claims"
