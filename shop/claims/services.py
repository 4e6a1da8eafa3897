"""Reports of buyers: opened, answered, replied to, settled. One function each, safe to call twice."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from shop.audit.services import entry_add
from shop.claims.deadlines import SETTLE
from shop.claims.models import Claim, ClaimLine, ClaimPhoto
from shop.claims.rules import scope_of
from shop.cooperatives.models import Membership
from shop.core.codes import display_number, token
from shop.core.money import format_dong
from shop.core.plain import plain_text
from shop.notices.services import order_tell, staff_tell
from shop.payment.books import order_lock
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import RefundError, line_dong, refund_owe, units_left

#: Characters of one text, photos of one report.
TEXT_LIMIT, MOST_PHOTOS = 1000, 5


class ClaimError(Exception):
    """The step does not follow. ``code``: of a Scope (``early``, ``over``, ``open``, ``ended``, ``many``), ``lines``,
    ``kind``, ``text``, ``photos``, ``state``, ``amount``, ``too_much`` (``limit`` dong at most)."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@transaction.atomic
def claim_open(
    *,
    order: Any,
    kind: str,
    lines: Mapping[Any, int],
    text: str,
    key: str,
    by: str,
    photos: Sequence[ContentFile] = (),
    at: datetime | None = None,
) -> Claim:
    """The buyer reports a problem with these units; ``photos`` are clean already. The same ``key`` reports once."""
    locked = order_lock(order)
    known = Claim.objects.filter(key=key).first()
    if known:
        return known
    scope = scope_of(locked, at)
    if scope.code:
        raise ClaimError(scope.code)
    text = plain_text(text, TEXT_LIMIT)
    check(scope, kind, lines, text, photos)
    claim = Claim.objects.create(
        number=number_new(),
        key=key,
        order=locked,
        cooperative_id=locked.consignment.cooperative_id,
        kind=kind,
        text=text,
    )
    for line, quantity in sorted(lines.items(), key=lambda row: row[0].pk):
        ClaimLine.objects.create(claim=claim, order_line=line, quantity=quantity)
    for photo in photos:
        ClaimPhoto.objects.create(claim=claim, file=photo)
    claim_announce(claim)
    log("claim.open", claim, by, kind=kind, photos=len(photos))
    return claim


def check(scope: Any, kind: str, lines: Mapping[Any, int], text: str, photos: Sequence[Any]) -> None:
    """Raise ClaimError for what the report may not say."""
    known = {row.line.pk: row.line.quantity for row in scope.lines}
    if not lines or any(not 1 <= quantity <= known.get(line.pk, 0) for line, quantity in lines.items()):
        raise ClaimError("lines")
    missing = kind == Claim.Kind.NOT_ARRIVED
    if kind not in Claim.Kind.values or (scope.is_missing and not missing):
        raise ClaimError("kind")
    if not text:
        raise ClaimError("text")
    if len(photos) > MOST_PHOTOS:
        raise ClaimError("photos")


@transaction.atomic
def claim_answer(*, claim: Claim, outcome: str, text: str, by: str, amount: int = 0) -> Claim:
    """The cooperative answers: ``amount`` dong go back, new goods come, or it refuses and says why.

    The same answer twice is one. Until the money is promised it may think better of a refusal that the buyer took to
    the province. Never more than the order has left (ClaimError ``too_much``).
    """
    locked = claim_lock(claim)
    text = plain_text(text, TEXT_LIMIT)
    if outcome not in Claim.Outcome.values:
        raise ClaimError("kind")
    if not locked.can_answer:
        if (locked.outcome, locked.answer) == (outcome, text):
            return locked
        raise ClaimError("state")
    if not text:
        raise ClaimError("text")
    if outcome == Claim.Outcome.REFUND:
        locked.refund, locked.amount = refund_for(locked, amount, text, by), amount
    locked.outcome, locked.answer = outcome, text
    locked.answered_by, locked.answered_at = by[:254], timezone.now()
    locked.state = Claim.State.ANSWERED
    locked.save()
    sum_text = format_dong(locked.amount) if outcome == Claim.Outcome.REFUND else ""
    order_tell(
        order=locked.order,
        kind="claim_answered",
        key=f"claim-{locked.pk}-{outcome}",
        values={"answer": text[:160], "sum": sum_text},
        about_money=bool(sum_text),
    )
    log("claim.answer", locked, by, outcome=outcome, amount=locked.amount)
    return locked


def refund_for(claim: Claim, amount: int, text: str, by: str) -> Refund:
    """What is owed for it; the units count as paid back only when their whole price goes back."""
    units = {row.order_line: row.quantity for row in claim.lines.select_related("order_line").order_by("pk")}
    whole = amount == sum(line_dong(line, quantity) for line, quantity in units.items())
    free = all(quantity <= units_left(line) for line, quantity in units.items())
    try:
        return refund_owe(
            order=claim.order,
            amount=amount,
            kind=Refund.Kind.GOODS,
            key=f"claim:{claim.pk}",
            by=by,
            reason=f"{claim.number}: {text}".rstrip("."),
            lines=units if whole and free else None,
        )
    except RefundError as error:
        raise ClaimError("too_much" if error.code == "too_much" else "amount", error.limit) from error


@transaction.atomic
def claim_reply(*, claim: Claim, text: str, by: str) -> Claim:
    """The buyer does not agree with the answer: once, and the province's staff look at it from here on."""
    locked = claim_lock(claim)
    text = plain_text(text, TEXT_LIMIT)
    if locked.reply and locked.reply == text:
        return locked
    if not locked.can_reply:
        raise ClaimError("state")
    if not text:
        raise ClaimError("text")
    locked.reply, locked.replied_at, locked.state = text, timezone.now(), Claim.State.ESCALATED
    locked.save(update_fields=["reply", "replied_at", "state"])
    log("claim.escalate", locked, by)
    return locked


@transaction.atomic
def claim_close(*, claim: Claim, by: str, verdict: str = "") -> Claim:
    """It is settled: the buyer says so, the time for a reply is over, or the province decided (with a ``verdict``)."""
    locked = claim_lock(claim)
    if locked.is_settled:
        return locked
    verdict = plain_text(verdict, TEXT_LIMIT)
    if locked.state == Claim.State.OPEN or (locked.state == Claim.State.ESCALATED and not verdict):
        raise ClaimError("state" if locked.state == Claim.State.OPEN else "text")
    locked.state, locked.verdict = Claim.State.CLOSED, verdict
    locked.closed_by, locked.closed_at = by[:254], timezone.now()
    locked.save(update_fields=["state", "verdict", "closed_by", "closed_at"])
    if verdict:
        order_tell(
            order=locked.order, kind="claim_closed", key=f"claim-{locked.pk}-closed", values={"answer": verdict[:160]}
        )
    log("claim.close", locked, by)
    return locked


def claims_close_due(limit: int = 200) -> int:
    """Settle the answers that no buyer has said anything to for a week; how many."""
    due = Claim.objects.filter(state=Claim.State.ANSWERED, answered_at__lte=timezone.now() - SETTLE)
    rows = list(due.order_by("pk")[:limit])
    for claim in rows:
        claim_close(claim=claim, by="clock")
    return len(rows)


# -- Parts ---------------------------------------------------------------------------------------------------------


def claim_lock(claim: Claim) -> Claim:
    """The report behind its order's lock."""
    order_lock(claim.order)
    rows = Claim.objects.select_for_update(of=("self",))
    return rows.select_related("order__consignment__cooperative", "cooperative").get(pk=claim.pk)


def number_new() -> str:
    """A number for the telephone: "KN" (complaint) and 6 characters."""
    number = "KN" + token(6)
    while Claim.objects.filter(number=number).exists():
        number = "KN" + token(6)
    return number


def claim_announce(claim: Claim) -> None:
    """Whoever decides in the cooperative hears of it at once: the clock runs."""
    people = Membership.objects.filter(
        cooperative=claim.cooperative, role__in=[Membership.Role.OWNER, Membership.Role.SELLER], user__is_active=True
    )
    with override(settings.LANGUAGE_CODE):
        body = gettext("A buyer reports a problem with order %(number)s. Please answer within 48 hours: %(link)s") % {
            "number": display_number(claim.order.number),
            "link": settings.SITE_URL + reverse("seller:claim", kwargs={"number": claim.number}),
        }
    staff_tell(people=people.select_related("user"), kind="seller_claim", body=body, key=f"seller-claim-{claim.pk}")


def log(action: str, claim: Claim, by: str, **facts: Any) -> None:
    """The audit trail of the cooperative."""
    entry_add(
        action=action,
        subject=f"claim:{claim.number}",
        by=by,
        scope=f"cooperative:{claim.cooperative_id}",
        after={"order": claim.order.number, "state": claim.state, **facts},
    )
