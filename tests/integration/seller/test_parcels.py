"""A parcel's way as the cooperative's people press it, and what two people at once, mistakes and strangers get."""

import pytest

from shop.fulfilment.models import Consignment, ParcelLot, Reduction
from shop.fulfilment.services import (
    cash_order_call,
    consignment_accept,
    consignment_hand_over,
    consignment_pack,
    transfer_confirm_by_hand,
)
from shop.payment.refunds.models import Refund
from tests.factories.market import listing_make, recipient
from tests.factories.sizes import sizes_make

pytestmark = pytest.mark.django_db

STEPS = ("dong-goi", "gui-di", "da-giao", "hoan-ve", "hoan-tac", "bot-so-luong")
EVIL = "<script>alert(1)</script>"


def address(parcel, step=""):
    return f"/ban-hang/don/{parcel.order.number}/" + (f"{step}/" if step else "")


def press(client, parcel, page, /, **fields):
    return client.post(address(parcel, page), {name.replace("_", "-"): value for name, value in fields.items()})


def line_of(parcel):
    return parcel.order.lines.get().pk


def facts(parcel):
    fresh = Consignment.objects.get(pk=parcel.pk)
    return fresh.state, fresh.tracking, list(fresh.events.values_list("kind", flat=True)), Refund.objects.count()


@pytest.fixture
def come(order_of):
    """Call it with a cooperative and a state for a paid parcel that has come so far."""

    def make(cooperative, state="accepted", **extra):
        parcel = order_of(cooperative, **extra)
        if extra.get("provider") == "cod":
            cash_order_call(consignment=parcel, reached=True, by="a")
        else:
            transfer_confirm_by_hand(consignment=parcel, by="a")
        steps = {"new": 0, "accepted": 1, "packed": 2, "handed_over": 3}[state]
        for step in (consignment_accept, consignment_pack)[: min(steps, 2)]:
            step(consignment=parcel, by="a")
        if steps == 3:
            consignment_hand_over(consignment=parcel, carrier="ghn", tracking="GHN12345", by="a")
        return Consignment.objects.get(pk=parcel.pk)

    return make


def test_from_the_box_to_the_buyer(owner_client, cooperative, come):
    parcel = come(cooperative)
    page = owner_client.get(address(parcel)).content.decode()
    assert f'action="{address(parcel, "dong-goi")}"' in page
    assert f'action="{address(parcel, "gui-di")}"' not in page
    day = {f"pack-day-{line_of(parcel)}": "2026-11-23"}
    answer = owner_client.post(address(parcel, "dong-goi"), {f"pack-lot-{line_of(parcel)}": " VS-1 ", **day})
    assert (answer.status_code, answer["Location"]) == (303, address(parcel))
    assert [(lot.code, str(lot.made_on)) for lot in ParcelLot.objects.all()] == [("VS-1", "2026-11-23")]

    answer = press(owner_client, parcel, "gui-di", hand_carrier="viettel", hand_tracking=" vtp 123 456 ")
    assert answer.status_code == 303
    page = owner_client.get(address(parcel)).content.decode()
    assert "orderNumber=VTP123456" in page
    assert 'name="step" value="handed_over"' in page

    assert press(owner_client, parcel, "da-giao").status_code == 303
    assert facts(parcel)[0] == "delivered"
    assert "dong-goi" not in owner_client.get(address(parcel)).content.decode()


def test_the_lot_used_before_is_one_choice(owner_client, cooperative, come):
    first, second = come(cooperative), come(cooperative)
    owner_client.post(address(first, "dong-goi"), {f"pack-lot-{line_of(first)}": "VS-1"})
    assert 'value="VS-1|"' in owner_client.get(address(second)).content.decode()
    press(owner_client, second, "dong-goi", pack_again="VS-1|")
    assert list(ParcelLot.objects.values_list("code", flat=True)) == ["VS-1", "VS-1"]


@pytest.mark.parametrize("fields", [{"lot": "x" * 41}, {"day": "31/02/2026"}, {"lot": "A", "day": "2099-01-01"}])
def test_lots_with_mistakes(owner_client, cooperative, come, fields):
    parcel = come(cooperative)
    before = facts(parcel)
    typed = {f"pack-{name}-{line_of(parcel)}": value for name, value in fields.items()}
    answer = owner_client.post(address(parcel, "dong-goi"), typed)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert next(iter(typed.values())) in answer.content.decode()
    assert facts(parcel) == before


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hand_carrier": "pigeon"},
        {"hand_carrier": "ghn", "hand_tracking": EVIL},
        {"hand_carrier": "ghn", "hand_tracking": "x" * 41},
        {"hand_carrier": "own", "hand_name": "x" * 61},
    ],
)
def test_handing_over_with_mistakes(owner_client, cooperative, come, fields):
    parcel = come(cooperative, "packed")
    before = facts(parcel)
    answer = press(owner_client, parcel, "gui-di", **fields)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert EVIL not in answer.content.decode()
    assert facts(parcel) == before


def test_pressed_twice_is_one_step(owner_client, cooperative, come):
    parcel = come(cooperative)
    for step, fields in [("dong-goi", {}), ("gui-di", {"hand_carrier": "own", "hand_name": EVIL}), ("da-giao", {})]:
        for _ in range(2):
            assert press(owner_client, parcel, step, **fields).status_code == 303
    assert facts(parcel)[2][-3:] == ["packed", "handed_over", "delivered"]
    assert EVIL not in owner_client.get(address(parcel)).content.decode()


def test_the_second_of_two_people_sees_what_is_true_now(owner_client, cooperative, come):
    parcel = come(cooperative, "handed_over")
    for step in ("dong-goi", "tu-choi", "bot-so-luong"):
        fields = {"reason": "x", "less-reason": "x", f"less-units-{line_of(parcel)}": "1"}
        answer = owner_client.post(address(parcel, step), fields)
        assert answer.status_code == 409, step
        page = answer.content.decode()
        assert 'role="alert"' in page
        assert f'action="{address(parcel, "da-giao")}"' in page
    assert facts(parcel)[0] == "handed_over"


def test_undo_takes_back_the_step_of_the_page_that_was_pressed(owner_client, cooperative, come):
    parcel = come(cooperative, "handed_over")
    for _ in range(2):
        assert press(owner_client, parcel, "hoan-tac", step="handed_over").status_code == 303
    assert facts(parcel)[:2] == ("packed", "")
    assert press(owner_client, parcel, "hoan-tac", step="nonsense").status_code == 409
    assert press(owner_client, parcel, "hoan-tac").status_code == 409
    assert facts(parcel)[0] == "packed"


def test_back_with_money_and_goods(owner_client, cooperative, come):
    parcel = come(cooperative, "handed_over")
    before = facts(parcel)
    for fields in ({}, {"back_why": "missed", "back_goods": "sell", "back_reason": " "}, {"back_why": "x"}):
        assert press(owner_client, parcel, "hoan-ve", **fields).status_code == 422
    assert facts(parcel) == before
    fields = {"back_why": "missed", "back_goods": "spoilt", "back_reason": "Ba lần không ai\u202e nghe"}
    assert press(owner_client, parcel, "hoan-ve", **fields).status_code == 303
    assert Refund.objects.get().amount == 220_000
    assert Consignment.objects.get().reason == "Ba lần không ai nghe"
    record = parcel.order.lines.get().stockrecord
    assert (record.num_in_stock, record.num_allocated) == (8, 0)


def test_fewer_goods(owner_client, cooperative, come):
    parcel = come(cooperative)
    units = f"less-units-{line_of(parcel)}"
    before = facts(parcel)
    for typed in ("0", "2", "3", "-1", "", "một", "9" * 30):
        answer = owner_client.post(address(parcel, "bot-so-luong"), {units: typed, "less-reason": "Mưa"})
        assert answer.status_code == 422, typed
        assert "aria-invalid" in answer.content.decode()
    assert owner_client.post(address(parcel, "bot-so-luong"), {units: "1"}).status_code == 422
    assert (facts(parcel), Reduction.objects.count()) == (before, 0)

    assert owner_client.post(address(parcel, "bot-so-luong"), {units: "1", "less-reason": EVIL}).status_code == 303
    assert Reduction.objects.get().owed == 100_000
    for page in (address(parcel), parcel.order.membership.group.get_absolute_url()):
        text = owner_client.get(page).content.decode()
        assert EVIL not in text
        assert "120.000" in text


@pytest.mark.parametrize("role", ["owner", "packer"])
def test_neighbours_parcels_do_not_exist(client, cooperative, neighbour, member, come, role):
    theirs = come(neighbour, "packed")
    client.force_login(member(cooperative, role))
    before = facts(theirs)
    for step in STEPS:
        assert press(client, theirs, step, step="packed", hand_carrier="ghn").status_code == 404
        assert client.get(address(theirs, step)).status_code in {404, 405}
    assert client.post("/ban-hang/dong-goi/", {"don": theirs.order.number}).status_code == 422
    assert facts(theirs) == before


def test_many_are_packed_with_one_press(owner_client, cooperative, neighbour, come):
    first, second, gone = come(cooperative), come(cooperative), come(cooperative, "handed_over")
    theirs = come(neighbour)
    page = owner_client.get("/ban-hang/?tab=accepted").content.decode()
    assert page.count('name="don"') == 2
    numbers = [parcel.order.number for parcel in (first, second, gone, theirs)] + ["nonsense", ""]
    answer = owner_client.post("/ban-hang/dong-goi/", {"don": numbers, "next": "/ban-hang/?tab=accepted"})
    assert (answer.status_code, answer["Location"]) == (303, "/ban-hang/?tab=accepted")
    assert [facts(parcel)[0] for parcel in (first, second, gone, theirs)] == [
        "packed", "packed", "handed_over", "accepted",
    ]  # fmt: skip
    assert owner_client.post("/ban-hang/dong-goi/", {"don": [gone.order.number]}).status_code == 409
    assert owner_client.post("/ban-hang/dong-goi/").status_code == 422


def test_search_by_what_is_at_hand(owner_client, cooperative, neighbour, order_of):
    parcel = order_of(cooperative, to=recipient(name="Nguyễn Thị Bích Đào", phone="+84907654321"))
    order_of(cooperative)
    order_of(neighbour, to=recipient(name="Nguyễn Thị Bích Đào"))
    number = parcel.order.number
    shown = f"{number[:2]}-{number[2:6]}-{number[6:]}".lower()
    for typed in ("bich dao", "ĐÀO", "0907 654 321", "+84907654321", "654321", number, shown, f"  {number[2:]} "):
        found = owner_client.get("/ban-hang/", {"q": typed}).context["panels"]
        assert [panel.consignment for panel in found] == [parcel], typed
    for typed in ("khong ai", "%", "_", "'", "x" * 500):
        assert owner_client.get("/ban-hang/", {"q": typed}).context["panels"] == []
    assert len(owner_client.get("/ban-hang/", {"q": " "}).context["panels"]) == 2


def test_the_question_whether_anything_is_new_is_cheap(
    owner_client, cooperative, neighbour, order_of, django_assert_max_num_queries
):
    order_of(cooperative)
    with django_assert_max_num_queries(4):
        first = owner_client.get("/ban-hang/hom-nay/").json()
    assert owner_client.get("/ban-hang/").context["version"] == first["version"]
    order_of(neighbour)
    assert owner_client.get("/ban-hang/hom-nay/").json() == first
    parcel = order_of(cooperative)
    second = owner_client.get("/ban-hang/hom-nay/").json()
    assert second != first
    transfer_confirm_by_hand(consignment=parcel, by="a")
    assert owner_client.get("/ban-hang/hom-nay/").json() != second
    page = owner_client.get("/ban-hang/").content.decode()
    assert f'data-latest="{parcel.pk}" data-take="1"' in page
    assert "<title>(1) " in page


def test_what_else_waits_today(client, cooperative, member, order_of, come):
    come(cooperative)
    order_of(cooperative, stock=4)
    parcel = come(cooperative, "handed_over")
    client.force_login(member(cooperative, "owner"))
    fields = {"back_why": "missed", "back_goods": "sell", "back_reason": "Vắng"}
    press(client, parcel, "hoan-ve", **fields)
    todo = client.get("/ban-hang/").context["todo"]
    assert ([row["left"] for row in todo["low"].rows], todo["refunds"], todo["lines"]) == ([2], 1, 0)
    fruit = listing_make(cooperative, title="Mận", stock=20)
    sizes_make(fruit, "túi 500 g", ("hộp 3 kg", 3_000, 270_000, 1))
    low = client.get("/ban-hang/").context["todo"]["low"].rows
    assert low == [{"title": "Mận, hộp 3 kg", "left": 1}, {"title": "Vú sữa Lò Rèn", "left": 2}]
    client.force_login(member(cooperative, "packer"))
    assert client.get("/ban-hang/").context["todo"]["refunds"] == 0


def test_cash_is_taken_at_the_door_in_its_own_ledger(owner_client, cooperative, come):
    parcel = come(cooperative, "handed_over", provider="cod")
    page = owner_client.get(address(parcel)).content.decode()
    assert f'action="{address(parcel, "giao-xong")}"' in page
    assert f'action="{address(parcel, "da-giao")}"' not in page
    assert press(owner_client, parcel, "da-giao").status_code == 409
    assert facts(parcel)[0] == "handed_over"


def test_the_buyer_follows_every_step(client, owner_client, cooperative, come):
    parcel = come(cooperative, "handed_over")
    group = parcel.order.membership.group
    url = f"{group.get_absolute_url()}{parcel.order.number}/"
    page = client.get(url).content.decode()
    assert "https://donhang.ghn.vn/?order_code=GHN12345" in page
    kinds = [step.get("kind") for step in client.get(url).context["steps"]]
    assert kinds == ["placed", "paid", "accepted", "packed", "handed_over", None]
    press(owner_client, parcel, "hoan-tac", step="handed_over")
    kinds = [step.get("kind") for step in client.get(url).context["steps"]]
    assert kinds == ["placed", "paid", "accepted", "packed", None, None]
    assert "GHN12345" not in client.get(url).content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_today_and_each_stage_in_both_languages(owner_client, cooperative, come, prefix):
    for state in ("new", "accepted", "packed", "handed_over"):
        parcel = come(cooperative, state)
        assert owner_client.get(prefix + address(parcel)).status_code == 200
    for tab in ("", "new", "accepted", "packed", "sent", "done", "ended"):
        assert owner_client.get(f"{prefix}/ban-hang/", {"tab": tab}).status_code == 200
