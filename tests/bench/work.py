"""Work in a process that has loaded the shop; prints what it measured as one line of JSON.

python -m tests.bench.work orders 200      open orders; what the bank will say about them
python -m tests.bench.work balances        how many orders are paid, and the dong that were credited
python -m tests.bench.work matching 1000   lines with a code, and ten times as many without: lines in a second
python -m tests.bench.work importing 10000 a statement, again shuffled, and one that overlaps it by half: seconds
python -m tests.bench.work sheets 5000     a sheet of goods with 200 faults, then the same again: seconds of each step
python -m tests.bench.work profile 300     what one webhook costs: queries, time, and the functions that take it
"""

import cProfile
import io
import json
import pstats
import sys
import time
from typing import Any

import django

WAYS = 3  # distinct transfers that pay one order
TOLD = 4  # times each of them is told
COOPERATIVES = 4


def orders(number: int) -> dict[str, Any]:
    """Purchases of one order each, at several cooperatives with SePay; the calls that pay them in parts."""
    from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
    from tests.factories.bank import SECRET, feed_make, transfer_of

    shops = []
    for _ in range(COOPERATIVES):
        cooperative = cooperative_make()
        shops.append((listing_make(cooperative, price=100_000, stock=number), feed_make(cooperative)))
    calls, pages = [], []
    for n in range(number):
        listing, feed = shops[n % COOPERATIVES]
        group = place(basket_of(listing), to=recipient(phone=f"+8490{n:07d}")).group
        transfer = transfer_of(group.members.get().order)
        pages.append(group.get_absolute_url())
        path = f"/webhooks/sepay/{feed.token}/"
        calls += [{"path": path, "secret": SECRET, "body": body} for body in parts_of(transfer)]
    return {"calls": calls, "pages": pages}


def parts_of(transfer: Any) -> list[str]:
    """What SePay says about the transfers that pay this one order."""
    from tests.factories.bank import sepay_body

    part = transfer.amount // WAYS
    sums = [part] * (WAYS - 1) + [transfer.amount - part * (WAYS - 1)]
    return [sepay_body(transfer.number, f"MBVCB.991.{transfer.memo}.CT tu 0123", dong).decode() for dong in sums]


def balances() -> dict[str, Any]:
    """After everything has been matched."""
    from shop.cooperatives.models import Cooperative
    from shop.order.models import Order
    from shop.payment.books import balance_of
    from shop.reconciliation.tasks import lines_match

    for cooperative in Cooperative.objects.all():
        lines_match(cooperative.pk)
    rows = [(order.status, order.total_dong, balance_of(order).received) for order in Order.objects.all()]
    paid = sum(status == "confirmed" and total == received for status, total, received in rows)
    return {"orders": len(rows), "paid": paid, "received": sum(received for *_rest, received in rows)}


def matching(number: int) -> dict[str, Any]:
    """Lines of one cooperative: each code credits a part of an order; the others mean nothing to the market."""
    from shop.payment.vietqr.models import BankLine
    from shop.reconciliation.tasks import lines_match
    from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
    from tests.factories.bank import line_make, transfer_of

    cooperative = cooperative_make()
    listing = listing_make(cooperative, price=1_000_000, stock=number)
    for n in range(number // 5):
        order = place(basket_of(listing), to=recipient(phone=f"+8490{n:07d}")).group.members.get().order
        for _ in range(5):
            line_make(cooperative, f"MBVCB.991.{transfer_of(order).memo}.CT tu 0123", 100_000)
    begin = time.perf_counter()
    assert lines_match(cooperative.pk) == number
    coded = time.perf_counter() - begin
    for n in range(10 * number):
        line_make(cooperative, f"tra tien phan bon {n}", 50_000 + n)
    begin = time.perf_counter()
    assert lines_match(cooperative.pk) == 10 * number
    plain = time.perf_counter() - begin
    states = {state: BankLine.objects.filter(state=state).count() for state in ("placed", "open", "new")}
    return {"coded": number / coded, "plain": 10 * number / plain, "states": states}


def importing(rows: int) -> dict[str, Any]:
    """Reading, keeping and matching of statements."""
    from shop.reconciliation.tasks import lines_match
    from tests.bench.statements import as_csv, as_xlsx, rows_made, statement_take
    from tests.factories import cooperative_make

    cooperative = cooperative_make()
    first, found = rows_made(rows), {}
    files = {
        "csv": as_csv(first),
        "again, shuffled, xlsx": as_xlsx(first, shuffled=True),
        "half of it known": as_csv(rows_made(rows, start=rows // 2)),
    }
    for name, content in files.items():
        begin = time.perf_counter()
        new = statement_take(cooperative, name, content).new_rows
        lines_match(cooperative.pk)
        found[name] = {"new": new, "seconds": time.perf_counter() - begin}
    return found


def sheets(rows: int) -> dict[str, Any]:
    """A sheet with so many rows of new goods, 200 of them faulty: looked at, taken, and uploaded once more."""
    from shop.listings.models import Listing
    from shop.sheets.services import job_take
    from shop.sheets.tasks import job_work
    from tests.factories import cooperative_make
    from tests.factories.sheets import counts, faults, upload, with_faults, xlsx_of

    cooperative, found = cooperative_make(), {}
    content = xlsx_of(with_faults(rows, 200))

    def timed(name: str, call: Any) -> Any:
        begin = time.perf_counter()
        answer = call()
        found[name] = time.perf_counter() - begin
        return answer

    job = timed("looked at", lambda: upload(cooperative, content))
    job_take(job=job, by="bench")
    timed("taken", lambda: job_work(job.pk))
    again = timed("again", lambda: upload(cooperative, content, key="k2"))
    goods = Listing.objects.filter(cooperative=cooperative).count()
    told = {row for row, _column, _code in faults(job)}
    return {"seconds": found, "first": counts(job), "again": counts(again), "goods": goods, "explained": len(told)}


def profile(number: int) -> dict[str, Any]:
    """The webhook's view in this process, without a server: queries and the costliest functions."""
    from django.db import connection, reset_queries
    from django.test import Client
    from django.utils import timezone

    from tests.fakes.banks import sepay_hmac

    calls = orders(number // WAYS)["calls"]
    client = Client(headers={"host": "localhost"})

    def tell(call: dict[str, Any]) -> None:
        headers = sepay_hmac(call["body"].encode(), call["secret"], timezone.now())
        answer = client.post(call["path"], call["body"], content_type="application/json", headers=headers)
        assert answer.status_code == 200

    tell(calls[0])
    begin = time.perf_counter()
    for call in calls[1 : number // 2]:
        tell(call)
    alone = (time.perf_counter() - begin) / (number // 2 - 1)
    connection.force_debug_cursor = True
    reset_queries()
    tell(calls[number // 2])
    queries = [query["sql"][:150] for query in connection.queries]
    connection.force_debug_cursor = False
    profiler = cProfile.Profile()
    profiler.enable()
    for call in calls[number // 2 + 1 :]:
        tell(call)
    profiler.disable()
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).sort_stats("cumulative").print_stats(60)
    return {"milliseconds": 1000 * alone, "queries": queries, "profile": text.getvalue()}


WORK = {work.__name__: work for work in (orders, balances, matching, importing, sheets, profile)}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(WORK[sys.argv[1]](*map(int, sys.argv[2:]))))
