"""The orders that a cooperative wants on paper, each with its goods, its way and its money."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from shop.cooperatives.models import Cooperative
from shop.core.codes import clean_number, display_number
from shop.core.lang import pick
from shop.core.phone import display
from shop.fulfilment.models import Consignment
from shop.listings.lookup import line_title, listing_of, ship_weight_of
from shop.listings.models import Listing
from shop.order.models import Order
from shop.paper.rendering import PaperError, code_url
from shop.paper.texts import printable
from shop.payment.attempts.models import Attempt
from shop.payment.services import paid_amount

State = Consignment.State

#: Orders in one document: more keep the shop from answering.
MAX_ORDERS = 200
#: Orders that have paper: taken by the cooperative and not ended. Nothing is packed before it is taken.
PRINTED = (State.ACCEPTED, State.PACKED, State.HANDED_OVER, State.DELIVERED)
#: Groups of orders that can be printed with one press, in the order of the work.
STAGES = (State.ACCEPTED, State.PACKED, State.HANDED_OVER)


@dataclass
class Line:
    """Goods of one kind in an order. Sums in dong before discounts, weights in grams."""

    line: Any

    @cached_property
    def listing(self) -> Listing | None:
        """As it is today; None when the product is gone."""
        return listing_of(self.line.product)

    @cached_property
    def title(self) -> str:
        return printable(line_title(self.line))

    @property
    def unit(self) -> str:
        """Empty for a size: its name says it already."""
        return "" if self.size or not self.listing else printable(self.listing.unit, 60)

    @property
    def size(self) -> Any:
        return self.line.product.size if self.line.product else None

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def lot(self) -> str:
        """The lot that the goods were taken from, as the cooperative calls it; empty until somebody wrote it down."""
        return printable(self.line.lot.code, 40) if hasattr(self.line, "lot") else ""

    @property
    def total(self) -> int:
        return int(self.line.line_price_before_discounts_incl_tax)

    @property
    def price(self) -> int:
        return self.total // self.quantity

    @property
    def weight_g(self) -> int:
        """Packed, as carriers weigh it; 0 when nobody knows."""
        return ship_weight_of(self.line.product) * self.quantity if self.listing else 0

    @property
    def net_weight_g(self) -> int | None:
        """Of one unit, without its packing."""
        known = self.size or self.listing
        return known.net_weight_g if known else None

    @property
    def origin(self) -> str:
        commune = self.listing.commune if self.listing else None
        return f"{commune.name}, {commune.province.name}" if commune else ""

    @property
    def keeping(self) -> str:
        """How to keep the goods, and for how long."""
        texts = (self.listing.storage, self.listing.shelf_life) if self.listing else ()
        return " · ".join(printable(text, 120) for text in texts if text)


@dataclass
class Parcel:
    """One order of one cooperative, as its papers show it."""

    order: Order
    #: Whether a buyer asks, who may see every state; a cooperative prints only what it took.
    consignment: Consignment = field(init=False)

    def __post_init__(self) -> None:
        self.consignment = self.order.consignment

    # -- Names ----------------------------------------------------------------------------------------------------

    @property
    def cooperative(self) -> Cooperative:
        return self.consignment.cooperative

    @property
    def number(self) -> str:
        return self.order.number

    @property
    def shown(self) -> str:
        return display_number(self.order.number)

    @property
    def code(self) -> str:
        """Address of the QR code with the bare order number: scanners type it."""
        return code_url(self.order.number)

    # -- Where it goes --------------------------------------------------------------------------------------------

    @property
    def address(self) -> Any:
        return self.order.shipping_address

    @property
    def buyer(self) -> str:
        return printable(self.address.first_name, 80) if self.address else ""

    @property
    def phone(self) -> str:
        return display(str(self.address.phone_number or "")) if self.address else ""

    @property
    def street(self) -> str:
        return printable(self.address.line1) if self.address else ""

    @property
    def commune(self) -> str:
        return printable(self.address.line3, 80) if self.address else ""

    @property
    def province(self) -> str:
        return printable(self.address.line4, 80) if self.address else ""

    @property
    def full_address(self) -> str:
        return ", ".join(part for part in (self.street, self.commune, self.province) if part)

    @property
    def wish(self) -> str:
        """What the buyer wrote for the delivery."""
        return printable(self.address.notes, 160) if self.address else ""

    @property
    def service(self) -> str:
        return printable(pick(self.consignment.service_name_vi, self.consignment.service_name_en), 80)

    # -- Goods ----------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> list[Line]:
        # A line of which nothing is left was taken out after the order.
        return [Line(line) for line in self.order.lines.all() if line.quantity]

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g for line in self.lines)

    # -- Money ----------------------------------------------------------------------------------------------------

    @property
    def goods_total(self) -> int:
        """Dong before discounts."""
        return sum(line.total for line in self.lines)

    @property
    def discount(self) -> int:
        return self.goods_total - self.order.goods_dong

    @cached_property
    def attempt(self) -> Attempt | None:
        """How the order is being paid: the open way, else the paid one, else the latest."""
        attempts = [source.attempt for source in self.order.sources.all() if hasattr(source, "attempt")]
        ranks = {Attempt.State.PENDING: 0, Attempt.State.CONFIRMED: 1}
        return min(attempts, key=lambda attempt: (ranks.get(attempt.state, 2), -attempt.pk), default=None)

    @cached_property
    def paid(self) -> int:
        return sum(paid_amount(source) for source in self.order.sources.all())

    @property
    def is_open(self) -> bool:
        """Money is still expected."""
        return self.attempt is not None and self.attempt.state == Attempt.State.PENDING and not self.is_over

    @property
    def is_over(self) -> bool:
        return self.consignment.state in (State.CANCELLED, State.RETURNED)

    @property
    def cash(self) -> int:
        """Dong that the carrier takes at the door; 0 for an order that is paid."""
        is_cash = self.is_open and self.attempt.expires_at is None
        return max(0, self.order.total_dong - self.paid) if is_cash else 0

    @property
    def is_unpaid(self) -> bool:
        """A transfer or card payment is still expected: such an order does not leave the house."""
        return self.is_open and self.attempt.expires_at is not None


@dataclass(frozen=True)
class Selection:
    """What is printed, oldest first, and which of the wanted orders have no paper: number and code of the reason."""

    parcels: list[Parcel]
    left_out: list[tuple[str, str]]


def parcels_with_all(orders: QuerySet[Order], most: int | None = None) -> list[Parcel]:
    """The orders, oldest first and at most ``most``, with all that papers show: a few queries whatever their number."""
    found = orders.select_related("shipping_address", "consignment__cooperative").prefetch_related(
        "lines__product__listing",
        "lines__product__parent__listing",
        "lines__lot",
        "sources__transactions",
        "sources__attempt",
    )
    return [Parcel(order) for order in found.order_by("pk")[:most]]


def selection_of(cooperative: Cooperative, numbers: Sequence[str], stage: str = State.ACCEPTED) -> Selection:
    """The cooperative's orders of these numbers, or all at a stage when none is named.

    Other cooperatives' numbers are passed over as if they did not exist. PaperError: ``too_many`` (with ``limit``),
    ``none`` when nothing of that is the cooperative's.
    """
    wanted = {clean_number(number) for number in numbers[: 10 * MAX_ORDERS] if number}
    if len(wanted) > MAX_ORDERS:
        raise PaperError("too_many", limit=MAX_ORDERS, count=len(wanted))
    which = Q(number__in=wanted) if wanted else Q(consignment__state=stage if stage in STAGES else State.ACCEPTED)
    orders = Order.objects.filter(which, consignment__cooperative=cooperative)
    count = orders.count()
    if count > MAX_ORDERS:
        raise PaperError("too_many", limit=MAX_ORDERS, count=count)
    if not count:
        raise PaperError("none", named=bool(wanted))
    reasons = [(parcel, reason_against(parcel)) for parcel in parcels_with_all(orders)]
    return Selection(
        parcels=[parcel for parcel, reason in reasons if not reason],
        left_out=[(parcel.number, reason) for parcel, reason in reasons if reason],
    )


def reason_against(parcel: Parcel) -> str:
    """Why an order has no paper yet or any more: ``ended``, ``unpaid``, ``new``; empty when it has."""
    if parcel.is_over:
        return "ended"
    if parcel.is_unpaid:
        return "unpaid"
    return "" if parcel.consignment.state in PRINTED else "new"
