"""The controls over HTTP: the same as the methods of ``StripeDouble``, for tests in a browser and demonstrations."""

from collections.abc import Callable
from typing import Any

from tests.fakes.stripe_double.errors import ApiError

Form = dict[str, str]


def whole(form: Form, name: str) -> int | None:
    """A number, when it is there."""
    return int(form[name]) if name in form else None


VERBS: dict[str, Callable[[Any, Form], Any]] = {
    "hold": lambda double, form: double.hold(),
    "release": lambda double, form: double.release(
        order=reversed if form.get("order") == "reversed" else list, times=int(form.get("times", "1"))
    ),
    "resend": lambda double, form: double.resend(form["event"], times=int(form.get("times", "1"))),
    "delay": lambda double, form: double.delay(float(form["seconds"])),
    "advance": lambda double, form: double.advance(int(form["seconds"])),
    "fault": lambda double, form: double.faults.append(form["kind"]),
    "account": lambda double, form: double.account_add(form["account"], form.get("charges_enabled", "1") == "1"),
    "expire": lambda double, form: double.expire(form["session"]),
    "finish": lambda double, form: double.async_finish(form["session"], ok=form.get("ok", "1") == "1"),
    "refund_finish": lambda double, form: double.refund_finish(form["refund"], form["status"]),
    "dispute": lambda double, form: double.dispute_open(
        form["payment_intent"], amount=whole(form, "amount"), status=form.get("status", "needs_response")
    ),
    "dispute_close": lambda double, form: double.dispute_close(form["dispute"], form["status"]),
}
READ: dict[str, Callable[[Any], Any]] = {
    "events": lambda double: double.events,
    "sessions": lambda double: double.sessions,
}


def run(double: Any, method: str, verb: str, form: Form) -> Any:
    """Carry out one control; ApiError 404 for an unknown one."""
    if method == "GET" and verb in READ:
        return {"object": "list", "data": READ[verb](double)}
    if method == "POST" and verb in VERBS:
        return {"done": True, "result": VERBS[verb](double, form)}
    raise ApiError(f"No such control: {method} {verb}", status=404)
