"""Who carries parcels, and where each shows them by number.

The addresses are the carriers' public tracking pages as commonly known; they are only linked, never asked by us, and
nobody has tried each of them with a real number: open one before relying on it.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _

#: What carriers' numbers look like, loosely: their forms change more often than this shop.
TRACKING = re.compile(r"[A-Z0-9][A-Z0-9./-]{3,38}[A-Z0-9]")


@dataclass(frozen=True)
class Carrier:
    """``link`` holds ``{}`` where the number goes; empty when there is no public page. ``named``: a person or bus line
    whose name says more than the kind."""

    code: str
    label: Any
    link: str = ""
    named: bool = False


CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier("ghn", "Giao Hàng Nhanh (GHN)", "https://donhang.ghn.vn/?order_code={}"),
        Carrier("ghtk", "Giao Hàng Tiết Kiệm (GHTK)", "https://i.ghtk.vn/{}"),
        Carrier(
            "viettel",
            "Viettel Post",
            "https://viettelpost.com.vn/thong-tin-don-hang?peopleTracking=sender&orderNumber={}",
        ),
        Carrier("vnpost", "VNPost / EMS", "https://vnpost.vn/tra-cuu-hanh-trinh/buu-pham?key={}"),
        Carrier("jt", "J&T Express", "https://jtexpress.vn/vi/tracking?type=track&billcode={}"),
        Carrier("ninja", "Ninja Van", "https://www.ninjavan.co/vi-vn/tracking?id={}"),
        Carrier("own", _("Our own driver"), named=True),
        Carrier("bus", _("Bus or coach"), named=True),
    )
}


def carrier_label(code: str, name: str = "") -> str:
    """What people call the carrier: a driver's or a bus line's own name where there is one."""
    carrier = CARRIERS.get(code)
    if carrier is None:
        return name
    return f"{carrier.label}: {name}" if name and carrier.named else str(carrier.label)


def tracking_url(code: str, number: str) -> str:
    """The carrier's page about a parcel; empty when there is none."""
    carrier = CARRIERS.get(code)
    return carrier.link.format(quote(number, safe="")) if carrier and carrier.link and number else ""


def tracking_clean(typed: str) -> str:
    """A carrier's number as it is kept: capitals without blanks. Raises ValueError for what cannot be one."""
    number = "".join(str(typed or "").split()).upper()
    if number and not TRACKING.fullmatch(number):
        raise ValueError(number)
    return number
