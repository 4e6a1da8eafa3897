"""What one press of the order button does, in the cases that are not the usual one."""

import re

import pytest
from django.test import override_settings
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.basket.models import Basket
from shop.checkout.models import GroupOrder, OrderGroup
from shop.checkout.parcels import Choice, cart_build
from shop.checkout.services import PlacementRefused, purchase_place
from shop.core.codes import ALPHABET
from shop.fulfilment.models import Consignment
from shop.listings.models import Listing
from shop.messaging.models import Message
from shop.order.models import Order
from shop.payment.attempts.models import Attempt
from shop.payment.vietqr.models import BankAccount, TransferRequest
from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
from tests.factories.market import HOAN_KIEM, MY_THO, VINH_KIM, fresh
from tests.integration.checkout.offers import Benefit, offer_make, range_of

StockRecord = get_model("partner", "StockRecord")
ConditionalOffer = get_model("offer", "ConditionalOffer")

pytestmark = pytest.mark.django_db


def press(basket, shown_total, *, to=None, choices=None, user=None, language="vi"):
    """The order button with whatever the page sent along."""
    to = to or recipient()
    return purchase_place(
        basket_id=basket.pk,
        recipient=to,
        choices=choices or {},
        shown_total=shown_total,
        by=to.phone,
        user=user,
        language=language,
    )


def due(basket, ward_code=MY_THO, choices=None):
    """The sum that the page shows now, in dong."""
    return cart_build(fresh(basket), ward_code=ward_code, choices=choices).total


def held(listing):
    """Units held by orders."""
    return StockRecord.objects.get(product=listing.product).num_allocated or 0


def set_stock(listing, units):
    """What somebody else bought or corrected meanwhile."""
    StockRecord.objects.filter(product=listing.product).update(num_in_stock=units)


def assert_nothing_happened(basket, *listings):
    """No order, no message, nothing held, and the basket as it was."""
    assert OrderGroup.objects.count() == Order.objects.count() == Consignment.objects.count() == 0
    assert Attempt.objects.count() == Message.objects.count() == 0
    assert [held(listing) for listing in listings] == [0] * len(listings)
    assert Basket.objects.get(pk=basket.pk).status == "Open"
    assert Basket.objects.count() == 1


# -- Pressed again ------------------------------------------------------------------------------------------------


def test_one_order_consignment_and_payment_per_cooperative():
    one, two = cooperative_make(), cooperative_make()
    goods = [listing_make(one, price=50_000), listing_make(two, price=70_000), listing_make(one, price=10_000)]

    group = place(basket_of(*[(listing, 2) for listing in goods])).group

    orders = [member.order for member in group.members.all()]
    assert [order.consignment.cooperative for order in orders] == [one, two]
    assert [order.total_dong for order in orders] == [140_000, 160_000]
    assert [order.lines.count() for order in orders] == [2, 1]
    assert [held(listing) for listing in goods] == [2, 2, 2]
    assert Attempt.objects.filter(state="pending", provider="vietqr").count() == 2


def test_double_click_after_success_finds_the_first_purchase():
    listing = listing_make()
    basket = basket_of((listing, 2))
    first = place(basket)

    second = press(basket, 1)

    assert (first.created, second.created, second.group) == (True, False, first.group)
    assert held(listing) == 2
    assert OrderGroup.objects.count() == Order.objects.count() == 1


def test_retry_with_another_shown_total_finds_the_first_purchase():
    basket = basket_of(listing_make())
    first = place(basket)

    assert press(basket, 999).group == first.group
    assert press(basket, -1, to=recipient(ward_code=HOAN_KIEM)).group == first.group
    assert GroupOrder.objects.count() == 1


# -- Something changed between page and button --------------------------------------------------------------------


def test_price_changed_between_page_and_button():
    listing = listing_make(price=100_000)
    basket = basket_of(listing)
    shown = due(basket)
    StockRecord.objects.filter(product=listing.product).update(price=100_001)

    with pytest.raises(PlacementRefused) as refusal:
        press(basket, shown)

    assert refusal.value.code == "changed"
    assert refusal.value.cart.total == shown + 1
    assert_nothing_happened(basket, listing)
    assert press(basket, shown + 1).created


@pytest.mark.parametrize("shown", [-1, 0, 119_999, 120_001, 10**15])
def test_tampered_sum_orders_nothing(shown):
    listing = listing_make(price=100_000)
    basket = basket_of(listing)

    with pytest.raises(PlacementRefused, match="changed"):
        press(basket, shown)

    assert_nothing_happened(basket, listing)


def test_rate_changed_between_page_and_button():
    listing = listing_make()
    basket = basket_of(listing)
    shown = due(basket)
    listing.cooperative.delivery_services.get(code="province").rates.update(price=1)

    with pytest.raises(PlacementRefused, match="changed"):
        press(basket, shown)

    assert_nothing_happened(basket, listing)


def test_stock_shrank_below_the_quantity():
    """The line stays behind, so another sum is due: nothing is ordered without the shopper's word."""
    short, fine = listing_make(stock=5), listing_make()
    basket = basket_of((short, 3), fine)
    shown = due(basket)
    set_stock(short, 2)

    with pytest.raises(PlacementRefused, match="changed") as refusal:
        press(basket, shown)

    assert [item.problem for item in refusal.value.cart.left_out] == ["short"]
    assert [item.available for item in refusal.value.cart.left_out] == [2]
    assert_nothing_happened(basket, short, fine)


def test_stock_vanished_between_look_and_hold(monkeypatch):
    """The page saw the last unit; somebody took it before this transaction held it."""
    gone, fine = listing_make(stock=1), listing_make()
    basket = basket_of(fine, gone)
    shown = due(basket)
    monkeypatch.setattr("shop.checkout.services.group_create", raced(gone))

    with pytest.raises(PlacementRefused, match="sold_out"):
        press(basket, shown)

    assert held(fine) == 0
    assert Order.objects.count() == Message.objects.count() == 0
    assert Basket.objects.get(pk=basket.pk).status == "Open"


def raced(listing):
    """``group_create`` that lets somebody else take all of a listing first."""
    from shop.checkout.services import group_create

    def create(*args):
        set_stock(listing, 0)
        return group_create(*args)

    return create


def test_all_sold_out():
    listing = listing_make(stock=1)
    basket = basket_of(listing)
    set_stock(listing, 0)

    with pytest.raises(PlacementRefused, match="sold_out"):
        press(basket, 0)

    assert_nothing_happened(basket, listing)


def test_empty_basket():
    basket = basket_of()

    with pytest.raises(PlacementRefused, match="empty"):
        press(basket, 0)

    assert_nothing_happened(basket)


def test_listing_paused_or_cooperative_closed_while_in_the_basket():
    paused, closed, fine = listing_make(), listing_make(), listing_make(price=30_000)
    basket = basket_of(paused, closed, fine)
    Listing.objects.filter(pk=paused.pk).update(state=Listing.State.PAUSED)
    closed.cooperative.is_published = False
    closed.cooperative.save()

    cart = cart_build(fresh(basket), ward_code=MY_THO)
    assert {item.problem for item in cart.left_out} == {"closed"}
    placement = press(basket, 50_000)

    assert placement.group.members.get().order.consignment.cooperative == fine.cooperative
    assert {line.product for line in placement.rest.lines.all()} == {paused.product, closed.product}
    assert held(paused) == held(closed) == 0


# -- Lines that stay behind ---------------------------------------------------------------------------------------


def test_left_out_line_waits_in_a_guests_new_basket():
    gone, fine = listing_make(stock=1), listing_make()
    basket = basket_of((fine, 2), gone)
    set_stock(gone, 0)

    placement = place(basket)

    assert placement.rest.status == "Open"
    assert placement.rest.owner is None
    assert [(line.product, line.quantity) for line in placement.rest.lines.all()] == [(gone.product, 1)]
    assert Basket.objects.get(pk=basket.pk).status == "Submitted"


def test_left_out_line_waits_in_the_owners_only_open_basket():
    user = User.objects.create_user(phone="+84901234567")
    gone, fine = listing_make(stock=1), listing_make()
    basket = basket_of(fine, gone, owner=user)
    set_stock(gone, 0)

    placement = press(basket, due(basket), user=user)

    assert Basket.open.get(owner=user) == placement.rest
    assert placement.group.user == user
    assert placement.group.members.get().order.user == user


def test_nothing_left_over_makes_no_basket():
    assert place(basket_of(listing_make())).rest is None


def test_too_far_for_fresh_goods_without_pick_up():
    fresh_goods, dried = listing_make(max_transit_days=1), listing_make()
    fresh_goods.cooperative.delivery_services.filter(zone="pickup").delete()
    basket = basket_of(fresh_goods, dried)
    to = recipient(ward_code=HOAN_KIEM)

    placement = press(basket, due(basket, HOAN_KIEM), to=to)

    assert [line.product for line in placement.rest.lines.all()] == [fresh_goods.product]
    assert held(fresh_goods) == 0
    assert placement.group.members.get().order.shipping_dong == 45_000


def test_too_far_for_fresh_goods_can_be_collected():
    basket = basket_of(listing_make(max_transit_days=1))
    parcel = cart_build(fresh(basket), ward_code=HOAN_KIEM).parcels[0]

    assert parcel.only_pickup
    assert [option.code for option in parcel.deliveries] == ["pickup"]
    placed = press(basket, parcel.total, to=recipient(ward_code=HOAN_KIEM))
    assert placed.group.members.get().order.consignment.is_pickup


# -- Choices ------------------------------------------------------------------------------------------------------


def test_unknown_delivery_and_provider_fall_back_to_what_is_possible():
    listing = listing_make()
    choices = {listing.cooperative_id: Choice(service="drone", provider="bitcoin"), 999_999: Choice("x", "y")}
    basket = basket_of(listing)

    order = press(basket, due(basket, choices=choices), choices=choices).group.members.get().order

    assert order.shipping_code == "province"
    assert Attempt.objects.get().provider == "vietqr"


def test_delivery_of_another_zone_cannot_be_chosen():
    """The cheap rate of the province is no choice in Hà Nội."""
    listing = listing_make()
    basket = basket_of(listing)
    choices = {listing.cooperative_id: Choice(service="province")}
    to = recipient(ward_code=HOAN_KIEM)

    order = press(basket, due(basket, HOAN_KIEM, choices), to=to, choices=choices).group.members.get().order

    assert (order.shipping_code, order.shipping_dong) == ("country", 45_000)


@override_settings(COD_LIMIT=119_999)
def test_cash_over_the_limit_becomes_a_transfer():
    basket = basket_of(listing_make(price=100_000))

    place(basket, provider="cod")

    assert Attempt.objects.get().provider == "vietqr"


@override_settings(COD_LIMIT=120_000)
def test_cash_at_the_limit_holds_without_a_clock():
    basket = basket_of(listing_make(price=100_000))

    place(basket, provider="cod")

    attempt = Attempt.objects.get()
    assert (attempt.provider, attempt.expires_at) == ("cod", None)
    assert not TransferRequest.objects.exists()


def test_cash_where_the_cooperative_takes_none_becomes_a_transfer():
    place(basket_of(listing_make(cooperative_make(accepts_cod=False))), provider="cod")

    assert Attempt.objects.get().provider == "vietqr"


def test_transfer_to_a_closed_account_becomes_cash():
    listing = listing_make()
    BankAccount.objects.update(state=BankAccount.State.CLOSED)

    place(basket_of(listing), provider="vietqr")

    assert Attempt.objects.get().provider == "cod"


@override_settings(COD_LIMIT=1)
def test_no_way_to_pay_leaves_the_line_in_the_basket():
    """No account and too dear for cash: the other cooperative's goods are ordered all the same."""
    stuck, fine = listing_make(price=50_000), listing_make(price=70_000)
    stuck.cooperative.bank_accounts.all().delete()
    basket = basket_of(stuck, fine)
    cart = cart_build(fresh(basket), ward_code=MY_THO)

    assert [(item.product, item.problem) for item in cart.left_out] == [(stuck.product, "unpayable")]
    placement = press(basket, 90_000)

    assert placement.rest.lines.get().product == stuck.product
    assert held(stuck) == 0


def test_free_order_is_paid_from_the_start(run_tasks):
    listing = listing_make()
    offer_make(Benefit.PERCENTAGE, 100, on=range_of(listing))
    basket = basket_of(listing)
    choices = {listing.cooperative_id: Choice(service="pickup")}

    order = press(basket, 0, choices=choices).group.members.get().order

    attempt = Attempt.objects.get()
    assert (order.status, attempt.state, attempt.expires_at) == ("confirmed", "confirmed", None)
    assert not TransferRequest.objects.exists()
    run_tasks()
    assert held(listing) == 1


# -- Offers -------------------------------------------------------------------------------------------------------


def test_limited_offer_is_not_given_to_two_parcels_of_one_basket():
    one, two = listing_make(), listing_make()
    offer = offer_make(Benefit.FIXED, 10_000, max_global_applications=1)
    basket = basket_of(one, two)
    assert due(basket) == 230_000

    place(basket)

    offer.refresh_from_db()
    assert (offer.num_applications, offer.num_orders, offer.status) == (1, 1, "Consumed")


def test_offer_used_up_between_page_and_button():
    listing = listing_make()
    offer = offer_make(Benefit.FIXED, 10_000, max_global_applications=1)
    basket = basket_of(listing)
    shown = due(basket)
    place(basket_of(listing))

    with pytest.raises(PlacementRefused, match="changed"):
        press(basket, shown)

    assert due(basket) == shown + 10_000
    assert ConditionalOffer.objects.get(pk=offer.pk).num_applications == 1


def test_shipping_offer_lowers_the_fee_of_every_parcel():
    offer_make(Benefit.SHIPPING_PERCENTAGE, 33)
    basket = basket_of(listing_make(cooperative_make(rate=20_001)), listing_make())

    orders = [member.order for member in place(basket).group.members.all()]

    assert [order.shipping_dong for order in orders] == [13_401, 13_400]
    assert [order.total_incl_tax for order in orders] == [113_401, 113_400]


# -- What is kept -------------------------------------------------------------------------------------------------


def test_message_leaves_once_however_often_the_button_is_pressed(run_tasks):
    basket = basket_of(listing_make(), listing_make())
    group = place(basket).group
    press(basket, 0)

    run_tasks()
    run_tasks()

    message = Message.objects.get()
    assert (message.to, message.kind) == ("+84901234567", "order_placed")
    assert message.sent_at
    assert group.get_absolute_url() in message.body


def test_numbers_memos_and_links_are_unique_and_cannot_be_guessed():
    listing = listing_make(stock=100)
    for _ in range(10):
        place(basket_of(listing, listing_make()))

    numbers = list(Order.objects.values_list("number", flat=True))
    memos = list(TransferRequest.objects.values_list("memo", flat=True))
    codes = list(OrderGroup.objects.values_list("code", flat=True))
    assert len(set(numbers)) == len(set(memos)) == 20
    assert len(set(codes)) == 10
    assert all(re.fullmatch(f"DT[{ALPHABET}]{{8}}", number) for number in numbers)
    assert all(re.fullmatch(f"OCOP[{ALPHABET}]{{7}}", memo) for memo in memos)
    assert all(re.fullmatch(f"[{ALPHABET.lower()}]{{20}}", code) for code in codes)
    assert not set(numbers) & {str(100_000 + basket.pk) for basket in Basket.objects.all()}


def test_taken_number_and_memo_are_drawn_again(monkeypatch):
    first = place(basket_of(listing_make())).group.members.get().order
    memo = TransferRequest.objects.get().memo
    drawn = iter([first.number, "DT22222222"])
    monkeypatch.setattr("shop.order.utils.order_number_new", lambda: next(drawn))
    memos = iter([memo, "OCOP2222222"])
    monkeypatch.setattr("shop.payment.vietqr.provider.memo_new", lambda: next(memos))

    second = place(basket_of(listing_make())).group.members.get().order

    assert second.number == "DT22222222"
    assert TransferRequest.objects.get(attempt__source__order=second).memo == "OCOP2222222"


def test_account_changed_later_does_not_move_a_transfer_that_was_shown():
    listing = listing_make()
    place(basket_of(listing))
    before = TransferRequest.objects.get()
    listing.cooperative.bank_accounts.update(number="0000000001", holder="KE GIAN")

    after = TransferRequest.objects.get()

    assert (after.number, after.holder, after.payload) == (before.number, before.holder, before.payload)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_language_of_the_purchase_is_kept_for_its_messages(language):
    basket = basket_of(listing_make())

    group = press(basket, due(basket), language=language).group

    assert group.language == language
    body = Message.objects.get().body
    assert ("thank you" in body) == (language == "en")
    assert ("/en/don-hang/" in body) == (language == "en")


def test_purchase_outlives_its_user():
    user = User.objects.create_user(phone="+84901234567")
    basket = basket_of(listing_make(), owner=user)
    group = press(basket, due(basket), user=user).group

    user.delete()

    group.refresh_from_db()
    order = group.members.get().order
    assert (group.user, order.user, group.phone) == (None, None, "+84901234567")


def test_address_is_kept_as_text():
    order = (
        place(basket_of(listing_make()), to=recipient(ward_code=VINH_KIM, note="Gọi trước")).group.members.get().order
    )

    address = order.shipping_address
    assert (address.line1, address.line4, address.notes) == ("18 Trưng Trắc", "Đồng Tháp", "Gọi trước")
    assert "Vĩnh Kim" in address.line3


def test_long_names_and_streets_fit():
    to = recipient(name="Nguyễn " * 17, street="Ấp Bình Hòa " * 16)

    assert place(basket_of(listing_make()), to=to).created
