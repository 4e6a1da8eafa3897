"""What else waits for a person of the cooperative today: money, stock, certificates."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from shop.certifications.models import SOON_DAYS, VALID_MONTHS, Certification
from shop.cooperatives.models import Cooperative
from shop.core.dates import add_months, today
from shop.listings.models import Listing
from shop.payment.refunds.models import Refund
from shop.seller.access import Workspace

StockRecord = get_model("partner", "StockRecord")

#: So few units are few for goods that nobody set a threshold for.
FEW = 3
#: Names that a line of the page has room for.
NAMED = 3


@dataclass(frozen=True)
class Shelf:
    """Goods on sale of which few are left, the fewest first."""

    rows: list[dict[str, Any]]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def named(self) -> list[dict[str, Any]]:
        return self.rows[:NAMED]


def todo_of(workspace: Workspace) -> dict[str, Any]:
    """Counts for the second part of the page; three queries, two for those who have nothing to do with money."""
    cooperative = workspace.cooperative
    found = {"low": shelf_low(cooperative), "ending": certificates_ending(cooperative), "lines": 0, "refunds": 0}
    if workspace.may_confirm_money and workspace.money_todo:
        owed = Count("refunds", filter=Q(refunds__state=Refund.State.OWED), distinct=True)
        found["refunds"] = Cooperative.objects.filter(pk=cooperative.pk).aggregate(n=owed)["n"]
        # The menu's number counts both.
        found["lines"] = workspace.money_todo - found["refunds"]
    return found


def shelf_low(cooperative: Cooperative) -> Shelf:
    """Goods on sale with no more units than their threshold, or than ``FEW``; each size counts for itself."""
    free = F("num_in_stock") - Coalesce(F("num_allocated"), 0)
    limit = Coalesce(F("low_stock_threshold"), FEW)
    on_sale = {"listing__state": Listing.State.PUBLISHED, "product_class__track_stock": True}
    whole = Q(**{f"product__{name}": value for name, value in on_sale.items()})
    size = Q(**{f"product__parent__{name}": value for name, value in on_sale.items()}, product__variant__is_active=True)
    rows = StockRecord.objects.filter(whole | size, partner=cooperative.partner_id)
    low = rows.annotate(free=free).filter(free__lte=limit).order_by("free", "pk")
    found = low.select_related("product__variant", "product__parent")
    return Shelf([{"title": str(row.product), "left": max(0, row.free)} for row in found])


def certificates_ending(cooperative: Cooperative) -> int:
    """Certificates in force that will not be in 90 days; a newer one of the same goods counts instead."""
    day = today()
    soon = add_months(day + timedelta(days=SOON_DAYS), -VALID_MONTHS)
    lasting = Certification.objects.in_force().filter(decision_date__gt=soon)
    ending = Certification.objects.in_force().filter(listing__cooperative=cooperative, decision_date__lte=soon)
    return ending.exclude(listing__in=lasting.values("listing")).count()
