"""Who prints what, and what is said when nothing can be printed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.paper.answers import pdf_answer
from shop.paper.rendering import PaperError
from shop.seller.access import members_only
from shop.seller.views import frame

#: What a view of a document gives: the PDF and its name for people.
Document = tuple[bytes, str]


def printing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about paper, for the roles that ``roles.py`` names, which ``members_only`` asks."""

    return require_safe(members_only(view))


def document(view: Callable[..., Document]) -> Callable[..., HttpResponse]:
    """A PDF that opens in the browser; a page with the reason when there is nothing to print."""

    @printing
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            content, name = view(request)
        except PaperError as error:
            return problem_page(request, error)
        return pdf_answer(content, name)

    return answered


def problem_page(request: HttpRequest, error: PaperError) -> HttpResponse:
    """What stands in the way of printing, and the way on."""
    context = frame(request) | {
        "problem": problem_text(error),
        "left_out": [(number, reason_text(reason)) for number, reason in error.details.get("left_out", [])],
        "rest": error.details.get("rest", []),
    }
    status = {"none": 404 if error.details.get("named") else 409, "unavailable": 503, "busy": 503}.get(error.code, 409)
    return render(request, "seller/paper/problem.html", context, status=status)


def problem_text(error: PaperError) -> str:
    """A sentence for the person at the printer."""
    texts: dict[str, Any] = {
        "none": _("There is nothing to print here. Take an order first, or choose another one."),
        "left_out": _("Some of these orders cannot be printed:"),
        "too_many": _("That is too much at once: at most %(limit)s. Please choose fewer.") % {
            "limit": error.details.get("limit", "")
        },
        "no_account": _("You have no bank account here yet, so the poster has no code to show."),
        "busy": _("Somebody else is printing a lot just now. Please try again in a minute."),
        "unavailable": _("Printing does not work on this server just now. Please tell the province's officers."),
    }  # fmt: skip
    return texts[error.code]


def reason_text(reason: str) -> str:
    """Why an order has no paper."""
    texts = {
        "ended": _("cancelled or came back"),
        "unpaid": _("not paid yet"),
        "new": _("you have not taken it yet"),
    }
    return texts[reason]
