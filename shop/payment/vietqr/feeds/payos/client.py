"""Telling payOS where to call."""

from collections.abc import Callable, Mapping
from typing import Any

import requests
from django.conf import settings

from shop.payment.vietqr.feeds.base import FeedError, FeedUnavailable
from shop.payment.vietqr.feeds.http import Answer, ask, expect_ok, key
from shop.payment.vietqr.feeds.payos.webhook import PAID
from shop.payment.vietqr.feeds.reading import members


def payos_confirm(
    webhook_url: str, credentials: Mapping[str, str], *, post: Callable[..., requests.Response] | None = None
) -> dict[str, Any]:
    """Register our address. payOS calls it with its sample before it answers, so it must be served already.

    ``credentials``: ``client_id`` and ``api_key``. Returns what payOS says of the channel: ``accountNumber``,
    ``accountName``, ``name``, ``shortName``, ``webhookUrl``. Raises :class:`FeedUnavailable`; ``refused`` when payOS
    does not like the address or got no 2xx from it. Safe to repeat.
    """
    secrets = {"x-client-id": key(credentials, "client_id"), "x-api-key": key(credentials, "api_key")}
    answer = ask(
        post or requests.post,
        f"{settings.PAYOS_API}/confirm-webhook",
        secrets=secrets,
        json={"webhookUrl": webhook_url},
    )
    if answer.status in (400, 404, 422):
        raise FeedUnavailable("refused", f"status {answer.status}")
    return _channel(expect_ok(answer))


def _channel(answer: Answer) -> dict[str, Any]:
    try:
        told = members(answer.json(), "body")
        if told.get("code") != PAID:
            raise FeedUnavailable("refused")
        return members(told.get("data"), "data")
    except FeedError as error:
        raise FeedUnavailable("answer", str(error)) from error
