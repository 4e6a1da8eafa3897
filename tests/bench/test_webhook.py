"""Bank news from eight senders at once, against an empty view in the same run."""

import os
import random

import pytest

from tests.bench.work import TOLD, WAYS

ORDERS, WARM_UP = 200, 400
GOAL = 50  # milliseconds at the 95th percentile


@pytest.mark.parametrize("worker", [False, True], ids=["no worker", "worker"])
def test_webhook(shop, show, worker):
    load = os.getloadavg()[0]
    calls = shop.work("orders", str(ORDERS))["calls"]
    told = random.Random(1).sample(calls * TOLD, len(calls) * TOLD)
    shop.start(worker=worker)
    empty = [{"path": "/livez"}] * len(told)
    shop.send(empty[:WARM_UP])
    shop.send([{**calls[0], "path": "/webhooks/sepay/warm-up/"}] * WARM_UP)
    view = shop.send(empty)
    webhook = shop.send(told)
    shop.stop()

    show("")
    show(f"{shop.kind}, {len(told)} calls, {'with' if worker else 'without'} the worker (load before: {load:.1f})")
    show(f"  empty view  {view}")
    show(f"  webhook     {webhook}   p95 is {webhook.p(95) / view.p(95):.1f} times the empty view's")
    show(f"  webhook p95 {webhook.p(95):.0f} ms (goal {GOAL} ms)")
    assert (view.statuses, webhook.statuses) == ({200}, {200})
    assert len(told) == ORDERS * WAYS * TOLD
    assert shop.work("balances") == {"orders": ORDERS, "paid": ORDERS, "received": ORDERS * 120_000}
