"""Parcels that have come to their buyers."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from shop.fulfilment.services import cash_order_call, cash_parcel_deliver, consignment_accept

BY = "+84911100000"


def jpeg(name="hinh.jpg", colour="brown"):
    """A photo with the place where it was taken."""
    picture, out = Image.new("RGB", (64, 48), colour), BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "10.36 N, 106.36 E"
    picture.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


@pytest.fixture
def taken(order_of, cooperative):
    """Call it for an order in cash that the cooperative has taken."""

    def make(**extra):
        consignment = order_of(cooperative, provider="cod", **extra)
        cash_order_call(consignment=consignment, reached=True, by=BY)
        return consignment_accept(consignment=consignment, by=BY)

    return make


@pytest.fixture
def delivered(taken):
    """An order in cash that its buyer has and has paid."""
    return cash_parcel_deliver(consignment=taken(), carrier="Anh Ba", by=BY)
