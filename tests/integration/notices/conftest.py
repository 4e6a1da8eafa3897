"""Orders of one cooperative, some of them delivered."""

from tests.integration.seller.conftest import *  # noqa: F403  the same people and orders
from tests.integration.seller.parcels import *  # noqa: F403
