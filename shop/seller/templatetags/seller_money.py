"""What an order's page in the workspace says about its money."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.payment.books import REVERSAL, Balance, balance_of, signed
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import LineShare
from shop.seller.money.words import left_by_bank

Transaction = get_model("payment", "Transaction")
register = template.Library()
ORDER_NUMBER = re.compile(r"\bDT(?:-[0-9A-Z]{4}){2}\b")


@dataclass(frozen=True)
class Entry:
    """One movement of an order's money; ``amount`` in dong, less than nothing when it left."""

    title: str
    at: datetime
    who: str
    amount: int
    line_pk: int | None = None


@dataclass(frozen=True)
class OrderMoney:
    """The movements, what is promised back or was paid back, and the sums."""

    entries: list[Entry]
    refunds: list[Refund]
    balance: Balance


@register.filter
def whole_numbers(text: str) -> SafeString:
    """A sentence whose order numbers are not broken at the end of a line."""
    return mark_safe(ORDER_NUMBER.sub(r'<span class="num">\g<0></span>', conditional_escape(text)))  # noqa: S308  escaped


@register.simple_tag
def order_money(panel: Any) -> OrderMoney:
    """``{% order_money panel as money %}``: how the money of an order came and went; four queries."""
    moved = Transaction.objects.filter(source__order=panel.order).select_related("key").order_by("pk")
    shares = LineShare.objects.filter(attempt__source__order=panel.order, undone_at=None, proves=True)
    proofs = list(shares.values_list("line_id", flat=True))
    entries = [entry_of(panel, row, proofs) for row in moved]
    refunds = Refund.objects.filter(order=panel.order).exclude(state=Refund.State.DROPPED).order_by("pk")
    return OrderMoney(entries, list(refunds), balance_of(panel.order))


def entry_of(panel: Any, row: Any, proofs: list[int]) -> Entry:
    """A transaction with the bank line behind it, if there is one."""
    key = getattr(row, "key", None)
    name, by = (key.key, key.by) if key else ("", "")
    kind, _sign, rest = name.partition(":")
    line_pk = int(rest.partition(":")[0]) if kind == "line" else None
    if kind == "by-hand" and proofs:
        line_pk = proofs[0]
    who = _("by itself") if left_by_bank(by) else panel.name_of(by)
    return Entry(title_of(row.txn_type, kind), row.date_created, who, signed(row), line_pk)


def title_of(kind: str, source: str) -> str:
    """What a movement is called."""
    if kind == REVERSAL:
        return _("Taken off again")
    if kind == Transaction.REFUND:
        return _("Paid back")
    titles = {"line": _("Bank transfer"), "by-hand": _("Confirmed by a person"), "cash": _("Cash at the door")}
    return titles.get(source, _("Card") if source == "stripe" else _("Money received"))
