"""After the killing: what the outside world was told against what the books say. Every sentence found is a fault."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import Sum
from django_tasks_db.models import DBTaskResult
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.audit.verification import Walk, scopes_all
from shop.checkout.models import GroupOrder, OrderGroup
from shop.messaging.models import Message
from shop.messaging.services import messages_stuck
from shop.order.models import Order
from shop.payment.attempts.models import TransactionKey
from shop.payment.books import balance_of
from shop.payment.vietqr.models import BankLine, LineShare, TransferRequest
from tests.concurrency.nursery_load import Ledger, Purchase, code_of

OrderLine = get_model("order", "Line")
StockRecord = get_model("partner", "StockRecord")
Transaction = get_model("payment", "Transaction")


def faults(ledger: Ledger, file: Path) -> list[str]:
    """Everything that is not as it must be; empty when all is well."""
    parts = (purchases(ledger), orders(), stock(), lines(ledger), money(ledger), messages(file), trail(), tasks())
    return [*ledger.troubles, *(fault for part in parts for fault in part)]


def purchases(ledger: Ledger) -> Iterator[str]:
    """Each guest has the one purchase that the answer named, with every order in it."""
    for purchase in ledger.purchases:
        yield from purchase_check(purchase)
    if OrderGroup.objects.count() != len(ledger.purchases):
        yield f"{len(ledger.purchases)} guests made {OrderGroup.objects.count()} purchases"


def purchase_check(purchase: Purchase) -> Iterator[str]:
    made = list(OrderGroup.objects.filter(basket=purchase.basket))
    if [group.code for group in made] != [code_of(purchase.url)]:
        yield f"basket {purchase.basket} made {len(made)} purchases"
        return
    got = Counter(made[0].members.values_list("order__consignment__cooperative", flat=True))
    if got != Counter(purchase.cooperatives):
        yield f"purchase {made[0].pk} is not whole: {dict(got)}, not {sorted(purchase.cooperatives)}"


def orders() -> Iterator[str]:
    """No half order: parcel, way to pay and held goods belong to each, and each to a purchase."""
    if GroupOrder.objects.count() != Order.objects.count():
        yield f"{Order.objects.count()} orders, {GroupOrder.objects.count()} of them in a purchase"
    for order in Order.objects.all():
        has = [hasattr(order, name) for name in ("consignment", "membership")]
        attempts = list(order.sources.values_list("attempt__transfer__amount", flat=True))
        if has != [True, True] or attempts != [order.total_dong]:
            yield f"order {order.number} is half: {has}, {attempts} of {order.total_dong}"
        if not order.lines.exists() or any(line.num_allocated != line.quantity for line in order.lines.all()):
            yield f"order {order.number} does not hold its goods"


def stock() -> Iterator[str]:
    """What is held is what the orders hold."""
    sold = dict(OrderLine.objects.values_list("stockrecord").annotate(units=Sum("quantity")))
    for record in StockRecord.objects.all():
        if (record.num_allocated or 0) != sold.get(record.pk, 0):
            yield f"{record.partner_sku}: {record.num_allocated} held, {sold.get(record.pk, 0)} ordered"


def lines(ledger: Ledger) -> Iterator[str]:
    """What was acknowledged is one line, and each line was credited once."""
    told = Counter(BankLine.objects.values_list("reference", flat=True))
    if told != Counter(movement.reference for movement in ledger.movements):
        yield f"{len(ledger.movements)} movements acknowledged, {told.total()} lines ({len(told)} different)"
    for line in BankLine.objects.prefetch_related("shares"):
        shares = [share.amount for share in line.shares.all() if share.undone_at is None]
        keys = TransactionKey.objects.filter(key__startswith=f"line:{line.pk}:").select_related("transaction")
        credited = [int(key.transaction.amount) for key in keys]
        if (line.state, shares, credited) != ("placed", [line.amount], [line.amount]):
            yield f"line {line.pk} over {line.amount} is {line.state}, shared {shares}, credited {credited}"


def money(ledger: Ledger) -> Iterator[str]:
    """Each order has exactly what was acknowledged for it, and is confirmed."""
    told = Counter()
    for movement in ledger.movements:
        told[movement.memo] += movement.amount
    for request in TransferRequest.objects.select_related("attempt__source__order"):
        order, attempt = request.attempt.source.order, request.attempt
        shared = LineShare.objects.filter(attempt=attempt, undone_at=None).aggregate(dong=Sum("amount"))["dong"] or 0
        sums = {told[request.memo], shared, balance_of(order).received, int(attempt.source.amount_debited)}
        if sums != {request.amount} or (order.status, attempt.state) != ("confirmed", "confirmed"):
            yield f"order {order.number} over {request.amount}: {sorted(sums)}, {order.status}, {attempt.state}"


def messages(file: Path) -> Iterator[str]:
    """No message left twice; every receipt was told, except what a person is asked about."""
    left, stuck = sent(file), stuck_keys()
    yield from (f"message {key} left {times} times" for key, times in left.items() if times > 1)
    wanted = {f"money-{pk}" for pk in Transaction.objects.values_list("pk", flat=True)}
    wanted |= {f"order-placed-{pk}" for pk in OrderGroup.objects.values_list("pk", flat=True)}
    if set(Message.objects.values_list("key", flat=True)) != wanted:
        yield f"{Message.objects.count()} messages for {len(wanted)} occasions"
    for message in Message.objects.filter(key__in=wanted - left.keys() - stuck):
        yield f"nobody knows of message {message.key}: {message.state} {message.attempts} {message.error}"


def sent(file: Path) -> Counter[str]:
    """How often each message has left."""
    return Counter(json.loads(row)["key"] for row in file.read_text().splitlines())


def stuck_keys() -> set[str]:
    """What ``messages_stuck`` asks a person about."""
    return set(messages_stuck().values_list("key", flat=True))


def trail() -> Iterator[str]:
    """The audit trail is whole and tells every receipt."""
    for scope in scopes_all():
        yield from map(str, Walk(scope).findings())
    told, booked = AuditEntry.objects.filter(action="payment.received").count(), Transaction.objects.count()
    if told != booked:
        yield f"the audit trail tells of {told} receipts, the books of {booked}"


def tasks() -> Iterator[str]:
    """Nothing was given up."""
    for row in DBTaskResult.objects.filter(status="FAILED"):
        yield f"task failed: {row.task_path} {row.traceback[-600:]}"


def figures(ledger: Ledger, file: Path) -> dict[str, Any]:
    """Numbers for people."""
    left, credits = sent(file), Transaction.objects.count()
    stuck = {key for key in stuck_keys() if key.startswith("money-")}
    return {
        "purchases": len(ledger.purchases),
        "orders": Order.objects.count(),
        "pressed again": ledger.counts["pressed again"],
        "calls acknowledged": ledger.counts["acknowledged"],
        "calls told again": ledger.counts["told again"],
        "bank lines": BankLine.objects.count(),
        "credits": credits,
        "messages about money": sum(key.startswith("money-") for key in left),
        "of those stuck": len(stuck),
        "stuck but sent": len(stuck & left.keys()),
        "audit entries": AuditEntry.objects.count(),
    }
