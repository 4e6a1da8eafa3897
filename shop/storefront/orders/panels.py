"""One order of a purchase as its buyer sees it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone

from shop.checkout.models import GroupOrder, OrderGroup
from shop.core.lang import pick
from shop.fulfilment.models import Consignment, ConsignmentEvent
from shop.fulfilment.parcels import standing
from shop.fulfilment.services import order_expire
from shop.listings.lookup import LINE_RELATIONS, line_title
from shop.order.models import Line as OrderLine
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.books import REVERSAL, paid_amount
from shop.payment.providers import PaymentProvider, provider, providers
from shop.payment.stripe.provider import CODE as CARD
from shop.payment.vietqr import image
from shop.payment.vietqr.models import BankLine
from shop.storefront.orders.money import Repayment, Transaction, repayments_of, stray_lines

#: Events that end an order, and what its page calls the end.
ENDS = {
    "expired": "expired",
    "withdrawn": "withdrawn",
    "refused": "refused",
    "door_refused": "returned",
    "returned": "returned",
}
OVER = frozenset(ENDS.values())
TO_PAY = frozenset({"waiting", "card"})
#: Holds that end sooner are counted down.
SHORT_HOLD = timedelta(hours=2)


@dataclass
class OrderPanel:
    """One order of the group as its buyer sees it."""

    group: OrderGroup
    order: Order
    #: Bank lines with this order's code that are on no order.
    stray: list[BankLine] = field(default_factory=list)
    #: What is paid by card in one go, when this panel shows the button for it.
    box: Any = None

    @property
    def consignment(self) -> Consignment:
        return self.order.consignment

    @property
    def cooperative(self) -> Any:
        return self.consignment.cooperative

    @cached_property
    def events(self) -> list[ConsignmentEvent]:
        return standing(self.consignment.events.all())

    # -- Ways to pay ----------------------------------------------------------------------------------------------

    @cached_property
    def attempts(self) -> list[Attempt]:
        return [source.attempt for source in self.order.sources.all() if hasattr(source, "attempt")]

    @cached_property
    def attempt(self) -> Attempt | None:
        """The way that the order is being paid now: the open one, else the paid one, else the latest."""
        ranks = {Attempt.State.PENDING: 0, Attempt.State.CONFIRMED: 1}
        return min(self.attempts, key=lambda attempt: (ranks.get(attempt.state, 2), -attempt.pk), default=None)

    @property
    def provider(self) -> PaymentProvider | None:
        return provider(self.attempt.provider) if self.attempt else None

    @property
    def way(self) -> str:
        """Code of the way to pay."""
        return self.attempt.provider if self.attempt else ""

    @property
    def transfer(self) -> Any:
        return getattr(self.attempt, "transfer", None)

    @property
    def memos(self) -> list[str]:
        """Every code that a buyer of this order was ever shown."""
        return [attempt.transfer.memo for attempt in self.attempts if hasattr(attempt, "transfer")]

    @property
    def alternatives(self) -> list[PaymentProvider]:
        """Other ways to pay this order that are possible now."""
        if not self.is_open or self.order.status != "pending" or self.paid or self.claimed_at:
            return []
        return [
            other
            for other in providers().values()
            if other.code != self.way and other.availability(self.cooperative, self.order.total_dong).ok
        ]

    # -- Money ----------------------------------------------------------------------------------------------------

    @cached_property
    def paid(self) -> int:
        """Dong received over all ways to pay, less dong paid back."""
        return sum(paid_amount(source) for source in self.order.sources.all())

    @cached_property
    def received(self) -> int:
        """Dong that arrived, less what was put here by mistake; not less what has gone back."""
        signs = {Transaction.DEBIT: 1, REVERSAL: -1}
        entries = [entry for source in self.order.sources.all() for entry in source.transactions.all()]
        return sum(signs.get(entry.txn_type, 0) * int(entry.amount) for entry in entries)

    @property
    def due(self) -> int:
        """Dong still missing."""
        return max(0, self.order.total_dong - self.paid)

    @cached_property
    def repayments(self) -> list[Repayment]:
        return repayments_of(self.order, self.stray)

    @property
    def owed(self) -> int:
        """Dong that go back to the buyer and have not gone yet."""
        return sum(row.refund.amount for row in self.repayments if row.is_owed)

    @property
    def undecided(self) -> list[BankLine]:
        """Money with this order's code that waits for a person."""
        return [line for line in self.stray if line.state == BankLine.State.OPEN]

    @property
    def accounts_wanted(self) -> list[Repayment]:
        """Sums of which the buyer may say where they should go."""
        return [row for row in self.repayments if row.takes_account]

    @property
    def account_missing(self) -> bool:
        """Whether the cooperative does not know yet where to send money."""
        return any(not row.refund.has_account for row in self.accounts_wanted)

    # -- Where it stands ------------------------------------------------------------------------------------------

    @property
    def claimed_at(self) -> Any:
        """When the buyer said that the transfer was made, or None."""
        return self.attempt.claimed_at if self.attempt else None

    @cached_property
    def state(self) -> str:
        """``waiting`` for a transfer, ``card``, ``cash``, ``paid``; over: ``expired``, ``refused``, ``withdrawn``,
        ``returned``."""
        if self.order.status == "cancelled":
            ends = [ENDS[event.kind] for event in self.events if event.kind in ENDS]
            return ends[-1] if ends else "refused"
        if self.attempt and self.attempt.state == Attempt.State.CONFIRMED:
            return "paid"
        if self.attempt is None or self.attempt.expires_at is None:
            return "cash"
        return "card" if self.way == CARD else "waiting"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be paid."""
        return self.state == "cash" or self.state in TO_PAY

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_overdue(self) -> bool:
        """The hold is over and the clock has not come by yet."""
        return self.state in TO_PAY and self.attempt.expires_at <= timezone.now()

    @property
    def hold_is_short(self) -> bool:
        """Whether the hold ends within two hours: minutes count."""
        return self.attempt.expires_at - timezone.now() < SHORT_HOLD

    @property
    def was_called(self) -> bool:
        """Whether the buyer of an order in cash said on the phone that it is meant."""
        return any(event.kind == "called" for event in self.events)

    @property
    def is_missed(self) -> bool:
        """Whether the order in cash still waits for its call, and the last one reached nobody."""
        calls = [event.kind for event in self.events if event.kind in {"called", "not_reached"}]
        waits = self.state == "cash" and self.consignment.state == Consignment.State.NEW
        return waits and calls[-1:] == ["not_reached"]

    @property
    def can_withdraw(self) -> bool:
        """No money has moved and the cooperative has not started."""
        new = self.consignment.state == Consignment.State.NEW
        return new and self.is_open and self.order.status == "pending" and not self.paid and not self.claimed_at

    # -- What is shown --------------------------------------------------------------------------------------------

    @property
    def payload(self) -> str:
        """Text of the VietQR code over what is still missing."""
        return self.transfer.payload_for(self.due)

    @cached_property
    def qr(self) -> dict[str, Any]:
        """Size and path of the inline SVG."""
        return qr_of(self.payload)

    @property
    def service_name(self) -> str:
        return pick(self.consignment.service_name_vi, self.consignment.service_name_en)

    @property
    def goods(self) -> str:
        """The lines in words: "2 × Vú sữa Lò Rèn"; those that were taken out are left out."""
        lines = [line for line in self.order.lines.all() if line.quantity]
        return ", ".join(f"{line.quantity} × {self.line_title(line)}" for line in lines)

    def line_title(self, line: Any) -> str:
        return line_title(line)

    @property
    def lines(self) -> list[dict[str, Any]]:
        lines = [line for line in self.order.lines.all() if line.quantity]
        return [{"title": self.line_title(line), "line": line} for line in lines]


def qr_of(text: str) -> dict[str, Any]:
    """Size and path of a code as an inline SVG."""
    size, path = image.svg_path(text)
    return {"size": size, "path": path}


# -- Loading ------------------------------------------------------------------------------------------------------


def group_or_404(code: str) -> OrderGroup:
    """The group behind a secret link."""
    group = OrderGroup.objects.filter(code=code.lower()).first()
    if group is None:
        raise Http404
    return group


def panels_of(group: OrderGroup, number: str | None = None) -> list[OrderPanel]:
    """The group's orders with all that their page shows, in the order of the basket."""
    members = GroupOrder.objects.filter(group=group).select_related(
        "order__consignment__cooperative__stripe_account", "order__shipping_address"
    )
    if number:
        members = members.filter(order__number=number)
    members = members.prefetch_related(
        "order__sources__transactions__key",
        "order__sources__attempt__transfer",
        Prefetch("order__lines", OrderLine.objects.select_related(*LINE_RELATIONS)),
        "order__consignment__events",
        "order__consignment__reductions",
        "order__consignment__cooperative__bank_accounts",
        "order__refunds",
    )
    panels = [OrderPanel(group, member.order) for member in members]
    stray_add(panels)
    return panels


def stray_add(panels: Iterable[OrderPanel]) -> None:
    """Give each panel the lines with its own code."""
    memos = {memo: panel for panel in panels for memo in panel.memos}
    if not memos:
        return
    for line in stray_lines([panel.consignment.cooperative_id for panel in panels], memos):
        named = {id(panel): panel for memo, panel in memos.items() if memo in line.memo.upper()}
        for panel in named.values():
            panel.stray.append(line)


def panel_or_404(group: OrderGroup, number: str) -> OrderPanel:
    """An order of this group and of no other."""
    panels = panels_of(group, number)
    if not panels:
        raise Http404
    return panels[0]


def expire_overdue(panels: Iterable[OrderPanel]) -> bool:
    """End holds whose time is over even when the clock's worker is late; True when one ended."""
    return bool([panel for panel in panels if panel.is_overdue and order_expire(order=panel.order)])
