"""The lists: what is to be decided, in one plain sentence, and money found again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.fulfilment.services import consignment_refuse, order_cancel_by_buyer, order_expire
from shop.payment.books import attempts_of
from shop.reconciliation.services import line_ignore, line_return, line_undo
from tests.factories.bank import line_make, transfer_of
from tests.integration.seller.money.books import line_url, shown

pytestmark = pytest.mark.django_db

BY = "+84911100000"


def rows(client, **asked):
    """The rows of a list, with their sentences in the language that they are written in."""
    return client.get("/en/ban-hang/tien/", asked).context["rows"]


def words(client, **asked):
    return [row.words for row in rows(client, **asked)]


def late(consignment):
    """The order's hold ran out."""
    attempts_of(consignment.order).update(expires_at=timezone.now())
    assert order_expire(order=consignment.order)


def sold_out(consignment):
    stock = consignment.order.lines.get().stockrecord
    stock.num_in_stock = 1
    stock.save()


# -- Sentences ----------------------------------------------------------------------------------------------------


def test_paid_to_the_dong(owner_client, cooperative, paid_order):
    assert words(owner_client) == []
    (row,) = rows(owner_client, tab="done")
    assert (row.words, row.who, row.step) == (f"For {shown(paid_order.order)}", "by itself", "Details")


def test_short(owner_client, cooperative, order_of, arrive):
    order = order_of(cooperative).order
    arrive(cooperative, transfer_of(order).memo, 200_000)
    assert words(owner_client, tab="done") == [f"Short: 20,000\xa0₫ still missing for {shown(order)}"]
    arrive(cooperative, transfer_of(order).memo, 20_000)
    assert words(owner_client, tab="done") == [f"For {shown(order)}"] * 2


def test_over(owner_client, cooperative, order_of, arrive):
    order = order_of(cooperative).order
    arrive(cooperative, transfer_of(order).memo, 250_000)
    expected = f"For {shown(order)}, and more than it costs: the rest goes back to the buyer"
    assert words(owner_client, tab="done") == [expected]
    assert owner_client.get("/ban-hang/tien/").context["owed_count"] == 1


def test_twice(owner_client, cooperative, paid_order, arrive):
    arrive(cooperative, transfer_of(paid_order.order).memo)
    (row,) = rows(owner_client)
    assert (row.words, row.step, row.kind) == (
        f"Came twice: {shown(paid_order.order)} is paid already",
        "Pay it back",
        "bad",
    )


def test_cancelled_by_the_buyer(owner_client, cooperative, order_of, arrive):
    order = order_of(cooperative).order
    order_cancel_by_buyer(order=order, by="+84901234567")
    arrive(cooperative, transfer_of(order).memo)
    (row,) = rows(owner_client)
    assert (row.words, row.kind) == (f"{shown(order)} was cancelled by the buyer", "bad")


def test_refused_by_the_cooperative(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    consignment_refuse(consignment=consignment, reason="Mưa", by=BY)
    arrive(cooperative, transfer_of(consignment.order).memo)
    assert words(owner_client) == [f"{shown(consignment.order)} has ended: your cooperative did not deliver it"]


def test_late_and_sold(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    late(consignment)
    sold_out(consignment)
    arrive(cooperative, transfer_of(consignment.order).memo)
    (row,) = rows(owner_client)
    assert row.words == f"It came too late for {shown(consignment.order)}, and the goods were gone"
    assert row.step == "Try again or pay back"


def test_late_and_too_little(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    late(consignment)
    arrive(cooperative, transfer_of(consignment.order).memo, 100_000)
    assert words(owner_client) == [
        f"It came too late for {shown(consignment.order)}, and it is less than the order costs"
    ]


def test_another_cooperatives_code_tells_nothing_of_its_order(owner_client, cooperative, neighbour, order_of, arrive):
    order = order_of(neighbour).order
    arrive(cooperative, transfer_of(order).memo)
    page = owner_client.get("/en/ban-hang/tien/")
    assert [row.words for row in page.context["rows"]] == ["The code belongs to another cooperative"]
    assert shown(order) not in page.content.decode()
    assert neighbour.name not in page.content.decode()


def test_two_codes(owner_client, cooperative, order_of, arrive):
    orders = [order_of(cooperative).order for _ in range(2)]
    arrive(cooperative, " ".join(transfer_of(order).memo for order in orders), 430_000)
    (text,) = words(owner_client)
    assert text.startswith("Not sure which order: ")
    assert all(shown(order) in text for order in orders)


def test_no_code(owner_client, cooperative, order_of, arrive):
    order_of(cooperative)
    arrive(cooperative, "chuyen tien", 220_000)
    arrive(cooperative, "tien dien", 5)
    arrive(cooperative, "tra OCOP7K3M9QZ", 7)
    assert words(owner_client) == [
        "No code in the memo, but an order waits for exactly this sum",
        "No order has the code OCOP7K3M9QZ",
    ]
    assert words(owner_client, tab="uncoded") == ["No code in the memo"]


def test_what_people_decided(owner_client, cooperative, arrive):
    person = cooperative.memberships.get().user
    ignored, returned, undone = (arrive(cooperative, f"tien {n}") for n in range(3))
    line_ignore(line=ignored, reason="Tiền nhà", by=person.phone)
    line_return(line=returned, reason="Nhầm", by=person.phone)
    line_ignore(line=undone, reason="Lộn", by=person.phone)
    line_undo(line=undone, by=person.phone)
    (row,) = rows(owner_client, tab="done")
    assert (row.words, row.who) == ("Not for the market: Tiền nhà", "Lành")
    assert words(owner_client) == ["Lành took it back: please decide again."]
    assert words(owner_client, q="tien 1") == ["To be paid back: Nhầm"]


def test_told_twice(owner_client, cooperative, arrive):
    arrive(cooperative, "mua vu sua ngon", reference="FT9")
    arrive(cooperative, "mua vu sua ngon", reference="FT9", feed="statement")
    assert words(owner_client, tab="done") == ["Counted already: another source told of it before"]


def test_the_code_is_marked(owner_client, cooperative, paid_order):
    memo = transfer_of(paid_order.order).memo
    page = owner_client.get("/ban-hang/tien/?tab=done").content.decode()
    assert f'<span class="chip chip--season">{memo}</span>' in page


def test_words_of_strangers_are_text(owner_client, cooperative, arrive):
    evil = "<script>alert(1)</script>"
    line = arrive(cooperative, evil, payer_name=evil, payer_number=evil, reference=evil)
    for url in ("/ban-hang/tien/?tab=uncoded", line_url(line), f"/ban-hang/tien/?q={evil}"):
        assert evil not in owner_client.get(url).content.decode(), url


# -- Lists --------------------------------------------------------------------------------------------------------


def test_lists_count_and_turn(owner_client, cooperative, arrive, monkeypatch):
    monkeypatch.setattr("shop.seller.money.inbox.PAGE_SIZE", 2)
    lines = [arrive(cooperative, f"tien {n}", occurred_at=timezone.now() + timedelta(n)) for n in range(3)]
    answer = owner_client.get("/ban-hang/tien/", {"tab": "uncoded", "page": "2"})
    assert [row.line for row in answer.context["rows"]] == [lines[0]]
    assert {entry["name"]: entry["count"] for entry in answer.context["money_tabs"]} == {
        "decide": 0,
        "uncoded": 3,
        "done": 0,
    }
    assert "tab=uncoded&amp;page=1" in answer.content.decode()
    for page in ("0", "99", "x", ""):
        assert owner_client.get("/ban-hang/tien/", {"tab": "uncoded", "page": page}).status_code == 200


def test_an_unknown_list_is_the_first(owner_client, cooperative, paid_order):
    answer = owner_client.get("/ban-hang/tien/", {"tab": "nonsense"})
    assert (answer.context["money_tab"], answer.context["rows"]) == ("decide", [])


def test_the_menu_counts_what_waits(owner_client, cooperative, arrive, owed, order_of):
    order_of(cooperative)
    arrive(cooperative, "tien", 220_000)
    arrive(cooperative, "tien dien", 3)
    assert owner_client.get("/ban-hang/").context["workspace"].money_todo == 2


def test_what_is_not_ours_to_decide_is_left_out(owner_client, cooperative, arrive):
    fresh, out = line_make(cooperative, "moi den", 1), line_make(cooperative, "tien ra", 1, state="out")
    assert words(owner_client, tab="uncoded") == []
    for line in (fresh, out):
        assert owner_client.get(line_url(line)).status_code == 404
        assert owner_client.post(line_url(line, "bo-qua"), {"ignore-reason": "x"}).status_code == 404


# -- Searching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["tiền vú sữa", "VU SUA", "195.000", "195,000 đ", "195000", "tran van hai", "ft 77 001"]
)
def test_found_by_words_and_sums(owner_client, cooperative, arrive, query):
    line = arrive(cooperative, "Chuyen tien vu sua", 195_000, payer_name="TRẦN VĂN HẢI", reference="FT77001")
    arrive(cooperative, "tien dien", 5)
    assert [row.line for row in rows(owner_client, q=query)] == [line]


def test_found_by_the_orders_number_wherever_it_lies(owner_client, cooperative, paid_order, arrive):
    twice = arrive(cooperative, transfer_of(paid_order.order).memo)
    arrive(cooperative, "tien dien", 5)
    number = paid_order.order.number
    for query in (number, shown(paid_order.order), number[2:].lower(), number[2:6]):
        found = [row.line for row in rows(owner_client, q=query)]
        assert twice in found, query
        assert len(found) == 2, query


def test_refunds_are_found_too(owner_client, cooperative, owed):
    for query in (shown(owed.order), owed.memo, "220.000"):
        assert owner_client.get("/ban-hang/tien/", {"q": query}).context["refunds"] == [owed], query


@pytest.mark.parametrize("query", ["...", "%", "_", "' OR 1=1", "9" * 60, "\x00", "-5", "0", "kh%C3%B4ng", "x" * 500])
def test_nothing_fits(owner_client, cooperative, arrive, query):
    arrive(cooperative, "chuyen tien", 195_000)
    answer = owner_client.get("/ban-hang/tien/", {"q": query})
    assert (answer.status_code, answer.context["rows"], answer.context["refunds"]) == (200, [], [])


# -- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{}, {"tab": "done"}, {"q": "ocop"}])
def test_queries_do_not_grow_with_the_lines(
    owner_client, cooperative, order_of, arrive, django_assert_max_num_queries, asked
):
    def more():
        consignment = order_of(cooperative)
        for amount in (220_000, 220_000):
            arrive(cooperative, transfer_of(consignment.order).memo, amount)

    more()
    with django_assert_max_num_queries(18):
        owner_client.get("/ban-hang/tien/", asked)
    for _ in range(4):
        more()
    with django_assert_max_num_queries(18):
        owner_client.get("/ban-hang/tien/", asked)
