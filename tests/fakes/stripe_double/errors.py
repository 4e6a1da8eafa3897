"""Refusals in the shape that Stripe gives them."""

from typing import Any


class ApiError(Exception):
    """One error answer. ``kept``: the request was carried out as far as this, so its key answers the same again."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        kept: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        details = {"message": message, "type": kind, "code": code, "param": param}
        self.body: dict[str, Any] = {"error": {name: value for name, value in details.items() if value}}


def missing(what: str, name: str) -> ApiError:
    """404 for an object that this account does not have."""
    return ApiError(f"No such {what}: '{name}'", status=404, code="resource_missing", param="id")
