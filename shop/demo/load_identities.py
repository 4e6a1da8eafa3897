"""The demo's producers are who they say they are: linked with VNeID, looked at by an officer."""

from datetime import date

from django.utils import timezone

from shop.cooperatives.models import Cooperative
from shop.demo.source import draw
from shop.onboarding.identity import number_seal
from shop.onboarding.models import Identity, Method


def identity_create(cooperative: Cooperative) -> None:
    """A verified identity; the number belongs to nobody."""
    is_household = cooperative.kind == Cooperative.Kind.HOUSEHOLD
    Identity.objects.create(
        cooperative=cooperative,
        method=Method.PERSON if is_household else Method.ORGANISATION,
        linked_on=date(2026, 9, draw(f"linked {cooperative.slug}", 28, 30)),
        number_sealed=number_seal("000000000000" if is_household else cooperative.tax_code),
        verified_by="demo",
        verified_at=timezone.now(),
    )
