"""What the market's account owes each cooperative when it collects card payments for them: lines are only added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.core.dates import TZ
from shop.payment.attempts.models import Attempt
from shop.payment.books import cooperative_id_of
from shop.payment.stripe.client import StripeRefused
from shop.payment.stripe.facts import Facts, RefundFacts
from shop.payment.stripe.models import Payable, StripeTransfer

Kind = Payable.Kind


@dataclass(frozen=True)
class Statement:
    """A cooperative's lines of a span of days, in dong. ``closing`` is ``opening`` and all of ``lines``."""

    cooperative: Cooperative
    since: date
    until: date
    opening: int
    lines: tuple[Payable, ...]

    @property
    def closing(self) -> int:
        return self.opening + sum(line.amount for line in self.lines)

    @property
    def totals(self) -> dict[str, int]:
        """Dong by kind; every kind is there."""
        return {kind: sum(line.amount for line in self.lines if line.kind == kind) for kind in Kind.values}


@transaction.atomic
def payable_add(*, attempt: Attempt, amount: int, kind: str, key: str, by: str, reference: str = "") -> Payable:
    """Write a line for an attempt's cooperative; the same ``key`` once. StripeRefused("key_used") for another sum."""
    if not amount or kind not in Kind.values:
        raise StripeRefused("amount" if kind in Kind.values else "kind")
    wanted = {"amount": amount, "kind": kind, "attempt": attempt, "order": attempt.source.order}
    wanted |= {"cooperative_id": cooperative_id_of(attempt.source.order)}
    return line_add(key, wanted | {"reference": reference, "by": by})


@transaction.atomic
def payout_record(*, cooperative: Cooperative, amount: int, reference: str, by: str) -> Payable:
    """Write down a bank transfer of ``amount`` dong to a cooperative under the bank's ``reference``, once.

    StripeRefused: ``amount``, ``reference``, ``too_much`` (more than is owed), ``key_used``.
    """
    locked = cooperative_lock(cooperative)
    reference = reference.strip()[:100]
    if amount <= 0:
        raise StripeRefused("amount")
    if not reference:
        raise StripeRefused("reference")
    key = f"payout:{locked.pk}:{reference}"
    wanted = {"cooperative": locked, "amount": -amount, "kind": Kind.PAYOUT, "reference": reference, "by": by}
    if Payable.objects.filter(key=key).exists():
        return line_add(key, wanted)
    if amount > available(locked):
        raise StripeRefused("too_much")
    line = line_add(key, wanted)
    entry_add(
        action="payout.recorded",
        subject=f"payout:{line.pk}",
        by=by,
        scope=f"cooperative:{locked.pk}",
        after={"amount": amount, "reference": reference},
    )
    return line


@transaction.atomic
def payables_apply(facts: Facts, *, by: str) -> list[Payable]:
    """Bring the ledger in line with what Stripe says of a payment; again and in any order gives the same lines.

    Nothing for a payment that went to a cooperative's own account.
    """
    if facts.account or facts.kind not in ("paid", "refunded", "refund_failed", "disputed", "dispute_closed"):
        return []
    attempts = Attempt.objects.select_related("source__order").in_bulk([share.attempt_id for share in facts.shares])
    wanted = [(share.attempt_id, share.amount, Kind.CHARGED, f"charged:{share.key}") for share in facts.shares]
    for refund in facts.refunds:
        wanted += refund_lines(refund)
    wanted += dispute_lines(facts)
    return [
        payable_add(
            attempt=attempts[attempt_id],
            amount=amount,
            kind=kind,
            key=key,
            reference=facts.dispute or facts.payment_intent,
            by=by,
        )
        for attempt_id, amount, kind, key in wanted
        if attempt_id in attempts and amount
    ]


Wanted = tuple[int | None, int, str, str]


def refund_lines(refund: RefundFacts) -> Iterable[Wanted]:
    """A refund takes its sum off; one that failed gives it back, when it had been taken off."""
    key = f"refunded:{refund.refund_id}"
    if not refund.is_off:
        yield refund.attempt_id, -refund.amount, Kind.REFUNDED, key
    elif Payable.objects.filter(key=key).exists():
        yield refund.attempt_id, refund.amount, Kind.REFUNDED, f"refund-failed:{refund.refund_id}"


def dispute_lines(facts: Facts) -> Iterable[Wanted]:
    """A dispute takes its parts off; one that ended well gives them back, when they had been taken off."""
    for part in facts.parts:
        key = f"disputed:{part.key}"
        if facts.money_taken:
            yield part.attempt_id, -part.amount, Kind.DISPUTED, key
        elif Payable.objects.filter(key=key).exists():
            yield part.attempt_id, part.amount, Kind.DISPUTED, f"dispute-won:{part.key}"


# -- Reading ------------------------------------------------------------------------------------------------------


def payables_balance(cooperative: Cooperative) -> int:
    """Dong that the market owes a cooperative; below zero when money went back after it had been paid out."""
    return int(Payable.objects.filter(cooperative=cooperative).aggregate(dong=Sum("amount"))["dong"] or 0)


def available(cooperative: Cooperative) -> int:
    """The balance less transfers that are under way: the most that may be paid out."""
    under_way = StripeTransfer.objects.filter(cooperative=cooperative, state=StripeTransfer.State.NEW)
    return payables_balance(cooperative) - int(under_way.aggregate(dong=Sum("amount"))["dong"] or 0)


def statement_of(cooperative: Cooperative, since: date, until: date) -> Statement:
    """The lines from the first day to the last, both included, by the calendar of Viet Nam."""
    first, end = day_start(since), day_start(until + timedelta(days=1))
    lines = Payable.objects.filter(cooperative=cooperative).select_related("order")
    before = lines.filter(created_at__lt=first).aggregate(dong=Sum("amount"))["dong"]
    within = lines.filter(created_at__gte=first, created_at__lt=end).order_by("created_at", "pk")
    return Statement(cooperative, since, until, int(before or 0), tuple(within))


def day_start(day: date) -> datetime:
    """Midnight in Viet Nam."""
    return datetime.combine(day, time.min, TZ)


# -- Lines --------------------------------------------------------------------------------------------------------


def cooperative_lock(cooperative: Cooperative) -> Cooperative:
    """The cooperative, its row locked until the transaction ends: payouts of one cooperative happen one by one."""
    return Cooperative.objects.select_for_update(of=("self",)).get(pk=cooperative.pk)


def line_add(key: str, wanted: dict) -> Payable:
    """The line of this key, written by the first who says so."""
    by, reference = wanted["by"][:254], wanted["reference"][:100]
    line, created = Payable.objects.get_or_create(key=key, defaults=wanted | {"by": by, "reference": reference})
    if not created and line.amount != wanted["amount"]:
        raise StripeRefused("key_used")
    return line
