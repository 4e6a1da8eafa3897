from django.apps import AppConfig


class CooperativesConfig(AppConfig):
    name = "shop.cooperatives"
    label = "cooperatives"
