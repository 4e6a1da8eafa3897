from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "shop.payment.refunds"
    label = "refunds"
