"""The registers of the province's staff, each from its own folder."""

from shop.desk.applications import hooks as applications  # noqa: F401  registers itself
from shop.desk.listings import hooks as listings  # noqa: F401  registers itself
from shop.desk.numbers import hooks as numbers  # noqa: F401  registers itself
