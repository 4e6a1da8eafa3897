"""SePay's webhook: one call for each movement, signed with a shared secret or carrying a key.

Source: developer.sepay.vn, "SePay Webhooks" (authentication, integration, reconciliation).
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shop.payment.vietqr.feeds.base import FeedError, Field, Notice
from shop.payment.vietqr.feeds.reading import check_size, members, parse
from shop.payment.vietqr.feeds.sepay.lines import told_by_webhook
from shop.payment.vietqr.feeds.signing import check_age, check_signature, digest, header, secret

_TIMESTAMP = re.compile(r"[0-9]{1,12}")


class SePay:
    """With a signing secret only signed calls are believed, whatever key they also carry."""

    code = "sepay"
    label = "SePay"
    fields = (
        Field("hmac_secret", _("Webhook signing secret (HMAC-SHA256)")),
        Field("api_key", _("Webhook API key, when signing is not used")),
        Field("api_token", _("API token, to look for missed transfers")),
    )
    answer = {"success": True}

    def read(self, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], now: datetime) -> Notice:
        check_size(body)
        if key := secret(credentials, "hmac_secret"):
            _check_signed(body, headers, key, now)
        else:
            _check_key(headers, secret(credentials, "api_key"))
        payload = members(parse(body), "body")
        return Notice((told_by_webhook(payload, body.decode()),))


def _check_signed(body: bytes, headers: Mapping[str, str], key: str, now: datetime) -> None:
    timestamp = header(headers, "X-SePay-Timestamp")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise FeedError("signature", "X-SePay-Timestamp")
    wanted = digest(key, timestamp.encode() + b"." + body, "sha256")
    check_signature(header(headers, "X-SePay-Signature"), f"sha256={wanted}")
    check_age(int(timestamp), now)


def _check_key(headers: Mapping[str, str], key: str) -> None:
    scheme, _space, told = header(headers, "Authorization").partition(" ")
    if scheme.lower() != "apikey":
        raise FeedError("signature", "Authorization")
    check_signature(told, key)
