from django.apps import AppConfig


class StripeConfig(AppConfig):
    name = "shop.payment.stripe"
    label = "stripe_payment"

    def ready(self) -> None:
        from shop.payment.stripe import checks  # noqa: F401  registers them
