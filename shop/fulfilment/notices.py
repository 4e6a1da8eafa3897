"""What buyers are told about their parcels."""

from shop.fulfilment.models import Consignment


def parcel_news(consignment: Consignment, kind: str) -> None:
    """Something happened to a parcel: ``accepted``, ``refused``, ``packed``, ``handed_over``, ``delivered``,
    ``returned``, ``reduced``, ``undone``. Called once for each step, inside its transaction.

    The buyer's page of the order, which follows by itself, shows every step; nothing is sent from here.
    """
