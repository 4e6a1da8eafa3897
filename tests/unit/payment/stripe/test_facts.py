"""The pure reading of what Stripe says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.payment.stripe.facts import KINDS, Facts, facts_by_kind, spread


def session(status, payment_status="unpaid", **extra):
    thing = {"id": "cs_1", "status": status, "payment_status": payment_status, "currency": "vnd"}
    return thing | {"amount_total": 120_000, "payment_intent": "pi_1"} | extra


@pytest.mark.parametrize(
    ("kind", "thing", "told"),
    [
        ("completed", session("complete", "paid"), "paid"),
        ("completed", session("complete", "unpaid"), "waiting"),
        ("completed", session("complete", "paid", currency="usd"), "mismatch"),
        ("completed", session("complete", "no_payment_required"), "waiting"),
        ("async_payment_succeeded", session("complete", "paid"), "paid"),
        ("async_payment_failed", session("complete", "unpaid"), "failed"),
        ("expired", session("expired"), "expired"),
        ("completed", session("open"), "open"),
        ("completed", {}, "ignored"),
    ],
)
def test_pages(kind, thing, told):
    facts = facts_by_kind(f"checkout.session.{kind}", thing)

    assert facts.kind == told
    assert facts.shares == ()


def test_ids_and_sum_of_a_page():
    facts = facts_by_kind("checkout.session.completed", session("complete", "paid"))
    assert (facts.session, facts.payment_intent, facts.amount) == ("cs_1", "pi_1", 120_000)


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("pi_1", "waiting"),
        ({"id": "pi_1", "status": "processing"}, "waiting"),
        ({"id": "pi_1", "status": "requires_payment_method"}, "failed"),
        ({"id": "pi_1", "status": "canceled"}, "failed"),
    ],
)
def test_slow_payment_by_its_intent(intent, told):
    facts = facts_by_kind("checkout.session.completed", session("complete", payment_intent=intent))
    assert (facts.kind, facts.payment_intent) == (told, "pi_1")


def refund(status, **extra):
    return {"id": "re_1", "amount": 5_000, "status": status, "payment_intent": "pi_1", "charge": "ch_1"} | extra


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("succeeded", "refunded"),
        ("pending", "refunded"),
        ("requires_action", "refunded"),
        ("failed", "refund_failed"),
        ("canceled", "refund_failed"),
    ],
)
@pytest.mark.parametrize("kind", ["refund.created", "refund.updated", "refund.failed", "charge.refund.updated"])
def test_refunds(kind, status, told):
    facts = facts_by_kind(kind, refund(status))

    assert (facts.kind, facts.amount, facts.refund, facts.payment_intent, facts.charge) == (
        *(told, 5_000, "re_1"),
        *("pi_1", "ch_1"),
    )


def test_refunded_charge():
    facts = facts_by_kind("charge.refunded", {"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 7_000})
    assert (facts.kind, facts.charge, facts.payment_intent, facts.amount) == ("refunded", "ch_1", "pi_1", 7_000)


@pytest.mark.parametrize(
    ("status", "taken"),
    [
        ("needs_response", True),
        ("under_review", True),
        ("lost", True),
        ("won", False),
        ("warning_needs_response", False),
        ("warning_under_review", False),
        ("warning_closed", False),
        ("prevented", False),
    ],
)
def test_disputes(status, taken):
    thing = {"id": "du_1", "amount": 9_000, "status": status, "payment_intent": "pi_1", "charge": "ch_1"}
    facts = facts_by_kind("charge.dispute.created", thing)

    assert (facts.kind, facts.dispute, facts.amount, facts.money_taken) == ("disputed", "du_1", 9_000, taken)
    assert facts_by_kind("charge.dispute.closed", thing).kind == "dispute_closed"


def test_no_dispute_takes_nothing():
    assert Facts("paid").money_taken is False


@pytest.mark.parametrize("kind", ["customer.created", "charge.succeeded", "payout.paid", "", "checkout.session"])
def test_other_news(kind):
    assert facts_by_kind(kind, {"id": "x"}).kind == "ignored"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = ["id", "status", "payment_status", "payment_intent", "charge", "amount", "amount_total", "currency", "reason"]


@given(
    kind=st.sampled_from(
        ["checkout.session.completed", "charge.refunded", "refund.updated", "charge.dispute.created", "x"]
    ),
    thing=st.dictionaries(st.sampled_from(names), junk),
)
def test_any_object_gives_facts(kind, thing):
    facts = facts_by_kind(kind, thing)

    assert facts.kind in KINDS
    assert isinstance(facts.amount, int)
    assert all(isinstance(name, str) for name in (facts.session, facts.payment_intent, facts.charge, facts.dispute))


weights = st.lists(st.integers(min_value=0, max_value=99_999_999), min_size=1, max_size=8)


@given(weights=weights, data=st.data())
def test_spread_adds_up_and_gives_nobody_more_than_his_own(weights, data):
    amount = data.draw(st.integers(min_value=0, max_value=sum(weights)))
    parts = spread(amount, weights)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@given(weights=weights)
def test_spread_of_everything(weights):
    assert spread(sum(weights), weights) == weights


@pytest.mark.parametrize("amount", [-1, 11])
def test_spread_of_more_than_there_is(amount):
    with pytest.raises(ValueError, match="more than there is"):
        spread(amount, [4, 6])


def test_spread_of_odd_dong():
    assert spread(100, [1_000, 1_000, 1_000]) == [34, 33, 33]
    assert spread(0, []) == []
