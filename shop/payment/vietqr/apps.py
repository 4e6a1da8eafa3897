from django.apps import AppConfig


class VietqrConfig(AppConfig):
    name = "shop.payment.vietqr"
    label = "vietqr"
