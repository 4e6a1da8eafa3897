"""payOS's webhook: one call for each payment of a payment link, the signature inside the body.

Source: payos.vn/docs, "Webhook" and "Kiểm tra dữ liệu với signature"; the details of odd values follow payOS's own
libraries for Node and Python.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.payment.vietqr.feeds import javascript
from shop.payment.vietqr.feeds.base import FeedError, Field, Line, Notice
from shop.payment.vietqr.feeds.reading import MAX_MEMO, account, check_size, dong, members, moment, parse, text, whole
from shop.payment.vietqr.feeds.signing import check_signature, digest, secret

PAID = "00"
_MAX_ORDER_CODE = 2**53
_LINK = re.compile(r"[A-Za-z0-9_-]{1,100}")
# The sample of the documentation, sent when an address is registered; and the bank reference of its older test call.
_SAMPLE = (123, "TF230204212323")
_TEST_REFERENCE = "MA_GIAO_DICH_THU_NGHIEM"


class PayOS:
    """Carries no time of signing, so a repeated call is told apart only by its ``foreign_id``."""

    code = "payos"
    label = "payOS"
    fields = (
        Field("client_id", _("Client ID"), secret=False),
        Field("api_key", _("API key")),
        Field("checksum_key", _("Checksum key")),
    )
    answer = {"success": True}

    def read(self, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], now: datetime) -> Notice:
        check_size(body)
        key = secret(credentials, "checksum_key")
        if not key:
            raise FeedError("signature", "no key")
        payload = members(parse(body), "body")
        data = members(payload.get("data"), "data")
        _check_signed(data, payload.get("signature"), key)
        return _notice(data, body.decode())


def _check_signed(data: dict[str, Any], told: Any, key: str) -> None:
    signed = "&".join(f"{name}={_value(data[name])}" for name in javascript.names(data, ordered=True))
    check_signature(told if isinstance(told, str) else "", digest(key, signed.encode(), "sha256"))


def _value(value: Any) -> str:
    """One value as payOS's library writes it: null, ``"null"`` and ``"undefined"`` are empty, lists are JSON."""
    if value in (None, "null", "undefined"):
        return ""
    if isinstance(value, list):
        return javascript.stringify([_sorted(item) if isinstance(item, dict) else item for item in value])
    if isinstance(value, dict):
        # Undocumented and never seen; whatever they would sign, here the whole content is.
        return javascript.stringify(value, ordered=True)
    return javascript.plain(value)


def _sorted(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in javascript.names(item, ordered=True)}


def _notice(data: dict[str, Any], raw: str) -> Notice:
    reference = text(data, "reference", 101, required=True)
    if len(reference) > 100:  # part of the identity: never cut
        raise FeedError("malformed", "reference")
    if (whole(data, "orderCode", _MAX_ORDER_CODE), reference) == _SAMPLE or reference == _TEST_REFERENCE:
        return Notice((), is_probe=True)
    if text(data, "code", 10, required=True) != PAID:
        return Notice(())
    return Notice((_line(data, reference, raw),))


def _line(data: dict[str, Any], reference: str, raw: str) -> Line:
    link = text(data, "paymentLinkId", 101)
    if not _LINK.fullmatch(link):
        raise FeedError("malformed", "paymentLinkId")
    if text(data, "currency", 10, required=True) != "VND":
        raise FeedError("malformed", "currency")
    return Line(
        foreign_id=_identity(reference, link),
        account=account(data, "accountNumber", required=True),
        virtual_account=account(data, "virtualAccountNumber"),
        amount=dong(data, "amount"),
        incoming=True,
        memo=text(data, "description", MAX_MEMO),
        occurred_at=moment(data, "transactionDateTime"),
        reference=reference,
        payer_bin=text(data, "counterAccountBankId", 12),
        payer_number=text(data, "counterAccountNumber", 40),
        payer_name=text(data, "counterAccountName", 120),
        raw=raw,
    )


def _identity(reference: str, link: str) -> str:
    """Reference and link; a link has no colon, so no two pairs look alike. Too long, they become a hash."""
    pair = f"{reference}:{link}"
    return pair if len(pair) <= 100 else hashlib.sha256(pair.encode()).hexdigest()
