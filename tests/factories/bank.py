"""Bank feeds, and money that arrives by them."""

import json
from datetime import datetime
from itertools import count
from typing import Any

from django.urls import reverse
from django.utils import timezone

from shop.payment.books import attempts_of
from shop.payment.vietqr.models import BankFeed, BankLine
from shop.payment.vietqr.services import feed_connect
from tests.fakes.banks import sepay_hmac

SECRET = "sepay-test-secret"
movements = count(1)


def feed_make(cooperative: Any, code: str = "sepay", **credentials: str) -> BankFeed:
    """SePay on the cooperative's account, signing with SECRET unless told otherwise."""
    return feed_connect(
        cooperative=cooperative, code=code, credentials=credentials or {"hmac_secret": SECRET}, by="chủ nhiệm"
    )


def line_make(cooperative: Any, memo: str, amount: int, **extra: Any) -> BankLine:
    """A movement that has been told and not been looked at."""
    number = cooperative.bank_accounts.get().number
    fields = {"feed": "sepay", "account": number, "foreign_id": str(next(movements)), "occurred_at": timezone.now()}
    return BankLine.objects.create(cooperative=cooperative, memo=memo, amount=amount, **(fields | extra))


def sepay_body(account: str, memo: str, amount: int, **extra: Any) -> bytes:
    """What SePay posts about an incoming transfer."""
    row = {
        "id": next(movements),
        "gateway": "Agribank",
        "transactionDate": timezone.localtime().strftime("%Y-%m-%d %H:%M:%S"),
        "accountNumber": account,
        "code": None,
        "content": memo,
        "transferType": "in",
        "transferAmount": amount,
        "accumulated": 0,
        "subAccount": None,
        "referenceCode": f"FT{next(movements):012d}",
        "description": "",
    }
    return json.dumps(row | extra).encode()


def sepay_post(client: Any, feed: BankFeed, body: bytes, *, secret: str = SECRET, now: datetime | None = None) -> Any:
    """Post a body to the feed's address, signed like SePay."""
    headers = sepay_hmac(body, secret, now or timezone.now())
    url = reverse("reconciliation:bank", kwargs={"code": feed.code, "token": feed.token})
    return client.post(url, body, content_type="application/json", headers=headers)


def transfer_of(order: Any) -> Any:
    """What the order's buyer was asked to transfer."""
    return next(attempt.transfer for attempt in attempts_of(order) if attempt.provider == "vietqr")
