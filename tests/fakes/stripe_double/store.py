"""Everything the double knows, in memory, behind one lock; objects belong to the account that they were made for."""

import copy
import secrets
import string
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.stripe_double.errors import ApiError, missing

Thing = dict[str, Any]
LETTERS = string.ascii_letters + string.digits
KINDS = {"cs_": "checkout.session", "pi_": "payment_intent", "ch_": "charge", "re_": "refund", "tr_": "transfer"}
KINDS |= {"du_": "dispute"}
EXPANDABLE = {"payment_intent", "latest_charge", "charge", "source_transaction"}


@dataclass
class Store:
    """Objects by (account, id); "" is the platform's own account."""

    lock: Any = field(default_factory=threading.RLock)
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    accounts: dict[str, Thing] = field(default_factory=dict)
    #: Answers by (account, key): what was asked, and what was answered.
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: Questions that a page asks besides what the API shows: the cancel address of a page and the like.
    asked: dict[str, Thing] = field(default_factory=dict)
    offset: float = 0
    #: Called with account, type and object for everything that a webhook tells.
    emit: Callable[[str, str, Thing], None] = lambda account, kind, thing: None
    #: What new refunds are at first: cards pay back at once, other ways take days.
    refund_status: str = "succeeded"

    def now(self) -> int:
        """Unix seconds of the double's clock."""
        return int(time.time() + self.offset)

    def add(self, account: str, thing: Thing) -> Thing:
        """Keep a new object."""
        self.things[account, thing["id"]] = thing
        return thing

    def get(self, account: str, name: str) -> Thing:
        """An object of this account, or 404."""
        found = self.things.get((account, name))
        if found is None:
            raise missing(KINDS.get(name[:3], "object"), name)
        return found

    def all(self, account: str, kind: str) -> list[Thing]:
        """Objects of one kind, the newest first."""
        mine = [thing for (owner, _), thing in self.things.items() if owner == account and thing["object"] == kind]
        return mine[::-1]

    def owner(self, name: str) -> str:
        """The account that an object belongs to."""
        for account, known in self.things:
            if known == name:
                return account
        raise missing(KINDS.get(name[:3], "object"), name)

    def shown(self, account: str, thing: Thing, expand: list[str]) -> Thing:
        """A copy as the API shows it, with the ids named in ``expand`` replaced by their objects."""
        copied = copy.deepcopy(thing)
        for path in expand:
            self.expand(account, copied, path.split("."), path)
        return copied

    def expand(self, account: str, thing: Thing, steps: list[str], path: str) -> None:
        """Follow one path."""
        name, rest = steps[0], steps[1:]
        if name == "data" and isinstance(thing.get("data"), list):
            for entry in thing["data"]:
                self.expand(account, entry, rest, path)
            return
        if name not in thing:
            raise ApiError(f"This property cannot be expanded ({path}).", param="expand")
        if isinstance(thing[name], str):
            thing[name] = copy.deepcopy(self.get(account, thing[name]))
        if rest and thing[name] is not None:
            self.expand(account, thing[name], rest, path)


def check_expand(paths: list[str]) -> None:
    """Only ids of other objects can be replaced by those."""
    for path in paths:
        if not set(path.split(".")) <= EXPANDABLE | {"data"}:
            raise ApiError(f"This property cannot be expanded ({path}).", param="expand")


def new_id(prefix: str, length: int = 24) -> str:
    """A name that nobody guesses."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))
