"""An order in cash: called, taken, paid at the door or refused there, as the cooperative's people press the buttons."""

import pytest

from shop.core.codes import display_number
from shop.fulfilment.services import consignment_unpay
from shop.payment.cod.models import CashBuyer, CashEntry
from shop.payment.services import attempts_of, paid_amount, payment_confirm, payment_reverse, provider_switch
from tests.factories.market import recipient
from tests.integration.seller.cash.conftest import address, state

pytestmark = pytest.mark.django_db

STEPS = ("da-goi", "khong-nghe-may", "giao-xong", "khach-khong-nhan")
FIELDS = {"misses": "0", "carrier": "Anh Tư", "door-reason": "Đổi ý"}
EVIL = "<script>alert(1)</script>"


def press(client, consignment, step, **fields):
    return client.post(address(consignment, step), fields)


def received(consignment):
    return sum(paid_amount(source) for source in consignment.order.sources.all())


# -- Before it is taken --------------------------------------------------------------------------------------------


def test_the_page_asks_to_call_first(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    page = person(cooperative).get(address(consignment)).content.decode()
    assert page.index('href="tel:+84901234567"') < page.index(f'action="{address(consignment, "da-goi")}"')
    assert f'action="{address(consignment, "khong-nghe-may")}"' in page
    assert f'action="{address(consignment, "nhan")}"' not in page


def test_the_list_leads_to_the_page_instead_of_taking_it(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    page = person(cooperative).get("/ban-hang/").content.decode()
    assert f'href="{address(consignment)}#next"' in page
    assert f'action="{address(consignment, "nhan")}"' not in page


@pytest.mark.parametrize("role", ["owner", "seller", "accountant", "packer"])
def test_called_and_taken_in_one_step(person, cooperative, cash_order, role):
    consignment = cash_order(cooperative)
    client = person(cooperative, role)
    answer = press(client, consignment, "da-goi")
    assert (answer.status_code, answer["Location"]) == (303, address(consignment))
    assert state(consignment) == ("accepted", "confirmed", ["placed", "called", "accepted"], (10, 2))
    assert set(consignment.events.exclude(kind="placed").values_list("by", flat=True)) == {client.user.phone}


def test_pressed_twice_it_is_taken_once(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    client = person(cooperative)
    for _ in range(2):
        assert press(client, consignment, "da-goi").status_code == 303
    assert state(consignment)[2] == ["placed", "called", "accepted"]


def test_without_a_call_it_is_not_taken(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    before = state(consignment)
    answer = press(person(cooperative), consignment, "nhan")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert state(consignment) == before


def test_call_and_taking_stand_or_fall_together(person, cooperative, order_of):
    consignment = order_of(cooperative)
    before = state(consignment)
    assert press(person(cooperative), consignment, "da-goi").status_code == 409
    assert state(consignment) == before


def test_nobody_answered_is_counted_with_its_time(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    client = person(cooperative)
    assert press(client, consignment, "khong-nghe-may", misses="0").status_code == 303
    assert press(client, consignment, "khong-nghe-may", misses="1").status_code == 303
    assert state(consignment)[:3] == ("new", "pending", ["placed", "not_reached", "not_reached"])
    page = client.get(address(consignment))
    assert len(page.context["panel"].misses) == 2
    assert 'name="misses" value="2"' in page.content.decode()
    assert press(client, consignment, "da-goi").status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "1", "-1"])
def test_a_page_that_knows_other_calls_adds_none(person, cooperative, cash_order, seen):
    consignment = cash_order(cooperative)
    assert press(person(cooperative), consignment, "khong-nghe-may", misses=seen).status_code == 303
    assert state(consignment)[2] == ["placed"]


def test_nobody_answered_pressed_twice(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    client = person(cooperative)
    for _ in range(2):
        press(client, consignment, "khong-nghe-may", misses="0")
    assert state(consignment)[2] == ["placed", "not_reached"]


def test_it_is_refused_as_before(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    assert press(person(cooperative), consignment, "tu-choi", reason="Không gọi được").status_code == 303
    assert state(consignment) == ("cancelled", "cancelled", ["placed", "refused"], (10, 0))
    assert press(person(cooperative), consignment, "da-goi").status_code == 409
    assert state(consignment)[0] == "cancelled"


def test_a_buyer_who_pays_otherwise_now_is_not_taken_in_cash(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    provider_switch(order=consignment.order, provider_code="vietqr", by="+84901234567")
    for step in ("da-goi", "khong-nghe-may"):
        answer = press(person(cooperative), consignment, step, misses="0")
        assert answer.status_code == 409
    assert state(consignment)[:3] == ("new", "pending", ["placed"])


# -- At the door ---------------------------------------------------------------------------------------------------


def test_delivered_and_paid(person, cooperative, taken):
    consignment = taken(cooperative)
    client = person(cooperative)
    answer = press(client, consignment, "giao-xong", carrier="  Xe   Phương Trang ")
    assert (answer.status_code, answer["Location"]) == (303, address(consignment))
    assert state(consignment) == ("delivered", "completed", ["placed", "called", "accepted", "delivered"], (8, 0))
    assert received(consignment) == 220_000
    entry = CashEntry.objects.get()
    assert (entry.carrier, entry.kind, entry.amount, entry.by) == (
        "Xe Phương Trang",
        "collected",
        220_000,
        client.user.phone,
    )
    page = client.get(address(consignment))
    assert page.context["panel"].state == "delivered"
    assert f'action="{address(consignment, "giao-xong")}"' not in page.content.decode()


def test_delivered_twice_is_paid_once(person, cooperative, taken):
    consignment = taken(cooperative)
    for carrier in ("Xe Phương Trang", "Anh Tư"):
        assert press(person(cooperative), consignment, "giao-xong", carrier=carrier).status_code == 303
    assert received(consignment) == 220_000
    assert list(CashEntry.objects.values_list("carrier", "amount")) == [("Xe Phương Trang", 220_000)]


@pytest.mark.parametrize("carrier", ["", "   ", "x" * 61])
def test_who_has_the_cash_must_be_said(person, cooperative, taken, carrier):
    consignment = taken(cooperative)
    answer = press(person(cooperative), consignment, "giao-xong", carrier=carrier)
    assert (answer.status_code, set(answer.context["deliver_form"].errors)) == (422, {"carrier"})
    page = answer.content.decode()
    assert '<details id="deliver" open>' in page
    assert 'aria-invalid="true"' in page
    assert state(consignment)[0] == "accepted"
    assert not CashEntry.objects.exists()


def test_carriers_used_before_are_offered(person, cooperative, neighbour, taken, delivered):
    delivered(neighbour, "Xe nhà bên")
    for carrier in ("Xe Phương Trang", "Anh Tư", "Xe Phương Trang"):
        delivered(cooperative, carrier)
    page = person(cooperative).get(address(taken(cooperative)))
    assert page.context["carriers"] == ["Xe Phương Trang", "Anh Tư"]
    text = page.content.decode()
    assert '<option value="Anh Tư">' in text
    assert 'value="Xe Phương Trang"' in text
    assert "Xe nhà bên" not in text


def test_packers_do_not_say_that_it_was_paid(person, cooperative, taken):
    consignment = taken(cooperative)
    packer = person(cooperative, "packer")
    assert address(consignment, "giao-xong") not in packer.get(address(consignment)).content.decode()
    assert press(packer, consignment, "giao-xong", carrier="Anh Tư").status_code == 403
    assert state(consignment)[0] == "accepted"
    assert not CashEntry.objects.exists()


@pytest.mark.parametrize("role", ["owner", "packer"])
def test_refused_at_the_door(person, cooperative, taken, role):
    consignment = taken(cooperative)
    client = person(cooperative, role)
    for _ in range(2):
        answer = press(client, consignment, "khach-khong-nhan", **{"door-reason": "Khách đổi ý"})
        assert (answer.status_code, answer["Location"]) == (303, address(consignment))
    assert state(consignment) == ("returned", "cancelled", ["placed", "called", "accepted", "door_refused"], (10, 0))
    assert consignment.reason == "Khách đổi ý"
    assert CashBuyer.objects.get(phone="+84901234567").refusals == 1
    assert (received(consignment), CashEntry.objects.exists()) == (0, False)
    panel = client.get(address(consignment)).context["panel"]
    assert (panel.state, panel.to_send_back, panel.can_refuse) == ("returned", 0, False)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_what_happened_at_the_door_must_be_said(person, cooperative, taken, reason):
    consignment = taken(cooperative)
    answer = press(person(cooperative), consignment, "khach-khong-nhan", **{"door-reason": reason})
    assert (answer.status_code, set(answer.context["door_form"].errors)) == (422, {"reason"})
    assert '<details id="door" open>' in answer.content.decode()
    assert state(consignment)[0] == "accepted"


@pytest.mark.parametrize("step", ["giao-xong", "khach-khong-nhan"])
def test_an_order_that_nobody_has_taken_is_not_at_the_door(person, cooperative, cash_order, step):
    consignment = cash_order(cooperative)
    before = state(consignment)
    assert press(person(cooperative), consignment, step, **FIELDS).status_code == 409
    assert state(consignment) == before
    assert not CashEntry.objects.exists()


@pytest.mark.parametrize("step", ["giao-xong", "khach-khong-nhan"])
def test_a_paid_transfer_is_not_paid_again_at_the_door(person, cooperative, order_of, step):
    consignment = order_of(cooperative)
    client = person(cooperative)
    press(client, consignment, "da-nhan-tien", attempt=attempts_of(consignment.order).get().pk)
    press(client, consignment, "nhan")
    assert address(consignment, "giao-xong") not in client.get(address(consignment)).content.decode()
    assert press(client, consignment, step, **FIELDS).status_code == 409
    assert state(consignment)[0] == "accepted"
    assert received(consignment) == 220_000


@pytest.mark.parametrize(("first", "second"), [("giao-xong", "khach-khong-nhan"), ("khach-khong-nhan", "giao-xong")])
def test_the_door_is_one_or_the_other(person, cooperative, taken, first, second):
    consignment = taken(cooperative)
    client = person(cooperative)
    press(client, consignment, first, **FIELDS)
    before = state(consignment)
    assert press(client, consignment, second, **FIELDS).status_code == 409
    assert state(consignment) == before


# -- Who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "packer"])
def test_a_neighbours_order_does_not_exist(person, cooperative, neighbour, cash_order, taken, role):
    client = person(cooperative, role)
    for theirs in (cash_order(neighbour), taken(neighbour)):
        before = state(theirs)
        for prefix in ("", "/en"):
            for step in STEPS:
                url = f"{prefix}{address(theirs, step)}?htx={neighbour.slug}"
                assert client.post(url, FIELDS).status_code == 404
                assert client.get(url).status_code == 405
        assert state(theirs) == before
    assert not CashEntry.objects.exists()


def test_what_people_type_is_text(person, cooperative, taken):
    one, two = taken(cooperative), taken(cooperative, to=recipient(phone="+84901234999"))
    client = person(cooperative)
    press(client, one, "giao-xong", carrier=EVIL)
    press(client, two, "khach-khong-nhan", **{"door-reason": EVIL})
    for url in (address(one), address(two), "/ban-hang/tien-mat/", address(taken(cooperative))):
        assert EVIL not in client.get(url).content.decode()


# -- Lists and words -----------------------------------------------------------------------------------------------


def test_tabs(person, cooperative, cash_order, taken, delivered):
    new, accepted, done = cash_order(cooperative), taken(cooperative), delivered(cooperative)
    back = taken(cooperative, to=recipient(phone="+84901234999"))
    client = person(cooperative)
    press(client, back, "khach-khong-nhan", **{"door-reason": "Đổi ý"})
    for tab, expected in {"waiting": [], "new": [new], "accepted": [accepted], "done": [done], "ended": [back]}.items():
        answer = client.get("/ban-hang/", {"tab": tab})
        assert [panel.consignment for panel in answer.context["panels"]] == expected, tab
        assert answer.context["counts"][tab] == len(expected)


def test_queries_do_not_grow_with_the_orders(person, cooperative, cash_order, delivered, django_assert_max_num_queries):
    client = person(cooperative)
    for number in range(3):
        cash_order(cooperative, to=recipient(phone=f"+8490123450{number}"))
    with django_assert_max_num_queries(20):
        client.get("/ban-hang/")
    for number in range(3, 8):
        cash_order(cooperative, to=recipient(phone=f"+8490123450{number}"))
        delivered(cooperative)
    with django_assert_max_num_queries(20):
        client.get("/ban-hang/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_step_has_words(person, cooperative, taken, prefix):
    consignment = taken(cooperative)
    kinds = ("part_paid", "reopened", "unpaid", "called", "not_reached", "door_refused", "delivered")
    for kind in kinds:
        consignment.events.create(kind=kind, by="clock")
    titles = [step["title"] for step in person(cooperative).get(prefix + address(consignment)).context["panel"].steps]
    assert not set(titles) & set(kinds)
    assert len(titles) == 3 + len(kinds) + 1


def test_a_part_of_a_transfer_shows_what_is_missing(person, cooperative, order_of):
    consignment = order_of(cooperative)
    client = person(cooperative)
    attempt = attempts_of(consignment.order).get()
    entry = payment_confirm(attempt=attempt, amount=50_000, key="line:1", by="bank")
    page = client.get(address(consignment))
    panel = page.context["panel"]
    assert (panel.state, panel.is_partly_paid, panel.paid, panel.due) == ("waiting", True, 50_000, 170_000)
    assert "170.000" in page.content.decode()
    assert "170.000" in client.get("/ban-hang/").content.decode()
    assert f'action="{address(consignment, "nhan")}"' not in page.content.decode()
    payment_reverse(entry=entry, by="+84900000000")
    assert not client.get(address(consignment)).context["panel"].is_partly_paid


def test_money_taken_off_again_waits_again(person, cooperative, order_of):
    consignment = order_of(cooperative)
    entry = payment_confirm(attempt=attempts_of(consignment.order).get(), amount=220_000, key="line:1", by="bank")
    client = person(cooperative)
    assert client.get(address(consignment)).context["panel"].state == "new"
    consignment_unpay(consignment=consignment, by="+84900000000")
    payment_reverse(entry=entry, by="+84900000000")
    assert client.get(address(consignment)).context["panel"].state == "waiting"


def test_a_free_order_needs_no_call(person, cooperative, cash_order):
    consignment = cash_order(cooperative)
    attempts_of(consignment.order).update(state="confirmed")
    consignment.order.set_status("confirmed")
    panel = person(cooperative).get(address(consignment)).context["panel"]
    assert (panel.needs_call, panel.can_accept) == (False, True)


def test_the_message_names_the_order(person, cooperative, taken):
    consignment = taken(cooperative)
    client = person(cooperative)
    answer = client.post(address(consignment, "giao-xong"), {"carrier": "Anh Tư"}, follow=True)
    assert display_number(consignment.order.number) in str(next(iter(answer.context["messages"])))
