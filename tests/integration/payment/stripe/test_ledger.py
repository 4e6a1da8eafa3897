"""What one account owes the cooperatives: to the dong, whatever is told and how often."""

import random
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from shop.payment.stripe.models import Payable
from shop.payment.stripe.services import (
    StripeRefused,
    account_link,
    event_check,
    event_store,
    payable_add,
    payables_apply,
    payables_balance,
    payout_record,
    refund_send,
    refunds_check,
    session_check,
    statement_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(paid):
    """Both orders were paid together, and it is in the ledger."""
    session = paid()
    payables_apply(session_check(session), by="stripe")
    session.refresh_from_db()
    return session


def balances(cooperatives):
    return [payables_balance(cooperative) for cooperative in cooperatives]


def payout(cooperative, amount, reference="FT1"):
    return payout_record(cooperative=cooperative, amount=amount, reference=reference, by="operator")


def test_payment_is_owed_to_each(cooperatives, attempts, settled):
    assert balances(cooperatives) == [120_000, 220_000]
    line = Payable.objects.first()
    assert (line.kind, line.attempt, line.order) == ("charged", attempts[0], attempts[0].source.order)
    assert (line.reference, line.by) == (settled.payment_intent, "stripe")


def test_again_changes_nothing(cooperatives, settled):
    payables_apply(session_check(settled), by="stripe")

    assert balances(cooperatives) == [120_000, 220_000]
    assert Payable.objects.count() == 2


@pytest.mark.parametrize("card", ["later", "4000000000000002"])
def test_nothing_before_the_money(cooperatives, paid, card):
    assert payables_apply(session_check(paid(card=card)), by="stripe") == []
    assert balances(cooperatives) == [0, 0]


def test_refund(attempts, cooperatives, settled):
    refund_send(attempt=attempts[1], amount=20_000, key="r1", by="x")
    payables_apply(refunds_check(settled), by="stripe")
    payables_apply(refunds_check(settled), by="stripe")

    assert balances(cooperatives) == [120_000, 200_000]


def test_refund_that_failed_later(double, attempt, cooperatives, settled):
    sent = refund_send(attempt=attempt, amount=20_000, key="r1", by="x")
    payables_apply(refunds_check(settled), by="stripe")
    double.refund_finish(sent, "failed")
    payables_apply(refunds_check(settled, sent), by="stripe")
    payables_apply(refunds_check(settled, sent), by="stripe")

    assert balances(cooperatives) == [120_000, 220_000]
    assert [line.amount for line in Payable.objects.filter(kind="refunded")] == [-20_000, 20_000]


def test_refund_that_never_arrived_leaves_no_line(double, attempt, cooperatives, settled):
    sent = refund_send(attempt=attempt, amount=20_000, key="r1", by="x")
    double.refund_finish(sent, "failed")
    payables_apply(refunds_check(settled, sent), by="stripe")

    assert balances(cooperatives) == [120_000, 220_000]
    assert not Payable.objects.filter(kind="refunded").exists()


def test_refund_by_hand_over_two_orders_waits_for_a_person(cooperatives, client_of, settled):
    client_of.v1.refunds.create({"payment_intent": settled.payment_intent, "amount": 1_000})
    payables_apply(refunds_check(settled), by="stripe")

    assert balances(cooperatives) == [120_000, 220_000]


@pytest.fixture
def hear(double):
    """Stored, asked about, and put into the ledger."""

    def heard(event):
        payload, signature = double.signed(event)
        stored = event_store(payload=payload, signature=signature)
        return payables_apply(event_check(stored), by="stripe")

    return heard


def test_dispute_lost(double, cooperatives, settled, hear):
    dispute = double.dispute_open(settled.payment_intent, amount=340_000)
    hear(double.events_of("charge.dispute.created")[-1])
    assert balances(cooperatives) == [0, 0]

    double.dispute_close(dispute["id"], "lost")
    hear(double.events_of("charge.dispute.closed")[-1])
    assert balances(cooperatives) == [0, 0]


def test_dispute_won(double, cooperatives, settled, hear):
    dispute = double.dispute_open(settled.payment_intent, amount=34_000)
    hear(double.events_of("charge.dispute.created")[-1])
    assert balances(cooperatives) == [108_000, 198_000]

    double.dispute_close(dispute["id"], "won")
    hear(double.events_of("charge.dispute.closed")[-1])
    assert balances(cooperatives) == [120_000, 220_000]


def test_question_of_the_bank(double, cooperatives, settled, hear):
    double.dispute_open(settled.payment_intent, status="warning_needs_response")
    hear(double.events_of("charge.dispute.created")[-1])

    assert balances(cooperatives) == [120_000, 220_000]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_the_news(double, attempts, cooperatives, paid, hear, seed):
    session = paid()
    session_check(session)
    session.refresh_from_db()
    refund_send(attempt=attempts[0], amount=20_000, key="r1", by="x")
    failed = refund_send(attempt=attempts[1], amount=30_000, key="r2", by="x")
    double.refund_finish(failed, "failed")
    dispute = double.dispute_open(session.payment_intent, amount=34_000)
    double.dispute_close(dispute["id"], "lost")
    events = [event for event in double.events for _ in range(2)]
    random.Random(seed).shuffle(events)

    for event in events:
        hear(event)

    assert balances(cooperatives) == [120_000 - 20_000 - 12_000, 220_000 - 22_000]


def test_own_accounts_owe_nothing(double, attempt, cooperatives, settings, paid):
    settings.STRIPE_COLLECTS = "order"
    double.account_add("acct_1")
    account_link(cooperative=cooperatives[0], account_id="acct_1", by="operator")

    assert payables_apply(session_check(paid(attempt)), by="stripe") == []
    assert not Payable.objects.exists()


# -- Payouts ------------------------------------------------------------------------------------------------------


def test_payout(cooperatives, settled):
    line = payout(cooperatives[0], 100_000, " FT1 ")

    assert (line.amount, line.kind, line.reference, line.by) == (-100_000, "payout", "FT1", "operator")
    assert balances(cooperatives) == [20_000, 220_000]


def test_payout_told_twice(cooperatives, settled):
    assert payout(cooperatives[0], 100_000) == payout(cooperatives[0], 100_000)
    assert balances(cooperatives) == [20_000, 220_000]


def test_same_reference_for_another_sum(cooperatives, settled):
    payout(cooperatives[0], 100_000)

    with pytest.raises(StripeRefused, match="key_used"):
        payout(cooperatives[0], 20_000)
    assert balances(cooperatives) == [20_000, 220_000]


def test_payout_never_above_the_balance(cooperatives, settled):
    payout(cooperatives[0], 119_999)

    with pytest.raises(StripeRefused, match="too_much"):
        payout(cooperatives[0], 2, "FT2")
    assert payout(cooperatives[0], 1, "FT2")
    assert balances(cooperatives) == [0, 220_000]


def test_payout_after_a_refund_made_a_debt(attempt, cooperatives, settled):
    payout(cooperatives[0], 120_000)
    refund_send(attempt=attempt, amount=20_000, key="r1", by="x")
    payables_apply(refunds_check(settled), by="stripe")

    assert payables_balance(cooperatives[0]) == -20_000
    with pytest.raises(StripeRefused, match="too_much"):
        payout(cooperatives[0], 1, "FT2")


@pytest.mark.parametrize(("amount", "reference", "code"), [(0, "FT", "amount"), (-1, "FT", "amount"), (1, " ", "ref")])
def test_payout_of_nothing(cooperatives, settled, amount, reference, code):
    with pytest.raises(StripeRefused, match=code):
        payout(cooperatives[0], amount, reference)
    assert balances(cooperatives) == [120_000, 220_000]


def test_line_of_nothing(attempt):
    with pytest.raises(StripeRefused, match="amount"):
        payable_add(attempt=attempt, amount=0, kind="charged", key="k", by="x")
    with pytest.raises(StripeRefused, match="kind"):
        payable_add(attempt=attempt, amount=1, kind="gift", key="k", by="x")
    assert not Payable.objects.exists()


def test_database_refuses_a_line_of_nothing(cooperatives):
    with pytest.raises(IntegrityError), transaction.atomic():
        Payable.objects.create(cooperative=cooperatives[0], amount=0, kind="charged", key="k")


# -- Statements ---------------------------------------------------------------------------------------------------


def test_statement(cooperatives, settled):
    """Days are days of Viet Nam: 17:00 UTC is midnight there."""
    cooperative = cooperatives[0]
    payout(cooperative, 50_000, "FT1")
    payout(cooperative, 30_000, "FT2")
    moments = [
        ("charged", datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC)),
        ("FT1", datetime(2026, 10, 31, 17, 0, tzinfo=UTC)),
        ("FT2", datetime(2026, 11, 30, 17, 0, tzinfo=UTC)),
    ]
    for name, moment in moments:
        field = "kind" if name == "charged" else "reference"
        Payable.objects.filter(cooperative=cooperative, **{field: name}).update(created_at=moment)

    statement = statement_of(cooperative, date(2026, 11, 1), date(2026, 11, 30))

    assert (statement.opening, statement.closing) == (120_000, 70_000)
    assert [line.reference for line in statement.lines] == ["FT1"]
    assert statement.totals == {"charged": 0, "refunded": 0, "disputed": 0, "payout": -50_000, "transfer": 0}
    later = statement_of(cooperative, date(2026, 12, 1), date(2026, 12, 31))
    assert (later.opening, later.closing) == (70_000, payables_balance(cooperative))
