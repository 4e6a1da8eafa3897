"""Stripe's form encoding: ``line_items[0][price_data][currency]=vnd`` as nested dictionaries, read strictly."""

import re
from typing import Any
from urllib.parse import unquote_plus

from tests.fakes.stripe_double.errors import ApiError

NAME = re.compile(r"([a-z_0-9]+)((?:\[[^\[\]]*\])*)")
PART = re.compile(r"\[([^\[\]]*)\]")


def decode(text: str) -> dict[str, Any]:
    """The parameters as nested dictionaries of texts; a list is a dictionary with the keys "0", "1" and so on."""
    params: dict[str, Any] = {}
    for pair in filter(None, text.split("&")):
        name, sign, value = pair.partition("=")
        try:
            name, value = unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")
        except UnicodeDecodeError:
            raise ApiError("Invalid request (check that your POST data is UTF-8)") from None
        if not sign:
            raise ApiError(f"Invalid parameter without a value: {name}", param=name)
        put(params, path_of(name), value, name)
    return params


def path_of(name: str) -> list[str]:
    """``a[b][0]`` is ``["a", "b", "0"]``."""
    found = NAME.fullmatch(name)
    if not found:
        raise ApiError(f"Invalid parameter name: {name}", param=name)
    return [found[1], *PART.findall(found[2])]


def put(params: dict[str, Any], path: list[str], value: str, name: str) -> None:
    """Set one value; a parameter given twice, or as a value and as a group, is refused."""
    here = params
    for step in path[:-1]:
        here = here.setdefault(step or str(len(here)), {})
        if not isinstance(here, dict):
            raise ApiError(f"Invalid parameter given twice: {name}", param=name)
    last = path[-1] or str(len(here))
    if last in here:
        raise ApiError(f"Invalid parameter given twice: {name}", param=name)
    here[last] = value
