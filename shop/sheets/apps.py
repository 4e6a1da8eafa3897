from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "shop.sheets"
    label = "sheets"
