"""Somebody who listens to webhooks: keeps what it is told and answers as a test wants."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Receiver(ThreadingHTTPServer):
    """``heard`` is (path, body, signature) of every call; answers the next of ``statuses``, then 200."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.heard: list[tuple[str, bytes, str]] = []
        self.statuses: list[int] = []
        self.change = threading.Condition()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()

    def wait(self, number: int, timeout: float = 30) -> None:
        """Until so many calls have come; AssertionError when that takes too long."""
        with self.change:
            assert self.change.wait_for(lambda: len(self.heard) >= number, timeout), f"{len(self.heard)} calls came"


class Listener(BaseHTTPRequestHandler):
    """One call."""

    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.change:
            self.server.heard.append((self.path, body, self.headers["Stripe-Signature"]))
            status = self.server.statuses.pop(0) if self.server.statuses else 200
            self.server.change.notify_all()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""
