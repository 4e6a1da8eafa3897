"""Asking SePay for transactions whose webhook never came.

Source: developer.sepay.vn, "SePay API v2": a list by pages of at most 100, a bearer token, three calls a second for
one address, 429 with ``Retry-After`` beyond that. The list cannot be narrowed to an account number, only to SePay's
own id of the account, so lines of a company's other accounts are dropped here.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import requests
from django.conf import settings

from shop.core.dates import TZ
from shop.payment.vietqr.feeds.base import FeedError, FeedUnavailable, Line
from shop.payment.vietqr.feeds.http import Answer, ask, expect_ok, key
from shop.payment.vietqr.feeds.reading import members, plain_account
from shop.payment.vietqr.feeds.sepay.lines import told_by_list

PER_PAGE = 100
MAX_PAGES = 200
INTERVAL = 0.4  # seconds between two calls of this process: below three a second
MAX_WAIT = 10  # seconds; told to wait longer, we give up, and the next round asks again
MAX_TRIES = 3

clock = time.monotonic
pause = time.sleep


class Pace:
    """Lets one call through each :data:`INTERVAL`, over all threads of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        with self._lock:
            moment = clock()
            turn = max(moment, self._next)
            self._next = turn + INTERVAL
        if turn > moment:
            pause(turn - moment)


_pace = Pace()


def transactions_since(
    *,
    credentials: Mapping[str, str],
    account: str,
    since: datetime,
    get: Callable[..., requests.Response] | None = None,
) -> Iterator[Line]:
    """The account's movements from ``since`` (aware) on, both ways, oldest first.

    ``credentials``: ``api_token``. ``account``: the account's number or a virtual account's. A movement has the same
    ``foreign_id`` as in its webhook. Asks page by page while it is iterated, and raises :class:`FeedUnavailable`
    then; lines given out before that are good.
    """
    token = key(credentials, "api_token")
    wanted = plain_account(account)
    for page in range(1, MAX_PAGES + 1):
        lines, is_last = _page(get or requests.get, token, since, page)
        yield from (line for line in lines if wanted in (line.account, line.virtual_account))
        if is_last:
            return
    raise FeedUnavailable("answer", "too many pages")


def _page(get: Callable[..., requests.Response], token: str, since: datetime, page: int) -> tuple[list[Line], bool]:
    query = {
        "transaction_date_from": since.astimezone(TZ).strftime("%Y-%m-%d %H:%M:%S"),
        "transaction_date_sort": "asc",
        "page": page,
        "per_page": PER_PAGE,
    }
    told = _patiently(get, token, query).json()
    try:
        return _read(members(told, "body"), page)
    except FeedError as error:
        raise FeedUnavailable("answer", str(error)) from error


def _patiently(get: Callable[..., requests.Response], token: str, query: dict[str, Any]) -> Answer:
    """The answer, after waiting as long as SePay asks for, some seconds and some times."""
    for attempt in range(MAX_TRIES):
        _pace.wait()
        answer = ask(
            get, f"{settings.SEPAY_API}/transactions", secrets={"Authorization": f"Bearer {token}"}, params=query
        )
        seconds = answer.retry_after or 1
        if answer.status != 429 or seconds > MAX_WAIT or attempt == MAX_TRIES - 1:
            break
        pause(seconds)
    return expect_ok(answer)


def _read(told: dict[str, Any], page: int) -> tuple[list[Line], bool]:
    """The lines of a page, and whether it is the last one."""
    rows = told.get("data")
    paging = members(members(told.get("meta"), "meta").get("pagination"), "pagination")
    more = paging.get("has_more")
    if told.get("status") != "success" or not isinstance(rows, list) or len(rows) > PER_PAGE:
        raise FeedError("malformed", "data")
    # A list that goes on with an empty page, or repeats one, never ends.
    if not isinstance(more, bool) or paging.get("current_page") != page or (more and not rows):
        raise FeedError("malformed", "pagination")
    lines = [told_by_list(members(row, "row")) for row in rows]
    return [line for line in lines if line is not None], not more
