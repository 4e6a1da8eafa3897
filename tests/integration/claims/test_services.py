"""Rules of reported problems: when, how much, how often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.claims.models import Claim, ClaimPhoto
from shop.claims.rules import scope_of
from shop.claims.services import (
    ClaimError,
    claim_answer,
    claim_close,
    claim_open,
    claim_reply,
    claims_close_due,
)
from shop.core.uploads import image_clean
from shop.messaging.models import Message
from shop.payment.refunds.models import Refund
from tests.integration.seller.parcels import BY, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(delivered):
    return delivered.order


@pytest.fixture
def report(order):
    """Call it to report one broken box."""

    def make(**extra):
        values = {"kind": "broken", "lines": {order.lines.get(): 1}, "text": "Bị dập", "key": "k1", "by": BY}
        return claim_open(order=order, **(values | extra))

    return make


def answered(report, outcome="refuse", **extra):
    return claim_answer(claim=report(), outcome=outcome, text="Dạ xin lỗi", by=BY, **extra)


def code_of(error):
    return error.value.code


def later(order, **time):
    return order.consignment.events.get(kind="delivered").at + timedelta(**time)


# -- Deadlines -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fresh", "time", "code"),
    [
        (True, {"hours": 23, "minutes": 59}, ""),
        (True, {"hours": 24}, "over"),
        (False, {"hours": 25}, ""),
        (False, {"days": 6, "hours": 23}, ""),
        (False, {"days": 7}, "over"),
    ],
)
def test_deadline(order, report, fresh, time, code):
    listing = order.lines.get().product.listing
    listing.ocop_set, listing.max_transit_days = (1 if fresh else 12), None
    listing.save()
    moment = later(order, **time)
    assert scope_of(order, moment).code == code
    if code:
        with pytest.raises(ClaimError) as refused:
            report(at=moment)
        assert code_of(refused) == code
        assert not Claim.objects.exists()
    else:
        assert report(at=moment).state == "open"


def test_goods_that_bear_few_days_are_fresh(order):
    listing = order.lines.get().product.listing
    listing.ocop_set, listing.max_transit_days = 12, 2
    listing.save()
    assert scope_of(order, later(order, hours=25)).code == "over"


def test_not_before_it_has_arrived(taken):
    order = taken().order
    assert scope_of(order).code == "early"
    with pytest.raises(ClaimError) as refused:
        claim_open(order=order, kind="broken", lines={order.lines.get(): 1}, text="x", key="k", by=BY)
    assert code_of(refused) == "early"


def test_parcel_that_never_came(taken):
    consignment = taken()
    consignment.state = "handed_over"
    consignment.save()
    days = consignment.expected_to - timezone.localdate()
    assert scope_of(consignment.order).code == "early"
    moment = timezone.now() + days + timedelta(days=2)
    scope = scope_of(consignment.order, moment)
    assert (scope.code, scope.is_missing) == ("", True)
    line = consignment.order.lines.get()
    with pytest.raises(ClaimError) as refused:
        claim_open(order=consignment.order, kind="broken", lines={line: 1}, text="x", key="k", by=BY, at=moment)
    assert code_of(refused) == "kind"
    claim_open(order=consignment.order, kind="not_arrived", lines={line: 2}, text="x", key="k", by=BY, at=moment)
    assert Claim.objects.get().kind == "not_arrived"


# -- Opening -------------------------------------------------------------------------------------------------------


def test_same_page_reports_once(report):
    assert report() == report()
    assert Claim.objects.count() == 1
    assert AuditEntry.objects.filter(action="claim.open").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lines": {}}, "lines"),
        ({"units": 3}, "lines"),
        ({"units": 0}, "lines"),
        ({"kind": "ugly"}, "kind"),
        ({"text": " \u202e\x00 "}, "text"),
        ({"photos": [None] * 6}, "photos"),
    ],
)
def test_what_cannot_be_reported(order, report, change, code):
    if "units" in change:
        change = {"lines": {order.lines.get(): change["units"]}}
    with pytest.raises(ClaimError) as refused:
        report(**change)
    assert code_of(refused) == code
    assert not Claim.objects.exists()
    assert not ClaimPhoto.objects.exists()


def test_line_of_another_order(report, taken):
    with pytest.raises(ClaimError) as refused:
        report(lines={taken().order.lines.get(): 1})
    assert code_of(refused) == "lines"


def test_one_at_a_time_and_three_in_all(report):
    for number in range(3):
        claim = report(key=f"k{number}")
        with pytest.raises(ClaimError) as refused:
            report(key="other")
        assert code_of(refused) == "open"
        claim_answer(claim=claim, outcome="refuse", text="x", by=BY)
        claim_close(claim=claim, by=BY)
    with pytest.raises(ClaimError) as refused:
        report(key="k4")
    assert code_of(refused) == "many"


def test_people_who_decide_hear_of_it(cooperative, member, report):
    owner, packer = member(cooperative), member(cooperative, "packer")
    claim = report()
    assert list(Message.objects.filter(kind="seller_claim").values_list("to", flat=True)) == [owner.phone]
    assert claim.number not in Message.objects.filter(to=packer.phone)


def test_photos_are_written_anew_and_private(report, settings):
    claim = report(photos=[image_clean(jpeg())])
    file = claim.photos.get().file
    data = file.read()
    assert b"10.36" not in data
    assert str(settings.MEDIA_ROOT) not in file.path
    with pytest.raises(ValueError, match="no address"):
        _ = file.url


# -- Answers -------------------------------------------------------------------------------------------------------


def test_money_back_is_owed_once(report):
    claim = report()
    for _ in range(2):
        claim_answer(claim=claim, outcome="refund", text="Dạ hoàn", by=BY, amount=100_000)
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.kind) == (100_000, "owed", "goods")
    assert [(row.quantity, row.amount) for row in refund.lines.all()] == [(1, 100_000)]
    claim.refresh_from_db()
    assert (claim.state, claim.outcome, claim.refund) == ("answered", "refund", refund)
    body = Message.objects.get(kind="claim_answered").body
    assert "Dạ hoàn" in body
    assert "100.000" in body


def test_part_of_the_price_leaves_the_units_alone(report):
    claim_answer(claim=report(), outcome="refund", text="x", by=BY, amount=30_000)
    assert not Refund.objects.get().lines.exists()


@pytest.mark.parametrize(("amount", "code"), [(220_001, "too_much"), (0, "amount")])
def test_never_more_than_was_paid(report, amount, code):
    claim = report()
    with pytest.raises(ClaimError) as refused:
        claim_answer(claim=claim, outcome="refund", text="x", by=BY, amount=amount)
    assert code_of(refused) == code
    claim.refresh_from_db()
    assert (claim.state, claim.outcome) == ("open", "")
    assert not Refund.objects.exists()
    assert not Message.objects.filter(kind="claim_answered").exists()


def test_second_other_answer_is_refused(report):
    claim = answered(report)
    with pytest.raises(ClaimError) as refused:
        claim_answer(claim=claim, outcome="replace", text="y", by=BY)
    assert code_of(refused) == "state"
    claim.refresh_from_db()
    assert claim.outcome == "refuse"


def test_reply_once_goes_to_the_province(report):
    claim = answered(report)
    for _ in range(2):
        claim = claim_reply(claim=claim, text="Không đồng ý", by=BY)
    assert (claim.state, claim.reply) == ("escalated", "Không đồng ý")
    with pytest.raises(ClaimError):
        claim_reply(claim=claim, text="Nữa", by=BY)
    with pytest.raises(ClaimError):
        claim_close(claim=claim, by=BY)  # the buyer cannot end what the province looks at
    claim = claim_close(claim=claim, by="staff", verdict="Đã hòa giải")
    assert (claim.state, claim.verdict) == ("closed", "Đã hòa giải")
    assert Message.objects.filter(kind="claim_closed").count() == 1
    assert claim_close(claim=claim, by="staff", verdict="Khác").verdict == "Đã hòa giải"


def test_cooperative_may_think_better_of_a_refusal(report):
    claim = claim_reply(claim=answered(report), text="Không", by=BY)
    claim = claim_answer(claim=claim, outcome="refund", text="Dạ hoàn", by=BY, amount=50_000)
    assert (claim.state, claim.outcome) == ("answered", "refund")
    assert Refund.objects.get().amount == 50_000
    assert not claim.can_reply


def test_no_reply_before_an_answer(report):
    with pytest.raises(ClaimError):
        claim_reply(claim=report(), text="Nhanh", by=BY)
    with pytest.raises(ClaimError):
        claim_close(claim=report(), by=BY)


def test_answers_settle_after_a_week(report):
    claim = answered(report)
    assert claims_close_due() == 0
    Claim.objects.update(answered_at=timezone.now() - timedelta(days=7))
    assert [claims_close_due(), claims_close_due()] == [1, 0]
    claim.refresh_from_db()
    assert (claim.state, claim.closed_by) == ("closed", "clock")


def test_clock_of_the_answer(report):
    claim = report()
    assert claim.due_at - claim.created_at == timedelta(hours=48)
    assert not claim.is_late
    claim.created_at -= timedelta(hours=48)
    assert claim.is_late
