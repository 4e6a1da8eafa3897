"""Orders that a cooperative has taken, paid and in cash."""

import pytest

from shop.fulfilment.services import cash_order_call, consignment_accept
from shop.reconciliation.services import transfer_confirm
from tests.factories.market import basket_of, listing_make, place
from tests.integration.seller.conftest import cooperative, member, neighbour, owner_client  # noqa: F401


@pytest.fixture
def taken(db):
    """Call it with a cooperative for an order that it took; returns its consignment."""

    def make(cooperative, *, provider="vietqr", title="Vú sữa Lò Rèn", units=2, accept=True, **extra):  # noqa: F811
        listing = listing_make(cooperative, title=title, price=150_000, stock=100)
        placement = place(basket_of((listing, units)), provider=provider, **extra)
        consignment = placement.group.members.get().order.consignment
        if accept and provider == "cod":
            cash_order_call(consignment=consignment, reached=True, by="test")
        elif accept:
            transfer_confirm(consignment=consignment, by="test")
        return consignment_accept(consignment=consignment, by="test") if accept else consignment

    return make
