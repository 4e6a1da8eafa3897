"""The part of Stripe's API that the shop uses: who asks, with which parameters, and once per idempotency key."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stripe import api_version
from stripe.params import (
    AccountRetrieveParams,
    ChargeRetrieveParams,
    DisputeRetrieveParams,
    PaymentIntentRetrieveParams,
    RefundCreateParams,
    RefundListParams,
    RefundRetrieveParams,
    TransferCreateParams,
    TransferRetrieveParams,
    TransferReversalCreateParams,
)
from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionListParams,
    SessionRetrieveParams,
)

from tests.fakes.stripe_double import money, sessions
from tests.fakes.stripe_double.errors import ApiError, missing
from tests.fakes.stripe_double.forms import decode
from tests.fakes.stripe_double.schema import check
from tests.fakes.stripe_double.store import Store, Thing, check_expand

KEY_LENGTH = 255
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Question:
    """One request to the API."""

    method: str
    target: str
    headers: Any
    body: bytes


@dataclass(frozen=True)
class Call:
    """A question that was understood."""

    store: Store
    base: str
    account: str
    params: dict[str, Any]
    path: str
    name: str = ""


Answer = tuple[int, Thing, dict[str, str]]


def retrieve(call: Call) -> Thing:
    return call.store.get(call.account, call.name)


def listing(kind: str, *filters: str) -> Callable[[Call], Thing]:
    """A list, the newest first, narrowed by the named parameters."""

    def endpoint(call: Call) -> Thing:
        found = [
            thing
            for thing in call.store.all(call.account, kind)
            if all(thing[name] == call.params[name] for name in filters if name in call.params)
        ]
        limit = call.params.get("limit", 10)
        if not 1 <= limit <= 100:
            raise ApiError("Invalid limit: must be from 1 to 100", param="limit")
        after = call.params.get("starting_after")
        names = [thing["id"] for thing in found]
        first = names.index(after) + 1 if after in names else 0
        data = found[first : first + limit]
        return {"object": "list", "data": data, "has_more": len(found) > first + limit, "url": call.path}

    return endpoint


def account(call: Call) -> Thing:
    found = call.store.accounts.get(call.name)
    if found is None:
        raise missing("account", call.name)
    return found


ENDPOINTS: tuple[tuple[str, str, type, Callable[[Call], Thing]], ...] = (
    (
        "POST",
        "/v1/checkout/sessions",
        SessionCreateParams,
        lambda call: sessions.session_create(call.store, call.account, call.params, call.base),
    ),
    ("GET", "/v1/checkout/sessions", SessionListParams, listing("checkout.session", "payment_intent")),
    ("GET", r"/v1/checkout/sessions/(\w+)", SessionRetrieveParams, retrieve),
    (
        "POST",
        r"/v1/checkout/sessions/(\w+)/expire",
        SessionExpireParams,
        lambda call: sessions.session_expire(call.store, call.account, call.name),
    ),
    ("GET", r"/v1/payment_intents/(\w+)", PaymentIntentRetrieveParams, retrieve),
    ("GET", r"/v1/charges/(\w+)", ChargeRetrieveParams, retrieve),
    ("GET", r"/v1/disputes/(\w+)", DisputeRetrieveParams, retrieve),
    (
        "POST",
        "/v1/refunds",
        RefundCreateParams,
        lambda call: money.refund_create(call.store, call.account, call.params),
    ),
    ("GET", "/v1/refunds", RefundListParams, listing("refund", "payment_intent", "charge")),
    ("GET", r"/v1/refunds/(\w+)", RefundRetrieveParams, retrieve),
    (
        "POST",
        "/v1/transfers",
        TransferCreateParams,
        lambda call: money.transfer_create(call.store, call.account, call.params),
    ),
    ("GET", r"/v1/transfers/(\w+)", TransferRetrieveParams, retrieve),
    (
        "POST",
        r"/v1/transfers/(\w+)/reversals",
        TransferReversalCreateParams,
        lambda call: money.transfer_reverse(call.store, call.account, call.name, call.params),
    ),
    ("GET", r"/v1/accounts/(\w+)", AccountRetrieveParams, account),
)


def answer(store: Store, base: str, question: Question) -> Answer:
    """Status, body and headers for one question."""
    with store.lock:
        sessions.sweep(store)
        try:
            return answer_checked(store, base, question)
        except ApiError as refused:
            return refused.status, refused.body, {}


def answer_checked(store: Store, base: str, question: Question) -> Answer:
    """Who asks, and whether it was asked before; only then what."""
    check_key(question.headers.get("Authorization", ""))
    check_version(question.headers.get("Stripe-Version"))
    on = check_account(store, question.headers.get("Stripe-Account", ""))
    if question.method == "POST" and question.headers.get("Content-Type", "").split(";")[0] != FORM:
        raise ApiError(f"Invalid request: the content type must be {FORM}")
    key = question.headers.get("Idempotency-Key", "") if question.method == "POST" else ""
    if len(key) > KEY_LENGTH:
        raise ApiError(f"Idempotency-Key is longer than {KEY_LENGTH} characters", kind="idempotency_error")
    seen = hashlib.sha256(f"{question.target}\n".encode() + question.body).hexdigest()
    if key and (on, key) in store.answers:
        return replay(store, on, key, seen)
    try:
        done: Answer = (200, run(store, base, on, question), {})
    except ApiError as refused:
        if not refused.kept:
            raise
        done = (refused.status, refused.body, {})
    if key:
        store.answers[on, key] = (seen, json.dumps(done[1]), done[0])
    return done


def replay(store: Store, on: str, key: str, seen: str) -> Answer:
    """The first answer again, or a refusal when something else is asked with the same key."""
    before, body, status = store.answers[on, key]
    if before != seen:
        text = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        raise ApiError(f"{text} Try using a key other than '{key}'.", kind="idempotency_error")
    return status, json.loads(body), {"Idempotent-Replayed": "true"}


def run(store: Store, base: str, on: str, question: Question) -> Thing:
    """Find the endpoint, check every parameter, carry it out."""
    address = urlsplit(question.target)
    for method, pattern, typed, endpoint in ENDPOINTS:
        found = re.fullmatch(pattern, address.path)
        if found and method == question.method:
            text = address.query if method == "GET" else question.body.decode("utf-8", "replace")
            params = check(decode(text), typed)
            expand = params.pop("expand", [])
            name = found[1] if found.groups() else ""
            check_expand(expand)
            thing = endpoint(Call(store, base, on, params, address.path, name))
            return store.shown(on, thing, expand)
    raise ApiError(f"Unrecognized request URL ({question.method}: {address.path}).", status=404)


def check_key(header: str) -> None:
    """Test keys only: a real one must never be sent here."""
    word, _, key = header.partition(" ")
    if word != "Bearer" or not key:
        raise ApiError("You did not provide an API key.", status=401)
    if not re.fullmatch(r"sk_test_\w+", key):
        raise ApiError(f"Invalid API Key provided: {key[:8]}***", status=401)


def check_version(version: str | None) -> None:
    """The version whose parameters this double knows."""
    if version != api_version:
        raise ApiError(f"Invalid Stripe API version: {version}; this double knows {api_version}.")


def check_account(store: Store, name: str) -> str:
    """The connected account that the question is about."""
    if name and name not in store.accounts:
        text = f"The provided key does not have access to account '{name}' (or that account does not exist)."
        raise ApiError(text, status=403, code="account_invalid")
    return name
