"""An order as its cooperative sees it, and the lists that the workspace shows."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.cooperatives.models import Cooperative, Membership
from shop.core.lang import pick
from shop.core.phone import zalo_url
from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.parcels import undo_until
from shop.listings.lookup import LINE_RELATIONS, line_title, listing_of
from shop.order.models import Line as OrderLine
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.services import paid_amount
from shop.seller.money.words import left_by_bank
from shop.seller.orders.searching import orders_named

State = Consignment.State

#: Filters of the list, in the order of the work.
TABS = {
    "waiting": (gettext_lazy("Waiting for money"), Q(state=State.NEW, unpaid=True)),
    "new": (gettext_lazy("New"), Q(state=State.NEW, unpaid=False)),
    "accepted": (gettext_lazy("To pack"), Q(state=State.ACCEPTED)),
    "packed": (gettext_lazy("To hand over"), Q(state=State.PACKED)),
    "sent": (gettext_lazy("On the way"), Q(state=State.HANDED_OVER)),
    "done": (gettext_lazy("Delivered"), Q(state=State.DELIVERED)),
    "ended": (gettext_lazy("Cancelled, came back"), Q(state__in=[State.CANCELLED, State.RETURNED])),
}


def consignments_of(cooperative: Cooperative) -> QuerySet[Consignment]:
    """The cooperative's own, newest first; ``unpaid`` says whether a transfer is still expected, ``called`` whether the
    buyer of an order in cash confirmed it on the phone."""
    expected = Attempt.objects.filter(
        source__order=OuterRef("order"), state=Attempt.State.PENDING, expires_at__isnull=False
    )
    called = ConsignmentEvent.objects.filter(consignment=OuterRef("pk"), kind="called")
    mine = Consignment.objects.filter(cooperative=cooperative)
    return mine.annotate(unpaid=Exists(expected), called=Exists(called)).order_by("-pk")


def counts_of(cooperative: Cooperative) -> dict[str, int]:
    """How many orders each filter holds, by its name; ``latest`` is the primary key of the newest of all."""
    return consignments_of(cooperative).aggregate(
        all=Count("pk"), latest=Max("pk"),
        **{name: Count("pk", filter=condition) for name, (_label, condition) in TABS.items()},
    )  # fmt: skip


def consignments_for_rows(cooperative: Cooperative, tab: str = "", typed: str = "") -> QuerySet[Consignment]:
    """A filter's orders with everything that a row needs: a handful of queries whatever their number."""
    found = consignments_of(cooperative).filter(orders_named(typed))
    if tab in TABS:
        found = found.filter(TABS[tab][1])
    return found.select_related("order__shipping_address").prefetch_related(
        Prefetch("order__lines", OrderLine.objects.select_related(*LINE_RELATIONS, "lot")),
        "order__sources__transactions",
        "order__sources__attempt__transfer",
        "events",
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
        """The lines in words: "2 × Vú sữa Lò Rèn"; those that were taken out are left out."""
        return ", ".join(f"{row['quantity']} × {row['title']}" for row in self.lines if row["quantity"])

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
        """How the order is being paid: the open way, else the paid one, else the latest."""
        attempts = [source.attempt for source in self.order.sources.all() if hasattr(source, "attempt")]
        ranks = {Attempt.State.PENDING: 0, Attempt.State.CONFIRMED: 1}
        return min(attempts, key=lambda attempt: (ranks.get(attempt.state, 2), -attempt.pk), default=None)

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
        """``waiting`` for a transfer, ``new`` (to be accepted), ``accepted`` and later until ``delivered``.

        Ended: ``expired``, ``refused``, ``withdrawn``, ``returned`` (nobody took the parcel at the door).
        """
        if self.consignment.state == State.CANCELLED:
            expired = self.attempt is not None and self.attempt.state == Attempt.State.EXPIRED
            return "expired" if expired else "refused" if self.consignment.reason else "withdrawn"
        if self.consignment.state in (State.DELIVERED, State.RETURNED):
            return str(self.consignment.state)
        if self.consignment.state != State.NEW:
            return "accepted"
        pending = self.attempt is not None and self.attempt.state == Attempt.State.PENDING
        return "waiting" if pending and not self.is_cash else "new"

    @property
    def stage(self) -> str:
        """What the parcel needs next: ``waiting`` (for money), ``call``, ``take``, ``pack``, ``hand_over``,
        ``deliver``; nothing when it is at its end."""
        if self.state == "new":
            return "call" if self.needs_call else "take"
        steps = {State.ACCEPTED: "pack", State.PACKED: "hand_over", State.HANDED_OVER: "deliver"}
        return "waiting" if self.state == "waiting" else steps.get(self.consignment.state, "")

    @cached_property
    def undo_until(self) -> Any:
        """Until when the last press can be taken back, or None."""
        return undo_until(self.consignment)

    @property
    def can_reduce(self) -> bool:
        """Goods can be taken out as long as the parcel is here and not being paid by card just now."""
        card = self.state == "waiting" and self.attempt is not None and self.attempt.provider == "stripe"
        return self.can_refuse and not card and sum(row["quantity"] for row in self.lines) > 1

    @property
    def can_confirm_money(self) -> bool:
        return self.state == "waiting"

    @property
    def is_partly_paid(self) -> bool:
        """A transfer came in that was too small; the rest is still expected."""
        return self.state == "waiting" and self.paid > 0

    @property
    def needs_call(self) -> bool:
        """An order in cash is taken only once its buyer said on the phone that it is meant."""
        return self.state == "new" and self.is_cash and self.order.status == "pending" and not self.is_called

    @cached_property
    def is_called(self) -> bool:
        known = getattr(self.consignment, "called", None)
        return any(event.kind == "called" for event in self.consignment.events.all()) if known is None else known

    @property
    def misses(self) -> list[Any]:
        """When nobody answered the telephone, the first time first."""
        return [event.at for event in self.consignment.events.all() if event.kind == "not_reached"]

    @property
    def can_accept(self) -> bool:
        return self.state == "new" and not self.needs_call

    @property
    def can_deliver_cash(self) -> bool:
        """The parcel is under way and its cash is still to be taken at the door."""
        pending = self.attempt is not None and self.attempt.state == Attempt.State.PENDING
        return self.state == "accepted" and self.is_cash and pending

    @property
    def can_refuse(self) -> bool:
        return self.consignment.state in (State.NEW, State.ACCEPTED, State.PACKED)

    @property
    def to_send_back(self) -> int:
        """Dong that the cooperative took for an order that it will not serve."""
        return self.paid if self.consignment.state in (State.CANCELLED, State.RETURNED) else 0

    # -- History ------------------------------------------------------------------------------------------------

    @property
    def steps(self) -> list[dict[str, str]]:
        """What happened so far, each with time, person and words; then what is to be done next."""
        done = [
            {"state": "done", "title": event_title(event.kind), "note": self.event_note(event)}
            for event in self.consignment.events.all()
        ]
        following = self.following
        return done + ([{"state": "now", "title": following, "note": ""}] if following else [])

    @property
    def following(self) -> str:
        """What is to be done next, in words; nothing when nothing is."""
        if self.state == "waiting":
            return _("Waiting for the rest of the transfer") if self.paid else _("Waiting for the transfer")
        if self.state == "new":
            return _("Call the buyer") if self.needs_call else _("You take the order or refuse it")
        texts = {
            "pack": _("Pack the goods"),
            "hand_over": _("Ready to collect") if self.consignment.is_pickup else _("Hand over to the carrier"),
            "deliver": _("The buyer gets the goods"),
        }
        return texts.get(self.stage, "")

    def event_note(self, event: Any) -> str:
        parts = [timezone.localtime(event.at).strftime("%H:%M, %d/%m/%Y"), self.name_of(event.by), event.note]
        return " · ".join(part for part in parts if part)

    def name_of(self, by: str) -> str:
        """Who stands behind an entry of the history."""
        return _("the buyer") if by and by == self.phone else person_name(by, self.people)


def person_name(by: str, people: list[Membership]) -> str:
    """The name of somebody who works here; whoever else it was, as it is written down."""
    if left_by_bank(by):
        return _("by itself")
    person = next((m.user for m in people if by and by in (m.user.phone, m.user.email)), None)
    return str(person) if person else by


def event_title(kind: str) -> str:
    """An entry of the history in words."""
    titles = {
        "placed": _("Order placed"),
        "claimed": _("The buyer says that the transfer was made"),
        "withdrawn": _("Cancelled by the buyer"),
        "paid": _("Money received"),
        "part_paid": _("A part of the money received"),
        "unpaid": _("The money was taken off again: it belongs to another order"),
        "reopened": _("Open again: the money came after all"),
        "called": _("Called: the buyer wants the goods"),
        "not_reached": _("Called: nobody answered"),
        "accepted": _("Order taken"),
        "packed": _("Packed"),
        "handed_over": _("Handed over"),
        "delivered": _("Delivered"),
        "returned": _("Came back: could not be delivered"),
        "packed_undone": _("Taken back: not packed yet"),
        "handed_over_undone": _("Taken back: not handed over yet"),
        "reduced": _("Fewer goods than ordered"),
        "door_refused": _("The buyer did not take the parcel"),
        "refused": _("Order refused"),
        "expired": _("Cancelled: not paid in time"),
        "cancelled": _("Cancelled"),
    }
    return titles.get(kind, kind)


def line_row(line: Any) -> dict[str, Any]:
    """A line of the order: name, unit, quantity, dong for one and for all, before discounts."""
    listing = listing_of(line.product)
    # The name of a size says it already, as it was ordered.
    has_size = line.product is not None and line.product.is_child
    total = int(line.line_price_before_discounts_incl_tax)
    return {
        "title": line_title(line),
        "unit": listing.unit if listing and not has_size else "",
        "quantity": line.quantity,
        "price": total // line.quantity if line.quantity else int(line.unit_price_incl_tax),
        "total": total,
        "lot": getattr(line, "lot", None),
    }
