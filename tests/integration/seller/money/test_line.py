"""One line of the bank: which order it is for, and what a person decides."""

import pytest

from shop.fulfilment.models import Consignment
from shop.fulfilment.services import consignment_accept, order_cancel_by_buyer, transfer_confirm_by_hand
from shop.messaging.models import Message
from shop.payment.books import attempts_of, balance_of
from shop.payment.refunds.models import Refund
from shop.reconciliation.services import line_assign, line_ignore, line_return
from tests.factories.bank import transfer_of
from tests.integration.seller.money.books import line_url, received, reload, shown, snapshot
from tests.integration.seller.money.test_inbox import late, sold_out

pytestmark = pytest.mark.django_db


def place(client, line, order, **extra):
    return client.post(line_url(line, "len-don"), {"order": order.number, **extra})


def page_of(client, line, **asked):
    return client.get("/en" + line_url(line), asked)


def offered(client, line, **asked):
    """(order, why) of every order that the page offers."""
    return [(c.panel.order, c.why) for c in page_of(client, line, **asked).context["candidates"]]


def effect(client, line, order):
    return next(c.effect for c in page_of(client, line).context["candidates"] if c.panel.order == order)


def goods(consignment):
    record = consignment.order.lines.get().stockrecord
    record.refresh_from_db()
    return record.num_allocated or 0


# -- Which order --------------------------------------------------------------------------------------------------


def test_the_order_that_the_memo_names_is_chosen(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    late(consignment)
    sold_out(consignment)
    line = arrive(cooperative, transfer_of(consignment.order).memo)
    consignment.order.lines.get().stockrecord.__class__.objects.update(num_in_stock=9)
    answer = page_of(owner_client, line)
    assert answer.context["chosen"] == consignment.order.number
    assert f'value="{consignment.order.number}" checked' in answer.content.decode()


def test_orders_with_exactly_this_sum_come_before_the_latest(owner_client, cooperative, order_of, arrive):
    exact = order_of(cooperative).order
    cash = order_of(cooperative, provider="cod").order
    short = order_of(cooperative).order
    arrive(cooperative, transfer_of(short).memo, 100_000)
    line = arrive(cooperative, "chuyen tien")
    assert offered(owner_client, line) == [(cash, "sum"), (exact, "sum"), (short, "open")]
    assert page_of(owner_client, line).context["chosen"] == ""


def test_an_order_is_found_by_its_number(owner_client, cooperative, neighbour, order_of, arrive, paid_order):
    theirs = order_of(neighbour).order
    line = arrive(cooperative, "chuyen tien", 5)
    number = paid_order.order.number
    for query in (number, shown(paid_order.order).lower(), number[4:]):
        assert (paid_order.order, "search") in offered(owner_client, line, don=query), query
    for query in (theirs.number, "x", "%", "\x00", "' OR 1=1"):
        answer = page_of(owner_client, line, don=query)
        assert answer.context["found_nothing"], query
        assert theirs not in [c.panel.order for c in answer.context["candidates"]]


def test_what_would_happen_is_said_beforehand(owner_client, cooperative, order_of, arrive, paid_order):
    order = order_of(cooperative).order
    cash = order_of(cooperative, provider="cod").order
    cancelled = order_of(cooperative).order
    order_cancel_by_buyer(order=cancelled, by="+84901234567")
    exact, more, less = (arrive(cooperative, "tien", amount) for amount in (220_000, 250_000, 200_000))
    assert effect(owner_client, exact, order) == "Exactly what is missing."
    assert effect(owner_client, more, order) == "30,000\xa0₫ too much goes back to the buyer."
    assert effect(owner_client, less, order) == "20,000\xa0₫ is still missing then; the buyer is told."
    assert effect(owner_client, exact, cash) == "It was to be paid in cash. Exactly what is missing."
    twice = arrive(cooperative, transfer_of(paid_order.order).memo)
    assert effect(owner_client, twice, paid_order.order) == "Paid already: it takes no money."
    dead = arrive(cooperative, transfer_of(cancelled).memo)
    assert effect(owner_client, dead, cancelled) == "Cancelled: it takes no money."
    page = page_of(owner_client, dead).content.decode()
    assert f'value="{cancelled.number}" disabled' in page


# -- Putting it on an order ---------------------------------------------------------------------------------------


def test_put_on_an_order_once(owner_client, cooperative, order_of, open_line):
    consignment = order_of(cooperative)
    for _ in range(3):
        answer = place(owner_client, open_line, consignment.order)
        assert (answer.status_code, answer["Location"]) == (303, "/ban-hang/tien/")
    assert received(consignment) == 220_000
    person = cooperative.memberships.get().user
    assert (reload(open_line).state, open_line.handled_by) == ("placed", person.phone)
    assert reload(consignment.order).status == "confirmed"
    assert Message.objects.filter(kind="money_received").count() == 1


def test_a_number_typed_with_its_dashes(owner_client, cooperative, order_of, open_line):
    consignment = order_of(cooperative)
    answer = owner_client.post(line_url(open_line, "len-don"), {"order": shown(consignment.order).lower()})
    assert answer.status_code == 303
    assert received(consignment) == 220_000


def test_too_much_is_owed_back(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    place(owner_client, arrive(cooperative, "tien", 250_000), consignment.order)
    assert (balance_of(consignment.order).owed, Refund.objects.get().kind) == (30_000, "excess")


def test_too_little_waits_for_the_rest(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    place(owner_client, arrive(cooperative, "tien", 200_000), consignment.order)
    assert (received(consignment), reload(consignment.order).status) == (200_000, "pending")


def test_an_order_in_cash_becomes_paid(owner_client, cooperative, order_of, open_line):
    consignment = order_of(cooperative, provider="cod")
    place(owner_client, open_line, consignment.order)
    assert {row.provider: row.state for row in attempts_of(consignment.order)} == {
        "vietqr": "confirmed",
        "cod": "cancelled",
    }


def test_no_order_or_a_wrong_one_changes_nothing(owner_client, cooperative, neighbour, order_of, open_line):
    theirs = order_of(neighbour).order
    order_of(cooperative)
    before = snapshot()
    for typed in ("", "DT22222222", theirs.number, "x", "\x00", "'", "9" * 500):
        answer = owner_client.post(line_url(open_line, "len-don"), {"order": typed})
        assert answer.status_code == 422, typed
        assert 'id="order-error" role="alert"' in answer.content.decode(), typed
        assert theirs.number not in answer.content.decode()
    assert snapshot() == before


def test_an_order_that_takes_no_money(owner_client, cooperative, order_of, open_line, paid_order):
    cancelled = order_of(cooperative)
    order_cancel_by_buyer(order=cancelled.order, by="+84901234567")
    before = snapshot()
    for order in (paid_order.order, cancelled.order):
        answer = place(owner_client, open_line, order)
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()
    assert snapshot() == before


def test_two_people_decide_at_once(owner_client, cooperative, order_of, open_line):
    first, second = order_of(cooperative), order_of(cooperative)
    line_assign(line=open_line, shares={first.order: 220_000}, by="+84900000009")
    before = snapshot()
    answers = [
        place(owner_client, open_line, second.order),
        owner_client.post(line_url(open_line, "tra-lai"), {"return-reason": "x"}),
        owner_client.post(line_url(open_line, "bo-qua"), {"ignore-reason": "x"}),
    ]
    assert {answer.status_code for answer in answers} == {409}
    assert all(shown(first.order) in answer.content.decode() for answer in answers)
    assert snapshot() == before


# -- Late money ---------------------------------------------------------------------------------------------------


def test_late_money_whose_goods_are_gone(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    late(consignment)
    sold_out(consignment)
    line = arrive(cooperative, transfer_of(consignment.order).memo)
    page = page_of(owner_client, line)
    assert page.context["gone"].panel.order == consignment.order
    text = page.content.decode()
    for words in (f"The goods of {shown(consignment.order)} for Chị Thảo are gone", "Try again", "Pay back 220,000"):
        assert words in text
    before = snapshot()
    answer = place(owner_client, line, consignment.order)
    assert answer.status_code == 409
    assert (snapshot(), goods(consignment)) == (before, 0)


def test_late_money_is_tried_again_once_there_is_stock(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    late(consignment)
    sold_out(consignment)
    line = arrive(cooperative, transfer_of(consignment.order).memo)
    consignment.order.lines.get().stockrecord.__class__.objects.update(num_in_stock=2)
    assert page_of(owner_client, line).context["gone"] is None
    assert place(owner_client, line, consignment.order).status_code == 303
    assert (reload(consignment).state, goods(consignment), received(consignment)) == ("new", 2, 220_000)


# -- Back, aside, undone ------------------------------------------------------------------------------------------


def test_paid_back_needs_a_reason(owner_client, open_line):
    before = snapshot()
    for reason in ("", "  ", "x" * 301, "\x00"):
        answer = owner_client.post(line_url(open_line, "tra-lai"), {"return-reason": reason})
        assert answer.status_code == 422
        assert "aria-invalid" in answer.content.decode()
    assert snapshot() == before


def test_paid_back_is_owed_once(owner_client, cooperative, arrive):
    line = arrive(cooperative, "nham", payer_bin="970436", payer_number="0123456789", payer_name="THAO")
    for _ in range(2):
        answer = owner_client.post(line_url(line, "tra-lai"), {"return-reason": "Chuyển nhầm"})
        refund = Refund.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, f"/ban-hang/tien/tra-lai/{refund.pk}/")
    assert (refund.amount, refund.reason, refund.number, refund.kind) == (
        220_000,
        "Chuyển nhầm",
        "0123456789",
        "unplaced",
    )
    assert reload(line).state == "return"


def test_the_reason_is_what_was_found(owner_client, cooperative, paid_order, arrive):
    line = arrive(cooperative, transfer_of(paid_order.order).memo)
    form = page_of(owner_client, line).context["return_form"]
    assert form["reason"].value() == f"Came twice: {shown(paid_order.order)} is paid already"


def test_put_aside_needs_a_reason(owner_client, open_line):
    before = snapshot()
    for reason in ("", "  ", "x" * 301):
        answer = owner_client.post(line_url(open_line, "bo-qua"), {"ignore-reason": reason})
        assert answer.status_code == 422
        assert reason.strip()[:300] in answer.content.decode()
    assert snapshot() == before
    for _ in range(2):
        assert owner_client.post(line_url(open_line, "bo-qua"), {"ignore-reason": "Tiền nhà"}).status_code == 303
    assert (reload(open_line).state, open_line.note) == ("ignored", "Tiền nhà")


def test_what_was_put_on_an_order_is_taken_back(owner_client, cooperative, paid_order, arrive):
    line = paid_order.order.sources.get().attempt.line_shares.get().line
    text = page_of(owner_client, line).context["undo"]
    assert text == (
        f"The money is taken off {shown(paid_order.order)}, which waits for its money again. "
        "This line is under “To decide” again."
    )
    for _ in range(2):
        answer = owner_client.post(line_url(line, "hoan-tac"))
        assert (answer.status_code, answer["Location"]) == (303, line_url(line))
    assert (reload(line).state, received(paid_order)) == ("open", 0)
    assert reload(paid_order.order).status == "pending"


def test_goods_that_are_packed_are_not_unpaid(owner_client, cooperative, paid_order):
    line = paid_order.order.sources.get().attempt.line_shares.get().line
    consignment_accept(consignment=paid_order, by="x")
    Consignment.objects.update(state="packed")
    assert page_of(owner_client, line).context["undo"] == ""
    before = snapshot()
    assert owner_client.post(line_url(line, "hoan-tac")).status_code == 409
    assert snapshot() == before


def test_what_a_person_confirmed_stays(owner_client, cooperative, order_of, arrive):
    consignment = order_of(cooperative)
    transfer_confirm_by_hand(consignment=consignment, by="+84900000009")
    line = arrive(cooperative, transfer_of(consignment.order).memo)
    assert page_of(owner_client, line).context["row"].words.startswith("Shows what a person had confirmed")
    assert "stays paid" in page_of(owner_client, line).context["undo"]
    owner_client.post(line_url(line, "hoan-tac"))
    assert (reload(line).state, received(consignment)) == ("open", 220_000)


def test_aside_and_back_are_taken_back_too(owner_client, cooperative, arrive):
    aside, back = arrive(cooperative, "a"), arrive(cooperative, "b")
    line_ignore(line=aside, reason="x", by="x")
    line_return(line=back, reason="x", by="x")
    for line in (aside, back):
        assert page_of(owner_client, line).context["undo"]
        assert owner_client.post(line_url(line, "hoan-tac")).status_code == 303
        assert reload(line).state == "open"
    assert Refund.objects.get().state == "dropped"


def test_history_names_people_and_reasons(owner_client, cooperative, order_of, open_line):
    consignment = order_of(cooperative)
    place(owner_client, open_line, consignment.order)
    owner_client.post(line_url(open_line, "hoan-tac"))
    owner_client.post(line_url(open_line, "bo-qua"), {"ignore-reason": "Tiền nhà"})
    steps = page_of(owner_client, open_line).context["history"]
    assert [step["title"] for step in steps] == [
        "Told by SePay",
        f"Put on {shown(consignment.order)}",
        "Taken back: to decide again",
        "Not for the market",
    ]
    assert all("Lành" in step["note"] for step in steps[1:])
    assert steps[3]["note"].endswith("Tiền nhà")


def test_the_matching_has_no_name(owner_client, cooperative, paid_order):
    line = paid_order.order.sources.get().attempt.line_shares.get().line
    steps = page_of(owner_client, line).context["history"]
    assert [step["title"] for step in steps] == ["Told by SePay", f"Put on {shown(paid_order.order)}"]
    assert steps[1]["note"].endswith("by itself")


# -- Several orders -----------------------------------------------------------------------------------------------


def parts(*pairs, **extra):
    data = {"rows": str(len(pairs)), **extra}
    for n, (order, dong) in enumerate(pairs):
        data |= {f"p{n}-order": getattr(order, "number", order), f"p{n}-dong": dong}
    return data


def split(client, line, *pairs, **extra):
    return client.post(line_url(line, "chia"), parts(*pairs, **extra))


def test_split_over_two_orders_once(owner_client, cooperative, order_of, arrive):
    first, second = order_of(cooperative), order_of(cooperative)
    line = arrive(cooperative, "hai don", 420_000)
    for _ in range(2):
        answer = split(owner_client, line, (first.order, "220.000"), (second.order, "200000 đ"), ("", ""))
        assert answer.status_code == 303
    assert (received(first), received(second)) == (220_000, 200_000)
    assert reload(line).state == "placed"


def test_the_same_order_twice_gets_both_parts(owner_client, cooperative, order_of, open_line):
    consignment = order_of(cooperative)
    assert (
        split(owner_client, open_line, (consignment.order, "20000"), (consignment.order, "200000")).status_code == 303
    )
    assert received(consignment) == 220_000


@pytest.mark.parametrize(
    "sums", [("220000", "1"), ("100000", "119999"), ("219999.5", "0.5"), ("-1", "220001"), ("0", "220000")]
    + [("1e5", "120000"), ("９", "x"), ("9" * 30, "1"), ("", "220000")],
)  # fmt: skip
def test_wrong_sums_change_nothing_and_stay_typed(owner_client, cooperative, order_of, open_line, sums):
    first, second = order_of(cooperative), order_of(cooperative)
    before = snapshot()
    answer = split(owner_client, open_line, (first.order, sums[0]), (second.order, sums[1]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(f'value="{typed}"' in page for typed in (first.order.number, second.order.number))
    assert "field__error" in page
    assert snapshot() == before
    assert (received(first), received(second)) == (0, 0)


def test_the_sum_of_the_parts_is_said(owner_client, cooperative, order_of, open_line):
    order = order_of(cooperative).order
    answer = owner_client.post("/en" + line_url(open_line, "chia"), parts((order, "200000"), ("", "")))
    assert "The parts make 200,000\xa0₫, but 220,000\xa0₫ came. They must be the same." in answer.content.decode()


def test_half_a_row_and_strange_orders(owner_client, cooperative, neighbour, order_of, open_line):
    mine, theirs = order_of(cooperative).order, order_of(neighbour).order
    before = snapshot()
    for pair in ((mine, ""), ("", "220000"), (theirs, "220000"), ("DT22222222", "220000")):
        assert split(owner_client, open_line, pair, ("", "")).status_code == 422
    for rows in ("", "x", "-1", "999", "9" * 40):
        assert split(owner_client, open_line, (theirs, "220000"), rows=rows).status_code == 422
    assert owner_client.post(line_url(open_line, "chia"), {}).status_code == 422
    assert snapshot() == before


def test_one_more_row_keeps_what_was_typed(owner_client, cooperative, order_of, open_line):
    order = order_of(cooperative).order
    before = snapshot()
    answer = split(owner_client, open_line, (order, "1000"), ("abc", "x"), more="1")
    page = answer.content.decode()
    assert answer.status_code == 200
    for name, value in (("p0-order", order.number), ("p0-dong", "1000"), ("p1-order", "abc"), ("p2-order", None)):
        assert f'name="{name}"' in page
        assert value is None or f'value="{value}"' in page
    assert len(answer.context["split_form"].rows) == 3
    assert snapshot() == before


def test_a_part_that_an_order_cannot_take_stops_all_of_them(owner_client, cooperative, order_of, arrive, paid_order):
    consignment = order_of(cooperative)
    line = arrive(cooperative, "hai don", 440_000)
    before = snapshot()
    answer = split(owner_client, line, (consignment.order, "220000"), (paid_order.order, "220.000"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert all(f'value="{typed}"' in page for typed in (consignment.order.number, paid_order.order.number, "220.000"))
    assert (snapshot(), received(consignment)) == (before, 0)


def test_two_codes_are_offered_as_parts(owner_client, cooperative, order_of, arrive):
    orders = [order_of(cooperative).order for _ in range(2)]
    line = arrive(cooperative, " ".join(transfer_of(order).memo for order in orders), 430_000)
    rows = page_of(owner_client, line).context["split_form"].rows
    assert [row["dong"].value() for row in rows[:2]] == ["220,000\xa0₫", "210,000\xa0₫"]
    assert {row["order"].value() for row in rows[:2]} == {shown(order) for order in orders}
    values = [(row["order"].value(), row["dong"].value()) for row in rows[:2]]
    assert split(owner_client, line, *values).status_code == 303


# -- Cost ---------------------------------------------------------------------------------------------------------


def test_queries_do_not_grow_with_the_orders(
    owner_client, cooperative, order_of, open_line, django_assert_max_num_queries
):
    order_of(cooperative)
    with django_assert_max_num_queries(32):
        owner_client.get(line_url(open_line))
    for _ in range(6):
        order_of(cooperative)
    with django_assert_max_num_queries(32):
        owner_client.get(line_url(open_line))
