"""Asking a provider: time limits, no redirects, no more than so many bytes, and one kind of error."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.auth import AuthBase

from shop.payment.vietqr.feeds.base import FeedError, FeedUnavailable
from shop.payment.vietqr.feeds.reading import parse

TIMEOUT = (5, 15)  # seconds to connect, and between two pieces of an answer
DEADLINE = 30  # seconds for a whole answer, which may drip
MAX_ANSWER = 2 * 1024 * 1024  # bytes
_LONGEST_WAIT = 24 * 60 * 60  # seconds; what a Retry-After may say


class Headers(AuthBase):
    """Adds secret headers. Being the request's ``auth``, it also keeps a ``.netrc`` from replacing them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = dict(headers)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self.headers)
        return request


@dataclass(frozen=True)
class Answer:
    """Status, body and, when it was sent, the number of seconds of ``Retry-After``."""

    status: int
    body: bytes
    retry_after: int | None = None

    def json(self) -> Any:
        """The strictly read body. Raises :class:`FeedUnavailable`."""
        try:
            return parse(self.body)
        except FeedError as error:
            raise FeedUnavailable("answer", str(error)) from error


def key(credentials: Mapping[str, str], name: str) -> str:
    """A credential that fits into a header: visible ASCII. Raises :class:`FeedUnavailable`."""
    value = credentials.get(name) or ""
    if not value or not all("!" <= character <= "~" for character in value):
        raise FeedUnavailable("credentials", name)
    return value


def ask(send: Callable[..., requests.Response], url: str, *, secrets: Mapping[str, str], **options: Any) -> Answer:
    """Send with ``requests.get``, ``requests.post`` or the like. Raises :class:`FeedUnavailable`."""
    try:
        with send(
            url,
            auth=Headers(secrets),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
            **options,
        ) as response:
            wait = _seconds(response.headers.get("Retry-After", ""))
            return Answer(response.status_code, _body(response), wait)
    except (requests.RequestException, OSError) as error:
        raise FeedUnavailable("unreachable", type(error).__name__) from error


def expect_ok(answer: Answer) -> Answer:
    """The answer when it is a 200; otherwise :class:`FeedUnavailable` with the fitting code."""
    if answer.status == 200:
        return answer
    if answer.status in (401, 403):
        raise FeedUnavailable("credentials", f"status {answer.status}")
    if answer.status == 429:
        raise FeedUnavailable("rate", retry_after=answer.retry_after)
    raise FeedUnavailable("unreachable" if answer.status >= 500 else "answer", f"status {answer.status}")


def _body(response: requests.Response) -> bytes:
    pieces, size, end = [], 0, time.monotonic() + DEADLINE
    for piece in response.iter_content(64 * 1024):
        size += len(piece)
        if size > MAX_ANSWER:
            raise FeedUnavailable("answer", "huge")
        if time.monotonic() > end:
            raise FeedUnavailable("unreachable", "deadline")
        pieces.append(piece)
    return b"".join(pieces)


def _seconds(value: str) -> int | None:
    """The seconds of a Retry-After; the form with a date is not used by any provider here."""
    value = value.strip()
    return min(int(value), _LONGEST_WAIT) if value.isascii() and value.isdigit() and len(value) < 10 else None
