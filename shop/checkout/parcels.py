"""What basket and checkout show: one parcel per cooperative, with sums, deliveries, ways to pay, and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from oscar.core.loading import get_class, get_classes

from shop.basket.models import Basket
from shop.basket.splitting import basket_parts
from shop.checkout.vouchers import Saving, VoucherLine, savings_of, voucher_lines
from shop.cooperatives.models import Cooperative
from shop.delivery.services import arrives_fresh, parcel_quotes
from shop.listings.lookup import listing_of, ship_weight_of, title_of, unit_of
from shop.listings.models import Listing
from shop.payment.providers import PaymentProvider, providers

Repository = get_class("shipping.repository", "Repository")
(OrderTotalCalculator,) = get_classes("checkout.calculators", ["OrderTotalCalculator"])


@dataclass
class ParcelLine:
    """One basket line with its listing. ``problem`` is empty, or why the line cannot be ordered now.

    Problems: ``closed`` (no longer on sale), ``sold_out``, ``short`` (fewer left than wanted, see ``available``),
    ``too_far`` (does not stay fresh to this address and cannot be collected), ``unpayable`` (no way to pay this sum).
    """

    line: Any
    problem: str = ""

    @property
    def listing(self) -> Listing:
        return listing_of(self.line.product)

    @property
    def product(self) -> Any:
        """What is sold: the size when there are sizes."""
        return self.line.product

    @property
    def title(self) -> str:
        """The name with the size."""
        return title_of(self.product)

    @property
    def unit(self) -> str:
        """What one of it is: the size, or the listing's unit."""
        return unit_of(self.product)

    @property
    def weight_g(self) -> int:
        """Grams on the road, of all units."""
        return ship_weight_of(self.product) * self.quantity

    @property
    def quantity(self) -> int:
        return self.line.quantity

    @property
    def available(self) -> int:
        """Units that can still be ordered."""
        return max(0, self.line.stockrecord.net_stock_level) if self.line.stockrecord else 0

    @property
    def unit_price(self) -> int:
        """Dong for one unit, before discounts."""
        return int(self.line.unit_price_incl_tax)

    @property
    def total(self) -> int:
        """Dong for the line after discounts."""
        return int(self.line.line_price_incl_tax_incl_discounts)

    @property
    def total_before_discounts(self) -> int:
        return int(self.line.line_price_incl_tax)


@dataclass(frozen=True)
class DeliveryOption:
    """A shipping method with its price in dong after shipping offers."""

    method: Any
    price: int

    @property
    def quote(self) -> Any:
        return self.method.quote

    @property
    def code(self) -> str:
        return self.method.code


@dataclass(frozen=True)
class PaymentOption:
    """A way to pay a parcel; ``reason`` says why it is not ``ok``."""

    provider: PaymentProvider
    ok: bool
    reason: Any


@dataclass
class Choice:
    """What the shopper chose for one cooperative; empty means the first that is possible."""

    service: str = ""
    provider: str = ""


@dataclass
class Parcel:
    """What one cooperative sends: becomes one order."""

    cooperative: Cooperative
    part: Basket
    lines: list[ParcelLine]
    deliveries: list[DeliveryOption] = field(default_factory=list)
    choice: Choice = field(default_factory=Choice)

    @property
    def goods(self) -> int:
        """Dong for the goods after discounts."""
        return int(self.part.total_incl_tax)

    @property
    def goods_before(self) -> int:
        """Dong for the goods before discounts."""
        return sum(item.total_before_discounts for item in self.lines)

    @cached_property
    def savings(self) -> list[Saving]:
        """What each offer takes off the goods of this parcel."""
        return savings_of(self.part)

    @property
    def weight_g(self) -> int:
        return sum(item.weight_g for item in self.lines)

    @property
    def transit_days(self) -> int | None:
        """Days that the most perishable line lasts on the road; None when all keep."""
        return min((d for item in self.lines if (d := item.listing.max_transit_days) is not None), default=None)

    @property
    def delivery(self) -> DeliveryOption | None:
        """The chosen delivery, else the first that is sent, else the first at all."""
        by_code = {option.code: option for option in self.deliveries}
        sent = [option for option in self.deliveries if not option.quote.is_pickup]
        return by_code.get(self.choice.service) or next(iter(sent or self.deliveries), None)

    @property
    def shipping(self) -> int:
        return self.delivery.price if self.delivery else 0

    @property
    def missing_for_free(self) -> int:
        """Dong of this cooperative's goods that are missing for the chosen delivery to cost nothing; 0 for never."""
        service = self.delivery.quote.service if self.delivery else None
        if not service or not service.free_over or not self.shipping:
            return 0
        return max(0, service.free_over - self.goods)

    @property
    def total(self) -> int:
        """Dong that the buyer will owe this cooperative."""
        return self.goods + self.shipping

    @cached_property
    def payments(self) -> list[PaymentOption]:
        found = []
        for provider in providers().values():
            answer = provider.availability(self.cooperative, self.total)
            found.append(PaymentOption(provider, answer.ok, "" if answer.ok else answer.reason))
        return found

    @property
    def payment(self) -> PaymentOption | None:
        """The chosen way to pay when it is possible, else the first that is."""
        possible = [option for option in self.payments if option.ok]
        wanted = [option for option in possible if option.provider.code == self.choice.provider]
        return next(iter(wanted or possible), None)

    @property
    def has_alcohol(self) -> bool:
        return any(item.listing.is_alcohol for item in self.lines)

    @property
    def only_pickup(self) -> bool:
        """Nothing can be sent to this address in time; it can be collected."""
        return bool(self.deliveries) and all(option.quote.is_pickup for option in self.deliveries)


@dataclass
class Cart:
    """The whole basket: parcels that can be ordered, and lines that stay behind with their reason."""

    basket: Basket
    ward_code: str
    parcels: list[Parcel]
    left_out: list[ParcelLine]
    user: Any = None

    @cached_property
    def vouchers(self) -> list[VoucherLine]:
        """The codes in the basket: what each saves, or why it does nothing."""
        return voucher_lines(self.basket, self.parcels, self.user)

    @property
    def saved(self) -> int:
        """Dong that offers take off all goods."""
        return sum(parcel.goods_before - parcel.goods for parcel in self.parcels)

    @property
    def goods(self) -> int:
        return sum(parcel.goods for parcel in self.parcels)

    @property
    def shipping(self) -> int:
        return sum(parcel.shipping for parcel in self.parcels)

    @property
    def total(self) -> int:
        return self.goods + self.shipping

    @property
    def is_empty(self) -> bool:
        return not self.parcels and not self.left_out

    @property
    def has_alcohol(self) -> bool:
        return any(parcel.has_alcohol for parcel in self.parcels)

    @property
    def transfers(self) -> list[Parcel]:
        """Parcels that the buyer will pay by a transfer."""
        return self.paid_by("vietqr")

    @property
    def cards(self) -> list[Parcel]:
        """Parcels that the buyer will pay by card."""
        return self.paid_by("stripe")

    def paid_by(self, code: str) -> list[Parcel]:
        """Parcels to be paid that way."""
        return [parcel for parcel in self.parcels if parcel.payment and parcel.payment.provider.code == code]

    def left_out_of(self, cooperative_id: int) -> list[ParcelLine]:
        return [item for item in self.left_out if item.listing.cooperative_id == cooperative_id]


def cart_build(
    basket: Basket, *, ward_code: str = "", choices: Mapping[int, Choice] | None = None, user: Any = None
) -> Cart:
    """Sums and choices for a basket sent to a commune. Reads only; a dozen queries whatever the basket holds.

    ``choices`` are by cooperative id. Without a commune, deliveries are those of the cooperative's own province.
    """
    good, left_out = [], []
    for line in basket.all_lines():
        item = ParcelLine(line, line_problem(line))
        (left_out if item.problem else good).append(item)
    items = {item.line.pk: item for item in good}
    parts = basket_parts(basket, [item.line for item in good], user)
    cooperatives = _cooperatives([partner_id for partner_id, _ in parts])
    parcels = []
    for partner_id, part in parts:
        cooperative = cooperatives[partner_id]
        parcel = Parcel(cooperative, part, [items[line.pk] for line in part.all_lines()])
        parcel.choice = (choices or {}).get(cooperative.pk, Choice())
        _deliveries_fill(parcel, ward_code)
        if parcel.deliveries and parcel.payment:
            parcels.append(parcel)
        else:
            problem = "unpayable" if parcel.deliveries else "too_far"
            left_out += [ParcelLine(item.line, problem) for item in parcel.lines]
    return Cart(basket, ward_code, parcels, left_out, user)


def line_problem(line: Any) -> str:
    """Why a basket line cannot be ordered now, or an empty string."""
    listing = listing_of(line.product)
    if line.product.is_child and not (line.product.size and line.product.size.is_active):
        return "closed"
    if listing is None or listing.state != Listing.State.PUBLISHED or not listing.cooperative.is_published:
        return "closed"
    left = line.stockrecord.net_stock_level if line.stockrecord else 0
    if left <= 0:
        return "sold_out"
    return "short" if line.quantity > left else ""


def _cooperatives(partner_ids: list[int]) -> dict[int, Cooperative]:
    found = Cooperative.objects.filter(partner_id__in=partner_ids).select_related("delivery_rules")
    found = found.prefetch_related("delivery_services__rates", "closed_days", "bank_accounts")
    return {cooperative.partner_id: cooperative for cooperative in found}


def _deliveries_fill(parcel: Parcel, ward_code: str) -> None:
    """The ways to send the parcel that keep its most perishable line fresh."""
    found = parcel_quotes(
        parcel.cooperative,
        ward_code,
        weight_g=parcel.weight_g,
        goods=parcel.goods,
        transit_days=parcel.transit_days,
    )
    offered = [quote for quote in found if arrives_fresh(quote, parcel.transit_days)]
    methods = Repository().get_shipping_methods(parcel.part, quotes=offered)
    parcel.deliveries = [DeliveryOption(method, int(method.calculate(parcel.part).incl_tax)) for method in methods]
