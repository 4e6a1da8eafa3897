"""Casso's webhook, in the two forms it offers.

Version 2 tells one transaction and signs it: ``X-Casso-Signature: t=<milliseconds>,v1=<hex>``, an HMAC-SHA512 over
``<t>.<JSON>``. That JSON is not the body but what JavaScript makes of it with the names of objects sorted, so the body
is read before it can be verified; it is read strictly, and nothing of it is used until the signature holds. The older
form carries a token in the header ``secure-token`` and tells a list.

Source: developer.casso.vn, "Xử lý sự kiện Webhook", and Casso's published samples in five languages.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.payment.vietqr.feeds import javascript
from shop.payment.vietqr.feeds.base import FeedError, Field, Line, Notice
from shop.payment.vietqr.feeds.reading import MAX_MEMO, account, check_size, members, moment, parse, text, whole
from shop.payment.vietqr.feeds.signing import check_age, check_signature, digest, header, secret

_SIGNATURE = re.compile(r"t=([0-9]{1,15}),\s?v1=([0-9a-f]{128})")
_MAX_ID = 10**18
_TEST_REFERENCE = "MA_GIAO_DICH_THU_NGHIEM"


class Casso:
    """With a checksum key only the signed form is believed, whatever token a call also carries."""

    code = "casso"
    label = "Casso"
    fields = (
        Field("checksum_key", _("Checksum key (webhook version 2)")),
        Field("secure_token", _("Secure token (older webhook)")),
    )
    answer = {"success": True}

    def read(self, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], now: datetime) -> Notice:
        check_size(body)
        if key := secret(credentials, "checksum_key"):
            return _notice([_signed_row(body, headers, key, now)], _line_of_version_2, body.decode())
        check_signature(header(headers, "secure-token"), secret(credentials, "secure_token"))
        rows = _data(parse(body))
        if not isinstance(rows, list):
            raise FeedError("malformed", "data")
        return _notice([members(row, "row") for row in rows], _older_line)


def _signed_row(body: bytes, headers: Mapping[str, str], key: str, now: datetime) -> dict[str, Any]:
    told = _SIGNATURE.fullmatch(header(headers, "X-Casso-Signature"))
    if not told:
        raise FeedError("signature", "X-Casso-Signature")
    payload = parse(body)
    signed = f"{told[1]}.{javascript.stringify(payload, ordered=True)}"
    check_signature(told[2], digest(key, signed.encode(), "sha512"))
    check_age(int(told[1]) / 1000, now)
    return members(_data(payload), "data")


def _data(payload: Any) -> Any:
    if whole(members(payload, "body"), "error") != 0:
        raise FeedError("malformed", "error")
    return payload.get("data")


def _notice(rows: list[dict[str, Any]], read: Any, raw: str = "") -> Notice:
    real = [row for row in rows if not _is_test(row)]
    lines = tuple(read(row, raw or javascript.stringify(row)) for row in real)
    return Notice(lines, is_probe=bool(rows) and not real)


def _is_test(row: dict[str, Any]) -> bool:
    """The button "Gọi thử" sends transaction 0 with this reference."""
    return row.get("id") == 0 and _TEST_REFERENCE in (row.get("reference"), row.get("tid"))


def _line_of_version_2(row: dict[str, Any], raw: str) -> Line:
    return Line(
        foreign_id=_identity(row),
        account=account(row, "accountNumber", required=True),
        virtual_account=account(row, "virtualAccountNumber"),
        occurred_at=moment(row, "transactionDateTime"),
        reference=text(row, "reference", 100),
        payer_bin=text(row, "counterAccountBankId", 12),
        payer_number=text(row, "counterAccountNumber", 40),
        payer_name=text(row, "counterAccountName", 120),
        raw=raw,
        **_money(row),
    )


def _older_line(row: dict[str, Any], raw: str) -> Line:
    number = "bank_sub_acc_id" if text(row, "bank_sub_acc_id", 60) else "subAccId"
    return Line(
        foreign_id=_identity(row),
        account=account(row, number, required=True),
        virtual_account=account(row, "virtualAccount"),
        occurred_at=moment(row, "when"),
        reference=text(row, "tid", 100),
        payer_bin=text(row, "corresponsiveBankId", 12),
        payer_number=text(row, "corresponsiveAccount", 40),
        payer_name=text(row, "corresponsiveName", 120),
        raw=raw,
        **_money(row),
    )


def _identity(row: dict[str, Any]) -> str:
    """Casso's own number of the transaction, the same in both forms."""
    number = whole(row, "id", _MAX_ID)
    if number <= 0:
        raise FeedError("malformed", "id")
    return str(number)


def _money(row: dict[str, Any]) -> dict[str, Any]:
    """A negative amount is money that went out."""
    amount = whole(row, "amount")
    if not amount:
        raise FeedError("malformed", "amount")
    return {"amount": abs(amount), "incoming": amount > 0, "memo": text(row, "description", MAX_MEMO)}
