"""Doubles of the services that tell about bank accounts, and what is needed to sign as they do.

Written from the providers' documentation, apart from the shop's own code: nothing here may import it. ``FakeBanks``
answers SePay's list of transactions and payOS's registration of an address over real HTTP on this machine, as strictly
as they do.
"""

import hashlib
import hmac
import json
import threading
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

VIETNAM = timezone(timedelta(hours=7))

# --- Signing ------------------------------------------------------------------------------------------------------


def sepay_hmac(body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers of a signed SePay call."""
    timestamp = str(int(now.timestamp()))
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return {"X-SePay-Timestamp": timestamp, "X-SePay-Signature": "sha256=" + mac.hexdigest()}


def sepay_key(key: str) -> dict[str, str]:
    """The header of a SePay call that carries a key instead of a signature."""
    return {"Authorization": f"Apikey {key}"}


def payos_sign(data: dict[str, Any], key: str) -> str:
    """The ``signature`` that payOS puts beside ``data``."""
    pairs = [f"{name}={_payos_text(data[name])}" for name in sorted(data)]
    return hmac.new(key.encode(), "&".join(pairs).encode(), hashlib.sha256).hexdigest()


def _payos_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def payos_body(data: dict[str, Any], key: str) -> bytes:
    """The whole body of a payOS call about ``data``."""
    told = {"code": "00", "desc": "success", "success": True, "data": data, "signature": payos_sign(data, key)}
    return json.dumps(told, ensure_ascii=False).encode()


def casso_sign(body: bytes, key: str, now: datetime) -> dict[str, str]:
    """The header of a signed Casso call. For texts and whole numbers below 2 to the 53rd."""
    milliseconds = int(now.timestamp() * 1000)
    ordered = json.dumps(_ordered(json.loads(body)), separators=(",", ":"), ensure_ascii=False)
    mac = hmac.new(key.encode(), f"{milliseconds}.{ordered}".encode(), hashlib.sha512)
    return {"X-Casso-Signature": f"t={milliseconds},v1={mac.hexdigest()}"}


def _ordered(value: Any) -> Any:
    """Objects with sorted names; lists as they are, as in Casso's samples."""
    return {name: _ordered(value[name]) for name in sorted(value)} if isinstance(value, dict) else value


# --- What the services tell ---------------------------------------------------------------------------------------

# Published at payos.vn/docs; payOS sends it, signed with the channel's own key, when an address is registered.
PAYOS_SAMPLE = {
    "orderCode": 123,
    "amount": 3000,
    "description": "VQRIO123",
    "accountNumber": "12345678",
    "reference": "TF230204212323",
    "transactionDateTime": "2023-02-04 18:25:00",
    "currency": "VND",
    "paymentLinkId": "124c33293c43417ab7879e14c8d9eb18",
    "code": "00",
    "desc": "Thành công",
    "counterAccountBankId": "",
    "counterAccountBankName": "",
    "counterAccountName": "",
    "counterAccountNumber": "",
    "virtualAccountName": "",
    "virtualAccountNumber": "",
}


@dataclass
class Transaction:
    """One movement as SePay knows it: a number for the webhook, a UUID for the interface."""

    account: str
    amount: int
    memo: str
    at: datetime
    incoming: bool = True
    reference: str = "MBVCB.3278907687"
    virtual_account: str = ""
    bank: str = "Vietcombank"
    number: int = 92704
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def date(self) -> str:
        return self.at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")

    def webhook(self) -> bytes:
        """The body of SePay's call about it."""
        return json.dumps(
            {
                "id": self.number,
                "gateway": self.bank,
                "transactionDate": self.date,
                "accountNumber": self.account,
                "code": None,
                "content": self.memo,
                "transferType": "in" if self.incoming else "out",
                "transferAmount": self.amount,
                "accumulated": 19077000,
                "subAccount": self.virtual_account or None,
                "referenceCode": self.reference,
                "description": "",
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    def row(self) -> dict[str, Any]:
        """Its row in version 2 of the interface."""
        return {
            "id": self.uuid,
            "transaction_date": self.date,
            "account_number": self.account,
            "va": self.virtual_account,
            "transfer_type": "in" if self.incoming else "out",
            "amount_in": self.amount if self.incoming else 0,
            "amount_out": 0 if self.incoming else self.amount,
            "accumulated": 19077000,
            "transaction_content": self.memo,
            "reference_number": self.reference,
            "code": None,
            "bank_brand_name": self.bank,
            "bank_account_id": "f9e8d7c6-b5a4-3210-fedc-ba0987654321",
            "va_id": None,
            "webhook_success": 0,
        }


# --- The server ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """What is sent back. ``body``: bytes as they are, anything else as JSON."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class FakeBanks:
    """``with FakeBanks() as banks:`` and point ``SEPAY_API`` to ``banks.sepay_api``, ``PAYOS_API`` to ``banks.url``.

    ``api_token``, ``client_id``, ``api_key`` and ``checksum_key`` are the credentials it knows; ``transactions`` what
    SePay lists; ``replies`` answers to give first, whatever is asked; ``asked`` the (path, query or body) of every
    call, ``registered`` the addresses that payOS calls. ``clock`` counts seconds for the limit of three calls.
    """

    LIMIT = 3  # calls in one second
    PER_PAGE = 100

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self.api_token, self.client_id, self.api_key, self.checksum_key = "token", "client", "key", "checksum"
        self.transactions: list[Transaction] = []
        self.replies: deque[Reply] = deque()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.registered: list[str] = []
        self.clock = clock
        #: Clear it to leave callers without an answer until it is set again.
        self.awake = threading.Event()
        self.awake.set()
        self._recent: deque[float] = deque()
        self._lock = threading.Lock()

    def __enter__(self) -> "FakeBanks":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.sepay_api = f"{self.url}/v2"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.awake.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        banks = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(banks.get, urlsplit(self.path).query)

            def do_POST(self) -> None:
                self.reply(banks.post, self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def reply(self, method: Callable[..., Reply], sent: str | bytes) -> None:
                banks.awake.wait(30)
                try:
                    reply = method(urlsplit(self.path).path, self.headers, sent)
                except Refused as refused:
                    reply = refused.reply
                body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
                    self.send_header(name, value)
                with suppress(ConnectionError):  # some callers hang up early, as they should
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        return Handler

    # SePay

    def get(self, path: str, headers: Any, query: str) -> Reply:
        asked = dict(parse_qsl(query, keep_blank_values=True))
        self.asked.append((path, asked))
        if self.replies:
            return self.replies.popleft()
        self._count()
        if headers.get("Authorization") != f"Bearer {self.api_token}":
            return Reply(401, {"status": "error", "error_code": "unauthorized"})
        if path != "/v2/transactions":
            return Reply(404, {"status": "error", "error_code": "not_found"})
        return self._list(asked)

    def _count(self) -> None:
        with self._lock:
            now = self.clock()
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= self.LIMIT:
                raise Refused(Reply(429, {"status": "error", "error_code": "rate_limited"}, {"Retry-After": "1"}))
            self._recent.append(now)

    def _list(self, asked: dict[str, str]) -> Reply:
        known = {"transaction_date_from", "transaction_date_sort", "page", "per_page"}
        invalid = Reply(422, {"status": "error", "error_code": "validation_failed"})
        try:
            page, per_page = int(asked.get("page", "1")), int(asked.get("per_page", "20"))
            since = datetime.strptime(asked["transaction_date_from"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=VIETNAM)
        except (KeyError, ValueError):
            return invalid
        ascending = asked.get("transaction_date_sort", "desc") == "asc"
        if set(asked) - known or page < 1 or not 1 <= per_page <= self.PER_PAGE:
            return invalid
        found = [row for row in self.transactions if row.at >= since]
        found.sort(key=lambda row: row.at, reverse=not ascending)
        shown = found[(page - 1) * per_page : page * per_page]
        pagination = {
            "total": len(found),
            "per_page": per_page,
            "current_page": page,
            "last_page": max(1, -(-len(found) // per_page)),
            "has_more": page * per_page < len(found),
        }
        rows = [row.row() for row in shown]
        return Reply(200, {"status": "success", "data": rows, "meta": {"pagination": pagination}})

    # payOS

    def post(self, path: str, headers: Any, sent: bytes) -> Reply:
        body = json.loads(sent)
        self.asked.append((path, body))
        if self.replies:
            return self.replies.popleft()
        if (headers.get("x-client-id"), headers.get("x-api-key")) != (self.client_id, self.api_key):
            return Reply(401, {"code": "401", "desc": "unauthorized"})
        if path != "/confirm-webhook":
            return Reply(404, {"code": "404", "desc": "not found"})
        address = body.get("webhookUrl")
        if set(body) != {"webhookUrl"} or not isinstance(address, str) or not self._accepts(address):
            return Reply(400, {"code": "20", "desc": "Webhook url invalid"})
        self.registered.append(address)
        channel = {"accountName": "HTX MAU", "accountNumber": "12345678", "name": "Chợ", "shortName": "Chợ"}
        return Reply(200, {"code": "00", "desc": "success", "data": {"webhookUrl": address, **channel}})

    def _accepts(self, address: str) -> bool:
        """Whether the address answers payOS's signed sample with a 2xx."""
        if not address.startswith(("http://", "https://")):
            return False
        sample = payos_body(PAYOS_SAMPLE, self.checksum_key)
        request = urllib.request.Request(address, data=sample, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return 200 <= answer.status < 300
        except (urllib.error.URLError, OSError):
            return False
