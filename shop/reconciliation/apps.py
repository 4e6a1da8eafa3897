from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "shop.reconciliation"
    label = "reconciliation"
