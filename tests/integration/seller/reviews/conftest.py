"""Delivered orders."""

from tests.integration.seller.parcels import *  # noqa: F403
