"""Parameters against the typed parameters that stripe-python publishes: nothing unknown, every value of its type."""

import re
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe import _request_options
from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from tests.fakes.stripe_double.errors import ApiError

# https://docs.stripe.com/api/metadata
METADATA_KEYS, METADATA_KEY, METADATA_VALUE = 50, 40, 500
WHOLE = re.compile(r"-?[0-9]{1,18}")
FRACTION = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")

# Names that the inherited options' types use; one of them exists for type checkers only.
OPTION_NAMES = {**vars(_request_options), "StripeContext": object}


@cache
def fields_of(typed: type) -> dict[str, Any]:
    """Names and types of a parameter class, without the options that travel as headers."""
    hints = get_type_hints(typed, localns=OPTION_NAMES)
    return {name: kind for name, kind in hints.items() if name not in RequestOptions.__annotations__}


def check(params: dict[str, Any], typed: type, path: str = "") -> dict[str, Any]:
    """The parameters with numbers, switches and lists as such; ApiError for the first that does not fit."""
    fields = fields_of(typed)
    for name in params:
        if name not in fields:
            where = inner(path, name)
            raise ApiError(f"Received unknown parameter: {where}", code="parameter_unknown", param=where)
    for name in sorted(typed.__required_keys__ & set(fields) - set(params)):
        where = inner(path, name)
        raise ApiError(f"Missing required param: {where}.", code="parameter_missing", param=where)
    return {name: convert(value, fields[name], inner(path, name)) for name, value in params.items()}


def inner(path: str, name: str) -> str:
    """``a`` and ``b`` give ``a[b]``."""
    return f"{path}[{name}]" if path else name


def convert(value: Any, kind: Any, path: str) -> Any:
    """One value in its type."""
    if get_origin(kind) in (Union, UnionType):
        return convert_union(value, get_args(kind), path)
    if isinstance(value, dict):
        return convert_group(value, kind, path)
    if get_origin(kind) is Literal:
        return convert_choice(value, get_args(kind), path)
    if kind is int:
        return int(matching(value, WHOLE, "integer", path))
    if kind is Decimal:
        return Decimal(matching(value, FRACTION, "decimal", path))
    if kind is bool:
        return convert_choice(value, ("true", "false"), path) == "true"
    if kind is str:
        return value
    raise ApiError(f"Invalid {path}: expected an object or a list", param=path)


def convert_union(value: Any, members: tuple, path: str) -> Any:
    """The member that fits. Where names are listed only those are taken, although the library allows any text."""
    names = [name for member in members if get_origin(member) is Literal for name in get_args(member)]
    if isinstance(value, dict):
        groups = [member for member in members if is_group(member)]
        return convert_group(value, groups[0] if groups else str, path)
    others = [member for member in members if member in (int, bool, Decimal)]
    if names and not others:
        return convert_choice(value, names, path)
    return convert(value, others[0] if others else str, path)


def is_group(kind: Any) -> bool:
    """A list, free pairs or a class of parameters."""
    return get_origin(kind) in (list, dict) or is_typeddict(kind)


def convert_group(value: dict[str, Any], kind: Any, path: str) -> Any:
    """Free pairs, a list or a class of parameters."""
    if get_origin(kind) is dict:
        return check_metadata(value, path)
    if get_origin(kind) is list:
        if set(value) != {str(index) for index in range(len(value))}:
            raise ApiError(f"Invalid array: {path}", param=path)
        return [convert(value[str(i)], get_args(kind)[0], f"{path}[{i}]") for i in range(len(value))]
    if is_typeddict(kind):
        return check(value, kind, path)
    raise ApiError(f"Invalid {path}: unexpected object", param=path)


def convert_choice(value: str, names: Any, path: str) -> str:
    """One of the names."""
    if value not in names:
        listed = ", ".join(str(name) for name in names)
        raise ApiError(f"Invalid {path}: must be one of {listed}", param=path)
    return value


def matching(value: str, pattern: re.Pattern, what: str, path: str) -> str:
    """A number as text, or the refusal."""
    if not pattern.fullmatch(value):
        raise ApiError(f"Invalid {what}: {value}", code=f"parameter_invalid_{what}", param=path)
    return value


def check_metadata(pairs: dict[str, Any], path: str) -> dict[str, str]:
    """Stripe's limits of metadata."""
    if len(pairs) > METADATA_KEYS:
        raise ApiError(f"Metadata can hold {METADATA_KEYS} keys", param=path)
    for name, value in pairs.items():
        if not isinstance(value, str) or len(name) > METADATA_KEY or len(value) > METADATA_VALUE:
            raise ApiError(f"Invalid metadata: {name}", param=inner(path, name))
    return pairs
