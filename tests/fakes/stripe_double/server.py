"""HTTP: the API under /v1/, the buyer's pages under /c/, and controls for tests under /_control/."""

import json
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from stripe import api_version

from tests.fakes.stripe_double import controls, pages, sessions
from tests.fakes.stripe_double.api import Question, answer
from tests.fakes.stripe_double.errors import ApiError

BODY_LIMIT = 1_000_000


class Server(ThreadingHTTPServer):
    """Knows its double."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], double: Any) -> None:
        self.double = double
        super().__init__(address, Handler)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.route(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            self.close_connection = True
            self.reply(413, "text/plain", b"")
            return
        self.route(self.rfile.read(int(length)))

    def do_DELETE(self) -> None:
        self.route(b"")

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""

    def route(self, body: bytes) -> None:
        """By the first part of the path."""
        path = self.path.partition("?")[0]
        if path.startswith("/c/"):
            self.page(path.strip("/").split("/"), body)
        elif path.startswith("/_control/"):
            self.control(path.removeprefix("/_control/"), body)
        else:
            self.api(body)

    # -- The API --------------------------------------------------------------------------------------------------

    def api(self, body: bytes) -> None:
        """Answer as Stripe does, or break down as a test wants it."""
        double = self.server.double
        question = Question(self.command, self.path, self.headers, body)
        double.requests.append(question)
        fault = double.faults.pop(0) if double.faults else ""
        if fault in ("error", "limit"):
            status = 500 if fault == "error" else 429
            self.reply_json(status, {"error": {"message": "An error on purpose.", "type": "api_error"}})
            return
        status, thing, headers = answer(double.store, double.public_url, question)
        if fault == "lost":
            self.close_connection = True
            return
        self.reply_json(status, thing, headers | {"Stripe-Version": api_version})

    def reply_json(self, status: int, thing: Any, headers: dict[str, str] | None = None) -> None:
        """JSON with a number of the request."""
        extra = {"Request-Id": f"req_{secrets.token_hex(8)}", **(headers or {})}
        self.reply(status, "application/json", json.dumps(thing).encode(), extra)

    # -- The buyer's pages ----------------------------------------------------------------------------------------

    def page(self, parts: list[str], body: bytes) -> None:
        """``/c/pay/<id>`` and ``/c/challenge/<id>``."""
        store = self.server.double.store
        with store.lock:
            sessions.sweep(store)
            try:
                account = store.owner(parts[-1])
                session = store.get(account, parts[-1])
            except ApiError:
                self.html(404, pages.notice_page(None, "unknown"))
                return
            if session["object"] != "checkout.session" or parts[1] not in ("pay", "challenge"):
                self.html(404, pages.notice_page(None, "unknown"))
            elif session["status"] == "expired":
                self.html(410, pages.notice_page(session["locale"], "expired"))
            elif session["status"] == "complete":
                self.redirect(back(session))
            elif self.command == "POST":
                self.press(account, session, parts[1], parse_qs(body.decode("utf-8", "replace")))
            else:
                self.show(session, parts[1])

    def show(self, session: dict[str, Any], kind: str) -> None:
        """The page itself."""
        asked = self.server.double.store.asked[session["id"]]
        if kind == "challenge":
            self.html(200, pages.challenge_page(session))
        else:
            self.html(200, pages.pay_page(session, asked["items"], asked["error"]))

    def press(self, account: str, session: dict[str, Any], kind: str, form: dict[str, list[str]]) -> None:
        """A button was pressed."""
        store = self.server.double.store
        card, reply = form.get("card", [""])[0], form.get("answer", [""])[0]
        if kind == "challenge":
            sessions.session_answer(store, account, session, reply == "complete")
        elif card == "cancel":
            self.redirect(session["cancel_url"] or session["success_url"])
            return
        elif card == "later":
            sessions.session_later(store, account, session)
        elif card == sessions.SECURE:
            sessions.session_challenge(store, account, session)
            self.redirect(f"/c/challenge/{session['id']}")
            return
        elif card in (sessions.PLAIN, sessions.DECLINED):
            sessions.session_pay(store, account, session, card)
        self.redirect(back(session) if session["status"] == "complete" else f"/c/pay/{session['id']}")

    # -- Controls -------------------------------------------------------------------------------------------------

    def control(self, verb: str, body: bytes) -> None:
        """What a test, or the operator of a demonstration, makes happen."""
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        try:
            self.reply_json(200, controls.run(self.server.double, self.command, verb, form))
        except ApiError as refused:
            self.reply_json(refused.status, refused.body)
        except (KeyError, ValueError) as error:
            self.reply_json(400, {"error": {"message": f"{type(error).__name__}: {error}"}})

    # -- Answers --------------------------------------------------------------------------------------------------

    def html(self, status: int, text: str) -> None:
        self.reply(status, "text/html; charset=utf-8", text.encode(), {"Cache-Control": "no-store"})

    def redirect(self, where: str) -> None:
        self.reply(303, "text/plain", b"", {"Location": where})

    def reply(self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value.replace("\r", "").replace("\n", ""))
        self.end_headers()
        self.wfile.write(body)


def back(session: dict[str, Any]) -> str:
    """Where a buyer who has paid goes."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
