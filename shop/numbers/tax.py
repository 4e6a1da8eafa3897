"""What the tax of a month would be worked out from. Sellers declare it themselves; nothing here is legal advice."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.utils.formats import number_format

from shop.cooperatives.models import Cooperative
from shop.core.money import round_dong
from shop.fulfilment.models import Consignment
from shop.numbers.models import TaxRate
from shop.numbers.orders import orders_of
from shop.numbers.spans import Span, year_until
from shop.payment.refunds.models import Refund


@dataclass(frozen=True)
class TaxBase:
    """Dong. ``base`` is ``revenue`` less ``returned``, of the month; ``year`` the same from 1 January on.

    ``rate`` is the row in force on the month's last day, None for sellers who work their tax out in other ways.
    """

    revenue: int
    returned: int
    year: int
    rate: TaxRate | None

    @property
    def base(self) -> int:
        return self.revenue - self.returned

    @property
    def is_free(self) -> bool:
        """Whether the year's revenue has not passed what is free of tax."""
        limit = self.rate.yearly_threshold if self.rate else None
        return limit is not None and self.year <= limit

    @property
    def vat_percent(self) -> str:
        return percent(self.rate.vat) if self.rate else ""

    @property
    def pit_percent(self) -> str:
        return percent(self.rate.pit) if self.rate else ""

    @property
    def vat(self) -> int:
        return tax_of(self.base, self.rate.vat) if self.rate else 0

    @property
    def pit(self) -> int:
        return tax_of(self.base, self.rate.pit) if self.rate else 0


def tax_base(cooperative: Cooperative, span: Span) -> TaxBase:
    """Delivered orders of the span, goods and delivery, less what was paid back for goods."""
    year = year_until(span.last)
    return TaxBase(
        revenue=revenue_of(cooperative, span),
        returned=returned_of(cooperative, span),
        year=revenue_of(cooperative, year) - returned_of(cooperative, year),
        rate=rate_on(cooperative.kind, span.last),
    )


def rate_on(kind: str, day: date) -> TaxRate | None:
    """The rate of a legal form in force on that day."""
    known = TaxRate.objects.filter(kind=kind, effective_from__lte=day)
    return known.filter(Q(effective_to=None) | Q(effective_to__gte=day)).order_by("-effective_from").first()


def tax_of(base: int, rate: int) -> int:
    """Dong, rounded half up; ``rate`` in hundredths of a percent. Nothing is due on less than nothing."""
    return round_dong(Decimal(max(0, base)) * rate / 10_000)


def percent(rate: int) -> str:
    """Hundredths of a percent as people write it in the language of the page: 50 gives ``0,5``."""
    return number_format(Decimal(rate) / 100)


def revenue_of(cooperative: Cooperative, span: Span) -> int:
    """Totals of the orders that were delivered in the span."""
    delivered = orders_of(cooperative).filter(**span.within("delivered_at"))
    return int(delivered.aggregate(dong=Sum("order__total_incl_tax"))["dong"] or 0)


def returned_of(cooperative: Cooperative, span: Span) -> int:
    """Money that went back for goods of delivered orders; counted on the later of both days."""
    return int(goods_refunds(cooperative).filter(**span.within("counts_at")).aggregate(dong=Sum("amount"))["dong"] or 0)


def goods_refunds(cooperative: Cooperative) -> QuerySet[Refund]:
    """Refunds for goods that reached the buyer; ``counts_at`` says when revenue is less by them.

    A transfer back that came back itself is none.
    """
    bounced = Refund.objects.filter(key=Concat(Value("bounced:"), Cast(OuterRef("pk"), CharField())))
    delivered_at = Subquery(
        orders_of(cooperative).filter(order=OuterRef("order")).values("delivered_at")[:1], DateTimeField()
    )
    paid = Refund.objects.filter(
        ~Exists(bounced), cooperative=cooperative, state=Refund.State.PAID, kind=Refund.Kind.GOODS
    )
    rows = paid.filter(order__consignment__state=Consignment.State.DELIVERED).annotate(delivered_at=delivered_at)
    return rows.annotate(
        counts_at=Case(When(closed_at__gt=F("delivered_at"), then="closed_at"), default="delivered_at")
    )
