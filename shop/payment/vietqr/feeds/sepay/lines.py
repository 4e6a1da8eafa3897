"""One transaction, as SePay's webhook and as its interface tell it.

The webhook numbers transactions (``"id": 92704``), version 2 of the interface names them by UUID, and nothing that
SePay publishes leads from one to the other. Its own guide compares by the bank's reference. So the id that both
share is made here, from the facts that both tell alike: otherwise polling would count every payment twice.
"""

import hashlib
from typing import Any

from shop.core.text import squeeze
from shop.payment.vietqr.feeds import javascript
from shop.payment.vietqr.feeds.base import FeedError, Line
from shop.payment.vietqr.feeds.reading import MAX_MEMO, account, dong, moment, text, whole

_MAX_ID = 10**18


def told_by_webhook(payload: dict[str, Any], raw: str) -> Line:
    """The line of a webhook's body. Raises :class:`FeedError`."""
    if whole(payload, "id", _MAX_ID) <= 0:
        raise FeedError("malformed", "id")
    way = text(payload, "transferType", 10, required=True)
    if way not in ("in", "out"):
        raise FeedError("malformed", "transferType")
    return _line(
        payload,
        names=("accountNumber", "subAccount", "content", "transactionDate", "referenceCode"),
        amount=dong(payload, "transferAmount"),
        incoming=way == "in",
        raw=raw,
    )


def told_by_list(row: dict[str, Any]) -> Line | None:
    """The line of a row of ``GET /v2/transactions``; None when no money moved. Raises :class:`FeedError`."""
    text(row, "id", 64, required=True)
    received, sent = whole(row, "amount_in"), whole(row, "amount_out")
    if received == 0 == sent:
        return None
    if min(received, sent) != 0 or row.get("transfer_type") not in (None, "", "in" if received else "out"):
        raise FeedError("malformed", "transfer_type")
    return _line(
        row,
        names=("account_number", "va", "transaction_content", "transaction_date", "reference_number"),
        amount=received or sent,
        incoming=received > 0,
        raw=javascript.stringify(row),
    )


def _line(row: dict[str, Any], *, names: tuple[str, ...], amount: int, incoming: bool, raw: str) -> Line:
    number, virtual, memo, date, reference = names
    facts = {
        "account": account(row, number, required=True),
        "amount": amount,
        "incoming": incoming,
        "memo": text(row, memo, MAX_MEMO),
        "occurred_at": moment(row, date),
        "reference": text(row, reference, 100),
    }
    return Line(foreign_id=_identity(**facts), virtual_account=account(row, virtual), raw=raw, **facts)


def _identity(**facts: Any) -> str:
    """64 hexadecimal characters. The memo counts only where the bank gave no reference: banks may cut it."""
    seconds = int(facts["occurred_at"].timestamp())
    what = f"ref {facts['reference']}" if facts["reference"] else f"memo {squeeze(facts['memo'])}"
    told = f"{facts['account']}|{facts['incoming']:d}|{facts['amount']}|{seconds}|{what}"
    return hashlib.sha256(told.encode()).hexdigest()
