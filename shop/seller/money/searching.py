"""Finding money again: by words of the memo, by the sum, by an order's number."""

import re
from typing import Any

from django.db.models import Q

from shop.cooperatives.models import Cooperative
from shop.core.codes import clean_number
from shop.core.money import MoneyError, dong
from shop.core.text import squeeze
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine, TransferRequest
from shop.seller.money.memos import Words

LONGEST = 60
#: Lines looked through, the newest first, and hits kept.
DEPTH = 20_000
MOST = 500
MOST_REFUNDS = 20
#: Fewer characters of an order's number fit too many orders.
SHORTEST_NUMBER = 4


def query_of(request: Any) -> str:
    """What was typed into the search box."""
    return request.GET.get("q", "").strip()[:LONGEST]


def lines_found(cooperative: Cooperative, query: str) -> list[int]:
    """Keys of the incoming lines that fit, the newest first.

    Memos are folded here and not in the database: banks write them with and without marks, whole and in pieces.
    """
    if not squeeze(query):
        return []
    mine = BankLine.objects.filter(cooperative=cooperative).exclude(state__in=["out", "new"])
    number = number_like(query)
    placed = set(lines_on(cooperative, number)) if number else set()
    codes = codes_of(cooperative, number) if number else []
    wanted = sum_like(query)
    words, found = Words(query), []
    columns = ("pk", "amount", "memo", "reference", "payer_name")
    for pk, amount, memo, reference, payer in mine.values_list(*columns)[:DEPTH].iterator():
        fits = pk in placed or amount == wanted or words.are_in(memo, reference, payer)
        if fits or (codes and any(code in squeeze(memo) for code in codes)):
            found.append(pk)
            if len(found) == MOST:
                break
    return found


def refunds_found(cooperative: Cooperative, query: str) -> list[Refund]:
    """Sums to be paid back, or paid back, that fit; the newest first."""
    if not squeeze(query):
        return []
    number = number_like(query)
    condition = Q(memo=squeeze(query).upper()) | Q(amount=sum_like(query) or 0)
    if number:
        condition |= Q(order__number__contains=number)
    mine = Refund.objects.filter(cooperative=cooperative).filter(condition)
    return list(mine.select_related("order__shipping_address")[:MOST_REFUNDS])


def sum_like(query: str) -> int | None:
    """The sum that was typed, or None; never more than a database column holds."""
    try:
        value = dong(query)
    except MoneyError:
        return None
    return value if 0 < value < 10**15 else None


def number_like(query: str) -> str:
    """The order's number, or a part of it, that was typed; nothing when it cannot be one."""
    cleaned = clean_number(query)
    return cleaned if len(cleaned) >= SHORTEST_NUMBER and re.fullmatch(r"[A-Z0-9]+", cleaned) else ""


def lines_on(cooperative: Cooperative, number: str) -> Any:
    """Keys of the lines that lie on an order with this number, or did."""
    shares = BankLine.objects.filter(cooperative=cooperative, shares__attempt__source__order__number__contains=number)
    return shares.values_list("pk", flat=True)[:MOST]


def codes_of(cooperative: Cooperative, number: str) -> list[str]:
    """Memos that the buyers of orders with this number were asked to write, squeezed."""
    rows = TransferRequest.objects.filter(
        attempt__source__order__consignment__cooperative=cooperative,
        attempt__source__order__number__contains=number,
    )
    return [squeeze(memo) for memo in rows.values_list("memo", flat=True)[:20]]
