"""An order as its cooperative sees it, and the lists that the workspace shows."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cooperatives.models import Cooperative, Membership
from shop.core.lang import pick
from shop.core.phone import zalo_url
from shop.fulfilment.models import Consignment
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.services import paid_amount

State = Consignment.State

#: Filters of the list, in the order of the work.
TABS = {
    "waiting": (gettext_lazy("Waiting for money"), Q(state=State.NEW, unpaid=True)),
    "new": (gettext_lazy("New"), Q(state=State.NEW, unpaid=False)),
    "accepted": (gettext_lazy("Accepted"), ~Q(state__in=[State.NEW, State.CANCELLED])),
    "ended": (gettext_lazy("Cancelled, expired"), Q(state=State.CANCELLED)),
}


def consignments_of(cooperative: Cooperative) -> QuerySet[Consignment]:
    """The cooperative's own, newest first; ``unpaid`` says whether a transfer is still expected."""
    expected = Attempt.objects.filter(
        source__order=OuterRef("order"), state=Attempt.State.PENDING, expires_at__isnull=False
    )
    return Consignment.objects.filter(cooperative=cooperative).annotate(unpaid=Exists(expected)).order_by("-pk")


def counts_of(cooperative: Cooperative) -> dict[str, int]:
    """How many orders each filter holds, by its name."""
    return consignments_of(cooperative).aggregate(
        all=Count("pk"), to_pack=Count("pk", filter=Q(state=State.ACCEPTED)),
        **{name: Count("pk", filter=condition) for name, (_label, condition) in TABS.items()},
    )  # fmt: skip


def consignments_for_rows(cooperative: Cooperative, tab: str = "") -> QuerySet[Consignment]:
    """A filter's orders with everything that a row needs: a handful of queries whatever their number."""
    found = consignments_of(cooperative)
    if tab in TABS:
        found = found.filter(TABS[tab][1])
    return found.select_related("order__shipping_address").prefetch_related(
        "order__lines__product__listing", "order__sources__transactions", "order__sources__attempt__transfer"
    )


@dataclass
class Panel:
    """One order with its parcel, its buyer and its money."""

    consignment: Consignment
    people: list[Membership] = field(default_factory=list)

    @property
    def order(self) -> Order:
        return self.consignment.order

    @property
    def number(self) -> str:
        return self.order.number

    # -- Buyer --------------------------------------------------------------------------------------------------

    @property
    def address(self) -> Any:
        return self.order.shipping_address

    @property
    def buyer(self) -> str:
        return self.address.first_name if self.address else ""

    @property
    def phone(self) -> str:
        """E.164, or nothing."""
        return str(self.address.phone_number) if self.address and self.address.phone_number else ""

    @property
    def zalo(self) -> str:
        return zalo_url(self.phone)

    @property
    def commune(self) -> str:
        """Commune and province as they were called when the order was placed."""
        parts = (self.address.line3, self.address.line4) if self.address else ()
        return ", ".join(part for part in parts if part)

    # -- Goods --------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        return [line_row(line) for line in self.order.lines.all()]

    @property
    def goods(self) -> str:
        """The lines in words: "2 × Vú sữa Lò Rèn"."""
        return ", ".join(f"{row['quantity']} × {row['title']}" for row in self.lines)

    @property
    def discount(self) -> int:
        """Dong taken off by offers."""
        return sum(row["total"] for row in self.lines) - self.order.goods_dong

    @property
    def service_name(self) -> str:
        return pick(self.consignment.service_name_vi, self.consignment.service_name_en)

    # -- Money --------------------------------------------------------------------------------------------------

    @cached_property
    def attempt(self) -> Attempt | None:
        """The latest way to pay."""
        attempts = [source.attempt for source in self.order.sources.all() if hasattr(source, "attempt")]
        return max(attempts, key=lambda attempt: attempt.pk, default=None)

    @property
    def transfer(self) -> Any:
        return getattr(self.attempt, "transfer", None)

    @property
    def is_cash(self) -> bool:
        return self.attempt is not None and self.attempt.expires_at is None

    @cached_property
    def paid(self) -> int:
        """Dong received over all ways to pay."""
        return sum(paid_amount(source) for source in self.order.sources.all())

    @property
    def due(self) -> int:
        return max(0, self.order.total_dong - self.paid)

    @property
    def is_overdue(self) -> bool:
        """The stock is no longer promised to this buyer; the order ends by itself any moment."""
        return self.attempt is not None and bool(self.attempt.expires_at) and self.attempt.expires_at <= timezone.now()

    @property
    def state(self) -> str:
        """``waiting`` for a transfer, ``new`` (to be accepted), ``accepted`` and later, ``expired``, ``refused``."""
        if self.consignment.state == State.CANCELLED:
            expired = self.attempt is not None and self.attempt.state == Attempt.State.EXPIRED
            return "expired" if expired else "refused" if self.consignment.reason else "withdrawn"
        if self.consignment.state != State.NEW:
            return "accepted"
        pending = self.attempt is not None and self.attempt.state == Attempt.State.PENDING
        return "waiting" if pending and not self.is_cash else "new"

    @property
    def can_confirm_money(self) -> bool:
        return self.state == "waiting"

    @property
    def can_accept(self) -> bool:
        return self.state == "new"

    @property
    def can_refuse(self) -> bool:
        return self.consignment.state in (State.NEW, State.ACCEPTED, State.PACKED)

    @property
    def to_send_back(self) -> int:
        """Dong that the cooperative took for an order that it will not serve."""
        return self.paid if self.consignment.state == State.CANCELLED else 0

    # -- History ------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> list[dict[str, str]]:
        """What happened so far, each with time, person and words; then what is to be done next."""
        done = [
            {"state": "done", "title": event_title(event.kind), "note": self.event_note(event)}
            for event in self.consignment.events.all()
        ]
        following = {
            "waiting": _("Waiting for the transfer"),
            "new": _("You take the order or refuse it"),
            "accepted": _("Pack the goods") if self.consignment.state == State.ACCEPTED else "",
        }.get(self.state, "")
        return done + ([{"state": "now", "title": following, "note": ""}] if following else [])

    def event_note(self, event: Any) -> str:
        parts = [timezone.localtime(event.at).strftime("%H:%M, %d/%m/%Y"), self.name_of(event.by), event.note]
        return " · ".join(part for part in parts if part)

    def name_of(self, by: str) -> str:
        """Who stands behind an entry of the history."""
        if by == "clock":
            return _("by itself")
        if by and by == self.phone:
            return _("the buyer")
        person = next((m.user for m in self.people if by in (m.user.phone, m.user.email)), None)
        return str(person) if person else by


def event_title(kind: str) -> str:
    """An entry of the history in words."""
    titles = {
        "placed": _("Order placed"),
        "claimed": _("The buyer says that the transfer was made"),
        "withdrawn": _("Cancelled by the buyer"),
        "paid": _("Money received"),
        "accepted": _("Order taken"),
        "packed": _("Packed"),
        "handed_over": _("Handed over"),
        "delivered": _("Delivered"),
        "returned": _("Returned"),
        "refused": _("Order refused"),
        "expired": _("Cancelled: not paid in time"),
        "cancelled": _("Cancelled"),
    }
    return titles.get(kind, kind)


def line_row(line: Any) -> dict[str, Any]:
    """A line of the order: name, unit, quantity, dong for one and for all, before discounts."""
    listing = getattr(line.product, "listing", None) if line.product else None
    total = int(line.line_price_before_discounts_incl_tax)
    return {
        "title": pick(line.title, listing.title_en if listing else ""),
        "unit": listing.unit if listing else "",
        "quantity": line.quantity,
        "price": total // line.quantity,
        "total": total,
    }
