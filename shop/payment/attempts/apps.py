from django.apps import AppConfig


class AttemptsConfig(AppConfig):
    name = "shop.payment.attempts"
    label = "payment_attempts"
