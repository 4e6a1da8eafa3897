"""Bank feeds: services that tell us when money moved on a cooperative's account. One folder is one service."""

from functools import lru_cache

from shop.payment.vietqr.feeds.base import Feed
from shop.payment.vietqr.feeds.casso import Casso
from shop.payment.vietqr.feeds.payos import PayOS
from shop.payment.vietqr.feeds.sepay import SePay


@lru_cache
def _all() -> dict[str, Feed]:
    return {found.code: found for found in (SePay(), PayOS(), Casso())}


def feeds() -> dict[str, Feed]:
    """Every feed by its code, in the order in which they are offered."""
    return dict(_all())


def feed(code: str) -> Feed | None:
    """The feed of that code; None when there is none."""
    return _all().get(code)
