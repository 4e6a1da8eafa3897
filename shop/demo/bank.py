"""A bank for the demonstration: signs and posts the news of a transfer exactly as SePay does for a real account."""

import hashlib
import hmac
import json
import secrets
import time
from typing import Any

import requests
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from shop.cooperatives.models import Cooperative
from shop.payment.vietqr.models import BankFeed, TransferRequest
from shop.payment.vietqr.services import feed_connect

CODE = "sepay"


class NoSuchTransfer(Exception):
    """No order waits for this memo, or its cooperative has no feed of the demonstration."""


def feed_secret() -> str:
    """What the pretended bank signs with: this shop's own, never the same on two machines."""
    return hmac.new(settings.SECRET_KEY.encode(), b"bank of the demonstration", hashlib.sha256).hexdigest()


def feeds_create(cooperatives: list[Cooperative]) -> None:
    """Connect new sample cooperatives with the pretended bank."""
    for cooperative in cooperatives:
        feed_connect(cooperative=cooperative, code=CODE, credentials={"hmac_secret": feed_secret()}, by="demo")


def transfer_pretend(memo: str, amount: int | None = None, *, words: str = "", base: str = "") -> int:
    """Tell the shop that a buyer transferred ``amount`` dong (the asked sum when empty); the answer's HTTP status.

    ``words`` replaces the memo as the bank passes it on; ``base`` is where the shop answers, SITE_URL when empty.
    """
    request = TransferRequest.objects.filter(memo=memo).select_related("attempt__source__order__consignment").first()
    feed = feed_of(request) if request else None
    if request is None or feed is None:
        raise NoSuchTransfer(memo)
    body = json.dumps(movement(request, amount or request.amount, words or f"MBVCB.{memo}.CT tu 0123499999")).encode()
    url = (base or settings.SITE_URL) + reverse("reconciliation:bank", kwargs={"code": CODE, "token": feed.token})
    return requests.post(url, data=body, headers=signed(body), timeout=10).status_code


def feed_of(request: TransferRequest) -> BankFeed | None:
    """The feed of the cooperative that waits for the transfer."""
    cooperative_id = request.attempt.source.order.consignment.cooperative_id
    return BankFeed.objects.filter(cooperative_id=cooperative_id, code=CODE, is_active=True).first()


def movement(request: TransferRequest, amount: int, words: str) -> dict[str, Any]:
    """SePay's fields for an incoming transfer."""
    return {
        "id": secrets.randbelow(10**12),
        "gateway": request.bank_name,
        "transactionDate": timezone.localtime().strftime("%Y-%m-%d %H:%M:%S"),
        "accountNumber": request.number,
        "code": None,
        "content": words,
        "transferType": "in",
        "transferAmount": amount,
        "accumulated": 0,
        "subAccount": None,
        "referenceCode": f"DEMO.{secrets.randbelow(10**10)}",
        "description": "dữ liệu mẫu",
    }


def signed(body: bytes) -> dict[str, str]:
    """The headers of a signed call."""
    now = str(int(time.time()))
    mac = hmac.new(feed_secret().encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-SePay-Timestamp": now, "X-SePay-Signature": f"sha256={mac}"}
