from django.apps import AppConfig


class SellerConfig(AppConfig):
    name = "shop.seller"
    label = "seller"
