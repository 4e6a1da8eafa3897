"""Small shops for tests: each test says only what matters to it."""

from tests.factories.market import basket_of, choices_for, cooperative_make, listing_make, place, recipient

__all__ = ["basket_of", "choices_for", "cooperative_make", "listing_make", "place", "recipient"]
