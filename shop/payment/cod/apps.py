from django.apps import AppConfig


class CodConfig(AppConfig):
    name = "shop.payment.cod"
    label = "cod"
