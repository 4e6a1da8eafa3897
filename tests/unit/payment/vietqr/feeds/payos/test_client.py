import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shop.payment.vietqr.feeds import http
from shop.payment.vietqr.feeds.base import FeedError, FeedUnavailable
from shop.payment.vietqr.feeds.payos import PayOS
from shop.payment.vietqr.feeds.payos.client import payos_confirm
from tests.fakes.banks import FakeBanks, Reply

CREDENTIALS = {"client_id": "client", "api_key": "key", "checksum_key": "checksum"}


@pytest.fixture
def banks(settings):
    with FakeBanks() as banks:
        settings.PAYOS_API = banks.url
        yield banks


@contextmanager
def shop(checksum_key="checksum"):
    """An address that answers as the shop's does; gives the address and the probes it saw."""
    probes = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            credentials = {"checksum_key": checksum_key}
            try:
                notice = PayOS().read(body=body, headers=self.headers, credentials=credentials, now=datetime.now(UTC))
                probes.append(notice.is_probe)
                status = 200
            except FeedError as error:
                status = error.status
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/ngan-hang/payos/abc/", probes
    finally:
        server.shutdown()
        server.server_close()


def failure(*arguments, **options) -> FeedUnavailable:
    with pytest.raises(FeedUnavailable) as error:
        payos_confirm(*arguments, **options)
    assert "key" not in str(error.value).removeprefix("credentials: api_key")
    return error.value


def test_registers_after_the_test_call(banks):
    with shop() as (address, probes):
        channel = payos_confirm(address, CREDENTIALS)
    assert probes == [True]
    assert banks.registered == [address]
    assert banks.asked == [("/confirm-webhook", {"webhookUrl": address})]
    assert (channel["webhookUrl"], channel["accountNumber"]) == (address, "12345678")


def test_again_is_harmless(banks):
    with shop() as (address, probes):
        assert payos_confirm(address, CREDENTIALS) == payos_confirm(address, CREDENTIALS)
    assert probes == [True, True]


def test_refused_when_we_refuse_the_test_call(banks):
    """As with a checksum key that was copied wrongly."""
    with shop(checksum_key="another") as (address, probes):
        assert failure(address, CREDENTIALS).code == "refused"
    assert (probes, banks.registered) == ([], [])


@pytest.mark.parametrize("address", ["", "ftp://127.0.0.1/", "http://127.0.0.1:1/"])
def test_refused_addresses(banks, address):
    assert failure(address, CREDENTIALS).code == "refused"
    assert banks.registered == []


@pytest.mark.parametrize("name", ["client_id", "api_key"])
def test_wrong_credentials(banks, name):
    with shop() as (address, probes):
        assert failure(address, {**CREDENTIALS, name: "wrong"}).code == "credentials"
    assert (probes, banks.registered) == ([], [])


@pytest.mark.parametrize("name", ["client_id", "api_key"])
@pytest.mark.parametrize("value", [None, "", " ", "a b", "ké", "a\nHost: x", "a\r\n", "\x00", "\ud800"])
def test_credentials_that_fit_no_header_are_not_sent(banks, name, value):
    assert failure("http://127.0.0.1/", {**CREDENTIALS, name: value}).code == "credentials"
    assert banks.asked == []


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(200, b""), "answer"),
        (Reply(200, b"<html>"), "answer"),
        (Reply(200, b"\xff"), "answer"),
        (Reply(200, []), "answer"),
        (Reply(200, {"code": "00"}), "answer"),
        (Reply(200, {"code": "00", "data": []}), "answer"),
        (Reply(200, b'{"code":"00","data":{}}'.ljust(http.MAX_ANSWER + 1)), "answer"),
        (Reply(200, {}), "refused"),
        (Reply(200, {"code": "20", "desc": "no"}), "refused"),
        (Reply(422, {}), "refused"),
        (Reply(404, {}), "refused"),
        (Reply(403, {}), "credentials"),
        (Reply(429, {}, {"Retry-After": "60"}), "rate"),
        (Reply(500, {}), "unreachable"),
        (Reply(201, {"code": "00", "data": {}}), "answer"),
    ],
)
def test_other_answers(banks, reply, code):
    banks.replies.append(reply)
    assert failure("http://127.0.0.1/", CREDENTIALS).code == code


def test_no_redirect_is_followed(banks):
    banks.replies.append(Reply(307, {}, {"Location": f"{banks.url}/confirm-webhook"}))
    assert failure("http://127.0.0.1/", CREDENTIALS).code == "answer"
    assert len(banks.asked) == 1


def test_nobody_there(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.PAYOS_API = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert failure("http://127.0.0.1/", CREDENTIALS).code == "unreachable"
