"""The one function that turns a basket into orders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.translation import override
from django_tasks import task
from oscar.core.loading import get_class, get_model

from shop.basket.models import Basket
from shop.checkout.models import GroupOrder, OrderGroup
from shop.checkout.parcels import Cart, Choice, Parcel, cart_build
from shop.checkout.vouchers import vouchers_used
from shop.core import places
from shop.core.codes import display_number, group_code_new
from shop.core.lang import shop_name
from shop.fulfilment.services import consignment_create, event_add, order_expire
from shop.messaging.services import message_send
from shop.notices.services import staff_announce
from shop.notices.texts import KINDS, compose
from shop.offer.models import ConditionalOffer, OfferUsedUp
from shop.order.models import Order
from shop.order.utils import OrderNumberGenerator
from shop.partner.models import OutOfStock, StockRecord
from shop.partner.strategy import MarketStrategy
from shop.payment.attempts.models import Attempt
from shop.payment.books import attempts_of
from shop.payment.cod.services import buyer_lock, buyer_may
from shop.payment.services import PaymentError, attempt_claim, provider_switch, source_start

OrderCreator = get_class("order.utils", "OrderCreator")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
ShippingAddress = get_model("order", "ShippingAddress")
Country = get_model("address", "Country")
Voucher = get_model("voucher", "Voucher")

CASH = "cod"
#: A deadlock or a busy database is tried again this often; the whole transaction starts afresh.
TRIES = 4


class PlacementRefused(Exception):
    """Nothing was ordered. ``code``: ``empty``, ``changed`` (the sum shown is not the sum due), ``sold_out``,
    ``cash_open`` (the phone number has enough unpaid parcels), ``cash_refusals`` (it refused parcels before)."""

    def __init__(self, code: str, cart: Cart | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.cart = cart


@dataclass(frozen=True)
class Recipient:
    """Who gets the parcels, and where. ``phone`` is E.164; ``ward_code`` one of the 3,321 communes."""

    name: str
    phone: str
    ward_code: str
    street: str
    note: str = ""
    email: str = ""


@dataclass(frozen=True)
class Placement:
    """What came of it: the group, whether this call made it, and the basket that keeps the lines left out."""

    group: OrderGroup
    created: bool

    @property
    def rest(self) -> Basket | None:
        return self.group.rest


def retried(function: Callable) -> Callable:
    """Start a transaction again when the database gave up on it for the sake of another one."""

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                return function(*args, **kwargs)
            except OperationalError:
                if attempt == TRIES or transaction.get_connection().in_atomic_block:
                    raise
        raise AssertionError("unreachable")

    return wrapper


@retried
@transaction.atomic
def purchase_place(
    *,
    basket_id: int,
    recipient: Recipient,
    choices: Mapping[int, Choice],
    shown_total: int,
    by: str,
    user: Any = None,
    language: str = "vi",
) -> Placement:
    """Place one order per cooperative for everything in the basket that can be had.

    One transaction: orders, consignments, payments and stock stand or fall together. ``shown_total`` is the sum in
    dong that the shopper agreed to; any other sum due raises PlacementRefused("changed"). A basket that was placed
    before answers with its first result, so a double click, a retry and a second tab make one purchase.
    """
    basket = Basket.objects.select_for_update(of=("self",)).get(pk=basket_id)
    placed = OrderGroup.objects.filter(basket=basket).first()
    if placed:
        return Placement(placed, created=False)
    basket.strategy = MarketStrategy()
    cart = cart_build(basket, ward_code=recipient.ward_code, choices=choices, user=user)
    if not cart.parcels:
        raise PlacementRefused("sold_out" if cart.left_out else "empty", cart)
    if cart.total != shown_total:
        raise PlacementRefused("changed", cart)
    cash = [parcel for parcel in cart.parcels if parcel.payment.provider.code == CASH]
    problem = cash_problem(recipient.phone, len(cash)) if cash else ""
    if problem:
        raise PlacementRefused(problem, cart)
    group = group_create(basket, recipient, user, language)
    offers_lock(cart)
    vouchers_lock(cart, user)
    try:
        for position, parcel in enumerate(cart.parcels):
            parcel_place(parcel, group, recipient, position, user=user, by=by)
    except OfferUsedUp as gone:
        raise PlacementRefused("changed", cart) from gone
    group.rest = rest_keep(basket, cart)
    group.save(update_fields=["rest"])
    # The group knows its buyer. An account's baskets go with the account, purchases stay.
    basket.owner = None
    basket.submit()
    try:
        stock_hold(cart)
    except OutOfStock as short:
        raise PlacementRefused("sold_out", cart) from short
    confirmation_send(group, cart.total)
    if cash:
        cash_announce(group)
    return Placement(group, created=True)


def cash_announce(group: OrderGroup) -> None:
    """Orders in cash wait for a call from now on; those to be transferred are told of when their money comes."""
    for member in group.members.select_related("order__consignment__cooperative"):
        if attempts_of(member.order).filter(state=Attempt.State.PENDING, expires_at=None).exists():
            staff_announce(member.order.consignment)


def cash_problem(phone: str, more: int) -> str:
    """Why this number may not have ``more`` parcels in cash, or nothing; its row stays locked for the transaction."""
    buyer = buyer_lock(phone)
    open_now = GroupOrder.objects.filter(
        group__phone=phone,
        order__status__in=["pending", "confirmed"],
        order__sources__attempt__provider=CASH,
        order__sources__attempt__state=Attempt.State.PENDING,
    ).count()
    why = buyer_may(buyer, open_now + more)
    return f"cash_{why}" if why else ""


def group_create(basket: Basket, recipient: Recipient, user: Any, language: str) -> OrderGroup:
    """The group, with the secret code of the buyer's link."""
    return OrderGroup.objects.create(
        code=group_code_new(),
        basket=basket,
        user=user if user and user.is_authenticated else None,
        phone=recipient.phone,
        name=recipient.name,
        email=recipient.email,
        ward_code=recipient.ward_code,
        language=language,
    )


def parcel_place(
    parcel: Parcel, group: OrderGroup, recipient: Recipient, position: int, *, user: Any, by: str
) -> Order:
    """One cooperative's order: Oscar's creator runs on a basket of its own, frozen with the order."""
    part = part_save(parcel)
    method = parcel.delivery.method
    charge = method.calculate(parcel.part)
    total = OrderTotalCalculator().calculate(parcel.part, charge, None)
    order = OrderCreator().place_order(
        basket=parcel.part,
        total=total,
        shipping_method=method,
        shipping_charge=charge,
        user=user,
        shipping_address=address_save(recipient),
        order_number=OrderNumberGenerator().order_number(part),
        guest_email=recipient.email,
    )
    GroupOrder.objects.create(group=group, order=order, position=position)
    quote = method.quote
    consignment_create(
        order=order,
        cooperative=parcel.cooperative,
        service=quote.service,
        expected_from=quote.expected_from,
        expected_to=quote.expected_to,
        by=by,
    )
    attempt = source_start(order=order, provider_code=parcel.payment.provider.code, by=by)
    clock_start(attempt)
    return order


def offers_lock(cart: Cart) -> None:
    """Lock the offers that the orders will count, in primary-key order: each order would take them in its own.

    One that was stopped since the sums were reckoned raises PlacementRefused("changed").
    """
    used = {application["offer"].pk for parcel in cart.parcels for application in parcel.part.offer_applications}
    if used:
        rows = list(ConditionalOffer.objects.select_for_update().filter(pk__in=used).order_by("pk"))
        if any(row.is_suspended for row in rows):
            raise PlacementRefused("changed", cart)


def vouchers_lock(cart: Cart, user: Any) -> None:
    """Lock the codes that the orders will use, in primary-key order, and look once more whether they are still good."""
    used = {voucher.pk for parcel in cart.parcels for voucher in vouchers_used(parcel.part)}
    if not used:
        return
    for voucher in Voucher.objects.select_for_update().filter(pk__in=used).order_by("pk"):
        if not (voucher.is_active() and voucher.is_available_to_user(user)[0]):
            raise PlacementRefused("changed", cart)


def part_save(parcel: Parcel) -> Basket:
    """Give the parcel's lines a submitted basket of their own; the offers applied to them stay as computed."""
    part = parcel.part
    part.pk = None
    part.save(force_insert=True)
    # Only the codes that took something off: a code of one cooperative is not used up by an order of another.
    part.vouchers.set(vouchers_used(part))
    for item in parcel.lines:
        item.line.basket = part
        item.line.save(update_fields=["basket"])
    part.submit()
    return part


def address_save(recipient: Recipient) -> Any:
    """Oscar's address of an order. Names are stored as text: communes are renamed, orders are not."""
    commune = places.commune(recipient.ward_code)
    country, _ = Country.objects.get_or_create(
        iso_3166_1_a2="VN",
        defaults={
            "iso_3166_1_a3": "VNM",
            "iso_3166_1_numeric": "704",
            "printable_name": "Việt Nam",
            "name": "Việt Nam",
            "is_shipping_country": True,
        },
    )
    return ShippingAddress.objects.create(
        first_name=recipient.name[:255],
        line1=recipient.street[:255],
        line3=commune.name,
        line4=commune.province.name,
        phone_number=recipient.phone,
        notes=recipient.note,
        country=country,
    )


def rest_keep(basket: Basket, cart: Cart) -> Basket | None:
    """Lines that could not be ordered move to a fresh open basket; None when there are none."""
    if not cart.left_out:
        return None
    # The old basket leaves the OPEN state first: an owner has one open basket.
    basket.freeze()
    rest = Basket.objects.create(owner=basket.owner, status=Basket.OPEN)
    for item in cart.left_out:
        item.line.basket = rest
        item.line.save(update_fields=["basket"])
    used = {voucher.pk for parcel in cart.parcels for voucher in vouchers_used(parcel.part)}
    rest.vouchers.set([voucher for voucher in basket.vouchers.all() if voucher.pk not in used])
    return rest


def stock_hold(cart: Cart) -> None:
    """Hold the stock of all parcels, lines of one product summed, rows in primary-key order.

    Comes last in the transaction: the rows that everybody wants are locked for the shortest time.
    """
    wanted: dict[int, int] = {}
    records: dict[int, StockRecord] = {}
    for parcel in cart.parcels:
        for item in parcel.lines:
            record = item.line.stockrecord
            record.product = item.product
            records[record.pk] = record
            wanted[record.pk] = wanted.get(record.pk, 0) + item.quantity
    for pk in sorted(wanted):
        records[pk].allocate(wanted[pk])


def confirmation_send(group: OrderGroup, total: int) -> None:
    """Tell the buyer where the order is to be found again; once per group."""
    with override(group.language):
        numbers = [display_number(member.order.number) for member in group.members.select_related("order")]
        values = {
            "numbers": ", ".join(numbers),
            "shop": shop_name(),
            "name": group.name,
            "link": settings.SITE_URL + group.get_absolute_url(),
        }
        body = compose(KINDS["order_placed"], values)
    message_send(kind="order_placed", to=group.phone, body=body, key=f"order-placed-{group.pk}")


@transaction.atomic
def payment_switch(*, order: Order, provider_code: str, by: str) -> Attempt:
    """Pay an order another way; raises PaymentError. The hold of a new transfer ends on a clock of its own."""
    group = OrderGroup.objects.filter(members__order=order).first()
    problem = cash_problem(group.phone, 1) if group and provider_code == CASH else ""
    if problem and not attempts_of(order).filter(provider=CASH, state=Attempt.State.PENDING).exists():
        raise PaymentError(problem)
    attempt = provider_switch(order=order, provider_code=provider_code, by=by)
    clock_start(attempt)
    return attempt


def clock_start(attempt: Attempt) -> None:
    """Queue the end of an unpaid hold, in the transaction that begins it."""
    if attempt.expires_at:
        order_expire_later.using(run_after=attempt.expires_at).enqueue(attempt.source.order_id)


@transaction.atomic
def transfer_claim(*, attempt: Attempt, by: str) -> bool:
    """The buyer pressed "I have transferred": a longer hold and a line in the history. True when this call did it."""
    if attempt.provider != "vietqr":
        raise PaymentError("no_transfer")
    if not attempt_claim(attempt=attempt, by=by):
        return False
    attempt.refresh_from_db()
    event_add(attempt.source.order.consignment, "claimed", by)
    clock_start(attempt)
    return True


@task()
def order_expire_later(order_id: int) -> None:
    """The end of an unpaid hold, queued with the order itself."""
    order_expire(order=Order.objects.get(pk=order_id))
