"""What a card payment has come to, read from what Stripe says. Pure: no database, no network.

Events come late, twice and in any order, so an event only names what to ask for; the facts that money is booked by
come from the object as Stripe has it at that moment.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

CURRENCY = "vnd"

#: Kinds of facts. "open": nobody has paid yet; "mismatch": paid, but not the sum that was asked (a person must look).
KINDS = (
    *("paid", "waiting", "failed", "expired", "open", "mismatch"),
    *("refunded", "refund_failed", "disputed", "dispute_closed", "ignored"),
)
SESSION_EVENTS = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
}
REFUND_EVENTS = {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
DISPUTE_EVENTS = {"charge.dispute.created": "disputed", "charge.dispute.closed": "dispute_closed"}

# https://docs.stripe.com/refunds: the money of these stays with, or came back to, the seller.
REFUND_OFF = {"failed", "canceled"}
# https://docs.stripe.com/disputes: an inquiry moves no money; these outcomes give it back.
INQUIRY = {"warning_needs_response", "warning_under_review", "warning_closed", "prevented"}


@dataclass(frozen=True)
class Share:
    """An attempt's part of a payment in dong. ``key`` names its transaction, ``reference`` is the payment's name."""

    attempt_id: int
    amount: int
    key: str
    reference: str


@dataclass(frozen=True)
class RefundFacts:
    """One refund at Stripe. ``attempt_id`` is empty when it was made by hand there over several orders."""

    refund_id: str
    amount: int
    status: str
    attempt_id: int | None = None
    #: The key that ``refund_send`` was called with; empty when it was made by hand at Stripe.
    sent_key: str = ""
    reason: str = ""

    @property
    def key(self) -> str:
        """Names the refund's transaction."""
        return f"stripe:{self.refund_id}"

    @property
    def is_off(self) -> bool:
        """The money did not reach the buyer and is with the seller again."""
        return self.status in REFUND_OFF


@dataclass(frozen=True)
class Facts:
    """What is known. Amounts in dong; ids as Stripe writes them, empty where they do not apply.

    ``shares`` are the orders' parts of the payment. They are money that arrived when the kind is "paid", "refunded",
    "refund_failed", "disputed" or "dispute_closed": book them first, a refund may be told before its payment.
    """

    kind: str
    session: str = ""
    account: str = ""
    payment_intent: str = ""
    charge: str = ""
    amount: int = 0
    shares: tuple[Share, ...] = ()
    refunds: tuple[RefundFacts, ...] = ()
    #: The refund that the event was about.
    refund: str = ""
    dispute: str = ""
    #: ``needs_response``, ``under_review``, ``won``, ``lost``, ``warning_...``
    dispute_status: str = ""
    #: The orders' parts of a disputed sum.
    parts: tuple[Share, ...] = ()
    reason: str = ""

    @property
    def money_taken(self) -> bool:
        """Of a dispute: whether the sum has left the account (and stays away, once it is closed)."""
        return bool(self.dispute) and self.dispute_status not in INQUIRY | {"won"}


SessionFacts = Facts


def event_facts(event: Any) -> Facts:
    """What a stored event is about. For a look only: ask Stripe (``event_check``) before money is booked."""
    thing = json.loads(event.payload).get("data", {}).get("object") or {}
    facts = facts_by_kind(event.kind, thing)
    return replace(facts, account=event.account)


def facts_by_kind(kind: str, thing: Mapping[str, Any]) -> Facts:
    """The same for an event's kind and object."""
    if kind in SESSION_EVENTS:
        return session_facts(thing, failed=kind.endswith("async_payment_failed"))
    if kind in REFUND_EVENTS:
        one = refund_facts(thing)
        told = "refund_failed" if one.is_off else "refunded"
        return Facts(told, refund=one.refund_id, refunds=(one,), amount=one.amount, **payment_ids(thing))
    if kind == "charge.refunded":
        ids = {**payment_ids(thing), "charge": text(thing, "id")}
        return Facts("refunded", amount=number(thing, "amount_refunded"), **ids)
    if kind in DISPUTE_EVENTS:
        return dispute_facts(thing, DISPUTE_EVENTS[kind])
    return Facts("ignored", reason="kind")


def session_facts(thing: Mapping[str, Any], *, failed: bool = False) -> Facts:
    """A payment page's state: open, expired, paid, waiting (a slow way to pay) or failed."""
    intent = thing.get("payment_intent")
    ids = {"session": text(thing, "id"), "payment_intent": id_of(intent)}
    charge = id_of(intent.get("latest_charge")) if isinstance(intent, Mapping) else ""
    amount = number(thing, "amount_total")
    status, payment = thing.get("status"), thing.get("payment_status")
    if status in ("open", "expired"):
        return Facts(status, amount=amount, **ids)
    if status != "complete":
        return Facts("ignored", reason="status", **ids)
    if payment == "paid":
        kind = "paid" if thing.get("currency") == CURRENCY else "mismatch"
    else:
        kind = "failed" if failed or intent_failed(intent) else "waiting"
    return Facts(kind, amount=amount, charge=charge, **ids)


def intent_failed(intent: Any) -> bool:
    """Whether a slow payment has come to nothing; known only from an expanded payment."""
    return isinstance(intent, Mapping) and intent.get("status") in ("requires_payment_method", "canceled")


def refund_facts(thing: Mapping[str, Any]) -> RefundFacts:
    """One refund."""
    reason = text(thing, "failure_reason")
    return RefundFacts(text(thing, "id"), number(thing, "amount"), text(thing, "status") or "pending", reason=reason)


def dispute_facts(thing: Mapping[str, Any], kind: str) -> Facts:
    """A buyer's bank takes the money back, or asks why it should not."""
    return Facts(
        kind,
        dispute=text(thing, "id"),
        dispute_status=text(thing, "status"),
        amount=number(thing, "amount"),
        reason=text(thing, "reason"),
        **payment_ids(thing),
    )


def payment_ids(thing: Mapping[str, Any]) -> dict[str, str]:
    """The payment and the charge that something belongs to."""
    return {"payment_intent": id_of(thing.get("payment_intent")), "charge": id_of(thing.get("charge"))}


def id_of(value: Any) -> str:
    """The id, whether Stripe sent it alone or the whole object."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def text(thing: Mapping[str, Any], name: str) -> str:
    """A text, or nothing."""
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def number(thing: Mapping[str, Any], name: str) -> int:
    """A whole number, or zero: dong need no decimals at Stripe either."""
    value = thing.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` dong over parts in proportion to their weights, to the dong; none gets more than its weight.

    The odd dong go to the largest remainders, the earlier part first. ``amount`` must not be above the weights' sum.
    """
    total = sum(weights)
    if not 0 <= amount <= total:
        raise ValueError("more than there is")
    if not total:
        return [0 for _ in weights]
    parts = [amount * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in order[: amount - sum(parts)]:
        parts[i] += 1
    return parts
