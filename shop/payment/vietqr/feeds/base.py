"""What a bank feed is, and what it tells: no database, no network, no Oscar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

STATUS = {"signature": 401, "stale": 401, "malformed": 400, "encoding": 400, "huge": 413}


class FeedError(Exception):
    """A call that must not be believed, or cannot be read. Nothing of it is to be stored.

    ``code`` says why: ``signature`` (missing, wrong, or no credentials to check it with), ``stale`` (signed, but more
    than five minutes from now), ``malformed`` (not the JSON or the fields we know), ``encoding`` (not UTF-8) or
    ``huge``. ``status`` is the HTTP status of the answer. The message names a field, never a value or a secret.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.status = STATUS[code]


class FeedUnavailable(Exception):
    """A provider's interface gave no usable answer.

    ``code`` says why: ``credentials`` (missing or refused: a person must look), ``rate`` (asked too often;
    ``retry_after`` holds seconds when the provider named them), ``unreachable`` (network, time-out, trouble on their
    side), ``answer`` (something else than documented) or ``refused`` (understood, and declined).
    """

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True)
class Line:
    """One movement on an account, as a feed tells it.

    ``foreign_id``: at most 100 characters, the same whenever and however the same movement is told. ``account`` and
    ``virtual_account``: letters and digits, separators dropped. ``amount``: dong, 1 to 13 digits, never negative:
    ``incoming`` says which way. ``memo``: at most 1,000 characters are kept. ``occurred_at``: aware. ``reference``:
    the bank's own. ``raw``: this line's JSON. No text holds a NUL or half a surrogate pair.
    """

    foreign_id: str
    account: str
    amount: int
    incoming: bool
    memo: str
    occurred_at: datetime
    virtual_account: str = ""
    reference: str = ""
    payer_bin: str = ""
    payer_number: str = ""
    payer_name: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Notice:
    """What one call told. A probe is the provider's test of the address: answer it, store nothing."""

    lines: tuple[Line, ...]
    is_probe: bool = False


@dataclass(frozen=True)
class Field:
    """One credential that a cooperative types in; a secret one is never shown again."""

    name: str
    label: Any
    secret: bool = True


class Feed(Protocol):
    """A service that calls us when money moves. Stateless; one instance serves every cooperative."""

    code: str
    label: Any
    fields: tuple[Field, ...]
    #: Body of the 2xx answer, as JSON.
    answer: dict[str, Any]

    def read(self, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], now: datetime) -> Notice:
        """Verify the call and tell what it says. ``now`` is aware. Raises :class:`FeedError`, and nothing else."""
