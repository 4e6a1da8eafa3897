from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """How a cooperative comes to the market: its application, its papers, its proven identity."""

    name = "shop.onboarding"
    label = "onboarding"
