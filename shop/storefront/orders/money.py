"""An order's money in plain words: what came, what goes back, and what a person still decides.

Of a bank line a buyer sees the sum and the day, never who sent it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.payment.books import REVERSAL
from shop.payment.refunds.models import Refund
from shop.payment.stripe.provider import CODE as CARD
from shop.payment.vietqr.models import BankLine
from shop.reconciliation.services import payer_of

Transaction = get_model("payment", "Transaction")

#: Lines with an order's code that are on no order: a person decides, or has decided to send them back.
STRAY = (BankLine.State.OPEN, BankLine.State.RETURN, BankLine.State.RETURNED)


@dataclass(frozen=True)
class Repayment:
    """A sum that goes back to the buyer. ``line`` when it came with the order's code but never was the order's."""

    refund: Refund
    line: BankLine | None = None

    @property
    def is_owed(self) -> bool:
        return self.refund.state == Refund.State.OWED

    @property
    def by_card(self) -> bool:
        """Back to the card that paid."""
        return self.refund.provider == CARD

    @property
    def to_sender(self) -> bool:
        """Back to the account that the bank told us of; whose it is stays between the bank and the cooperative."""
        if self.line is None:
            return False
        sender = payer_of(self.line)
        return bool(sender) and (sender["bin"], sender["number"]) == (self.refund.bin, self.refund.number)

    @property
    def takes_account(self) -> bool:
        """Whether the buyer may say where it should go."""
        return self.is_owed and not self.by_card and not self.to_sender

    @property
    def account(self) -> str:
        """The account that was given, its number shortened: links are passed on."""
        refund = self.refund
        if self.to_sender or not refund.has_account:
            return ""
        return f"{refund.bank_name} •••• {refund.number[-4:]}, {refund.holder}"

    @property
    def reason(self) -> str:
        """Why goods are paid back, in the cooperative's words; what the card service calls it is for no buyer."""
        of_goods = self.refund.kind == Refund.Kind.GOODS and not self.refund.key.startswith("stripe:")
        return self.refund.reason if of_goods else ""


def repayments_of(order: Any, stray: Iterable[BankLine]) -> list[Repayment]:
    """What goes back or went back, what is still owed first."""
    found = [Repayment(refund) for refund in order.refunds.all()]
    found += [Repayment(line.refund, line) for line in stray if line.refund]
    standing = [row for row in found if row.refund.state != Refund.State.DROPPED]
    return sorted(standing, key=lambda row: (not row.is_owed, row.refund.pk))


def stray_lines(cooperative_ids: Iterable[int], memos: Iterable[str]) -> QuerySet[BankLine]:
    """Lines with one of the codes that are on no order; memos that a bank has broken are left to the cooperative."""
    named = reduce(or_, (Q(memo__icontains=memo) for memo in memos), Q(pk__in=[]))
    return (
        BankLine.objects.filter(named, cooperative_id__in=set(cooperative_ids), state__in=STRAY)
        .select_related("refund")
        .order_by("pk")
    )


def movements(order: Any) -> list[dict[str, Any]]:
    """Every movement of an order's money, the oldest first: ``text``, ``amount`` in dong, ``at``; ``account`` and
    ``reference`` of what was paid back."""
    refunds = {f"refund:{refund.pk}": refund for refund in order.refunds.all()}
    rows = [
        movement(entry, source.attempt.provider, refunds)
        for source in order.sources.all()
        for entry in source.transactions.all()
        if hasattr(source, "attempt")
    ]
    return sorted(rows, key=lambda row: (row["at"], row["pk"]))


def movement(entry: Any, provider: str, refunds: dict[str, Refund]) -> dict[str, Any]:
    """One transaction; only money that was paid back shows what the bank calls it."""
    key = entry.key.key if hasattr(entry, "key") else ""
    refund = refunds.get(key)
    return {
        "pk": entry.pk,
        "at": entry.date_created,
        "amount": int(entry.amount),
        "text": movement_text(entry.txn_type, refund.provider if refund else provider, key.startswith("bounced:")),
        "account": Repayment(refund).account if refund else "",
        "reference": entry.reference if entry.txn_type == Transaction.REFUND else "",
    }


def movement_text(kind: str, provider: str, bounced: bool) -> str:
    """What happened, as the buyer would say it."""
    if kind == Transaction.REFUND:
        return _("Paid back to your card") if provider == CARD else _("Paid back to you")
    if kind == REVERSAL:
        return _("Taken off again: this money was not for your order")
    if bounced:
        return _("Could not be paid back: the money is with the cooperative again")
    by_provider = {CARD: _("Paid by card"), "cod": _("Paid in cash")}
    return by_provider.get(provider, _("Received by bank transfer"))
