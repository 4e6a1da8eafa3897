"""Each document as a PDF: what goes into it, and how many fit."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.cooperatives.models import Cooperative
from shop.core.lang import shop_name
from shop.paper.grids import ADDRESSES
from shop.paper.parcels import Parcel
from shop.paper.picking import picks_of
from shop.paper.rendering import pdf

#: One label to a page of the little printer: 105 × 148 mm.
THERMAL = "a6"
THERMAL_PAGE = """@page { size: 105mm 148mm; margin: 0 }
.sheet { width: 105mm; height: 148mm }
.label { left: 0; top: 0; width: 105mm; height: 148mm }
"""
SHEET_PAGE = """@page { size: A4; margin: 0 }
.sheet { width: 210mm; height: 297mm }
"""
FORMATS = (THERMAL, *ADDRESSES)


def pick_list(cooperative: Cooperative, parcels: Sequence[Parcel]) -> bytes:
    """What to take out of the store for these orders."""
    context = frame(cooperative) | {"picks": picks_of(parcels), "parcels": parcels}
    return pdf("pick", context, css="flow", title=_("Pick list"))


def packing_slips(cooperative: Cooperative, parcels: Sequence[Parcel]) -> bytes:
    """A page for each parcel, to check it against and to put inside."""
    return pdf("slips", frame(cooperative) | {"parcels": parcels}, css="flow", title=_("Packing slips"))


def address_labels(cooperative: Cooperative, parcels: Sequence[Parcel], size: str) -> bytes:
    """A label for each parcel: one to a thermal page (``a6``), or ``4`` or ``8`` to a sheet of A4."""
    grid = ADDRESSES.get(size)
    pages = grid.pages(parcels) if grid else ([(0, parcel)] for parcel in parcels)
    context = frame(cooperative) | {"pages": list(pages), "kind": "small" if size == "8" else "large"}
    places = SHEET_PAGE + grid.places if grid else THERMAL_PAGE
    return pdf("labels", context, css="labels", title=_("Address labels"), places=places)


def contracts(parcels: Sequence[Parcel]) -> bytes:
    """The contract of sale that is also the delivery note: for seller and buyer, with all that the law asks for.

    Source: law 19/2023/QH15 on the protection of consumers, articles 37 and 38.
    """
    context = frame(None) | {"parcels": parcels}
    return pdf("contracts", context, css="flow", title=_("Contract of sale and delivery note"))


def frame(cooperative: Cooperative | None) -> dict[str, Any]:
    """What every document names: the seller, the market, the moment."""
    return {
        "cooperative": cooperative,
        "market": shop_name(),
        "site": settings.SITE_URL.partition("://")[2],
        "now": timezone.localtime(),
    }
