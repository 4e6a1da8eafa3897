"""What operators see: which cooperatives have money to decide about or to pay back, the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.cooperatives.models import Cooperative
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine
from shop.seller.access import operators_only

LIKELY = Q(is_likely=True)


@dataclass
class CooperativeRow:
    """A cooperative's open money. Sums in dong."""

    cooperative: Cooperative
    decide: int = 0
    uncoded: int = 0
    owed: int = 0
    decide_dong: int = 0
    owed_dong: int = 0
    since: datetime | None = None

    def waits_since(self, moment: datetime | None) -> None:
        """Remember the older of two."""
        if moment and (self.since is None or moment < self.since):
            self.since = moment


@require_safe
@operators_only
def everyone(request: HttpRequest) -> HttpResponse:
    """``/ban-hang/tien/tat-ca/``: every cooperative's open money, and a door into each workspace."""
    cooperatives = Cooperative.objects.order_by("name")
    context = {"rows": rows(), "cooperatives": cooperatives.only("name", "name_en", "slug")}
    return render(request, "seller/money/everyone.html", context)


def rows() -> list[CooperativeRow]:
    """Cooperatives with open money: three queries. Money without any code waits for nobody, so it comes last."""
    lines, owed = open_lines(), owed_refunds()
    keys = {entry["cooperative"] for entry in [*lines, *owed]}
    found = {row.pk: CooperativeRow(row) for row in Cooperative.objects.filter(pk__in=keys)}
    for entry in lines:
        row = found[entry["cooperative"]]
        row.decide, row.uncoded, row.decide_dong = entry["decide"], entry["uncoded"], int(entry["dong"] or 0)
        row.waits_since(entry["since"])
    for entry in owed:
        row = found[entry["cooperative"]]
        row.owed, row.owed_dong = entry["count"], int(entry["dong"])
        row.waits_since(entry["since"])
    return sorted(found.values(), key=lambda row: (row.since is None, row.since or row.cooperative.pk))


def open_lines() -> list[dict[str, Any]]:
    """Lines that a person decides about, by cooperative."""
    lines = BankLine.objects.filter(state=BankLine.State.OPEN).order_by().values("cooperative")
    return list(
        lines.annotate(
            decide=Count("pk", filter=LIKELY),
            uncoded=Count("pk", filter=~LIKELY),
            dong=Sum("amount", filter=LIKELY),
            since=Min("occurred_at", filter=LIKELY),
        )
    )


def owed_refunds() -> list[dict[str, Any]]:
    """What is to be paid back, by cooperative."""
    owed = Refund.objects.filter(state=Refund.State.OWED).order_by().values("cooperative")
    return list(owed.annotate(count=Count("pk"), dong=Sum("amount"), since=Min("created_at")))
