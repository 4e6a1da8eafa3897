from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "shop.team"
    label = "team"
