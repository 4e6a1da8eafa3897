"""What may stand in an entry: plain values, cut to a bearable length, without secrets."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

#: Characters of one text, entries of one mapping or list, levels of nesting, characters of the whole.
TEXT_LIMIT, ITEM_LIMIT, DEPTH_LIMIT, TOTAL_LIMIT = 500, 60, 4, 60_000
MASK = "······"
#: A value whose name contains one of these is masked: that it changed is told, what it is never.
SECRET_NAMES = (
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "private_key",
    "checksum_key",
    "credential",
    "one_time_code",
)


def canonical(value: Any) -> str:
    """The one way to write a JSON value: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides reduced to the keys that differ; a key that one side lacks differs.

    ``changes({"a": 1, "b": 2}, {"a": 1, "b": 3})`` gives ``({"b": 2}, {"b": 3})``.
    """
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    return (
        {key: value for key, value in before.items() if key not in same},
        {key: value for key, value in after.items() if key not in same},
    )


def values_text(values: Mapping[str, Any] | None) -> str:
    """The canonical JSON of a mapping, ready to be stored.

    Texts are cut to TEXT_LIMIT characters, moments become ISO texts (in UTC), decimals texts; secrets are masked.
    Raises TypeError for a value without an exact written form (a float, an object) and ValueError for too much of it.
    """
    text = canonical(None if values is None else mapping_clean(values, depth=1))
    if len(text) > TOTAL_LIMIT:
        raise ValueError(f"An audit entry holds {TOTAL_LIMIT} characters, not {len(text)}.")
    return text


def mapping_clean(values: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """A plain dictionary; the values of secret names are masked, empty ones stay empty."""
    if len(values) > ITEM_LIMIT:
        raise ValueError(f"An audit entry holds {ITEM_LIMIT} values, not {len(values)}.")
    return {
        text_clean(key): MASK if value and is_secret(key) else value_clean(value, depth)
        for key, value in values.items()
    }


def is_secret(name: str) -> bool:
    """Does the name say that its value is nobody's business?"""
    return any(word in str(name).lower() for word in SECRET_NAMES)


def value_clean(value: Any, depth: int = 0) -> Any:
    """One value as JSON knows it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Mapping | list | tuple):
        return container_clean(value, depth + 1)
    return text_clean(scalar_text(value))


def container_clean(value: Mapping | list | tuple, depth: int) -> Any:
    """A mapping or a list within another; nesting has an end."""
    if depth > DEPTH_LIMIT:
        raise ValueError(f"An audit entry nests {DEPTH_LIMIT} levels deep at most.")
    if isinstance(value, Mapping):
        return mapping_clean(value, depth)
    if len(value) > ITEM_LIMIT:
        raise ValueError(f"A list in an audit entry holds {ITEM_LIMIT} values, not {len(value)}.")
    return [value_clean(item, depth) for item in value]


def scalar_text(value: Any) -> str:
    """The exact written form of a text, a moment, a decimal or an identifier; TypeError for anything else."""
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str | Promise | Decimal | UUID):
        return str(value)
    raise TypeError(f"An audit entry cannot hold a {type(value).__name__}.")


def text_clean(value: str, limit: int = TEXT_LIMIT) -> str:
    """Cut to ``limit`` characters, with an ellipsis; without what a database or UTF-8 cannot keep."""
    text = str(value).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return text if len(text) <= limit else text[: limit - 1] + "…"
