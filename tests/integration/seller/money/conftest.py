"""Money that came to a cooperative's account, matched as the bank's news would be."""

import pytest

from shop.fulfilment.services import consignment_refuse
from shop.payment.refunds.models import Refund
from shop.reconciliation.matching import line_match
from tests.factories.bank import line_make, transfer_of

TOTAL = 220_000  # what an order of these tests costs


@pytest.fixture
def arrive():
    """Call it with a cooperative, a memo and a sum; returns the line after the matching has looked at it."""

    def make(cooperative, memo, amount=TOTAL, **extra):
        return line_match(line=line_make(cooperative, memo, amount, **extra))

    return make


@pytest.fixture
def open_line(arrive, cooperative):
    """Money with nothing in its memo."""
    return arrive(cooperative, "chuyen tien")


@pytest.fixture
def paid_order(arrive, cooperative, order_of):
    """An order whose money came by the bank; its consignment."""
    consignment = order_of(cooperative)
    arrive(cooperative, transfer_of(consignment.order).memo)
    consignment.refresh_from_db()
    return consignment


@pytest.fixture
def owed(paid_order):
    """A refund of a whole order that the cooperative refused."""
    consignment_refuse(consignment=paid_order, reason="Mưa", by="+84911100000")
    return Refund.objects.get()
