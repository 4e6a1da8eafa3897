"""Who may look at a cooperative's money, and the frame of every decision about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.payment.refunds.services import RefundError
from shop.reconciliation.services import LineError
from shop.seller.access import members_only, own
from shop.seller.views import frame


class Blocked(Exception):
    """The step is not possible now; the text is for the person. 503 when it may be possible in a moment."""

    def __init__(self, text: str, status: int = 409) -> None:
        super().__init__(text)
        self.status = status


def closed(request: HttpRequest) -> HttpResponse:
    """Not this person's task."""
    return render(request, "seller/money/closed.html", frame(request), status=403)


def money_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For people of the cooperative who handle money; packers get a page that says whom to ask (403)."""
    return members_only(view, closed)


def own_row(model: Any) -> Callable[..., Callable[..., HttpResponse]]:
    """The view gets the row; the link leads into its cooperative. Other cooperatives' rows do not exist (404)."""
    return own(lambda pk: model.objects.filter(pk=pk).first(), refused=closed)


def decision(model: Any, page: Callable[..., HttpResponse]) -> Callable[..., Callable[..., HttpResponse]]:
    """A post that changes a row; what stands in its way is said on the row's page as it is now (409)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_POST
        @own_row(model)
        @wraps(view)
        def decided(request: HttpRequest, row: Any) -> HttpResponse:
            try:
                return view(request, row)
            except Blocked as error:
                text, status = str(error), error.status
            except (LineError, RefundError) as error:
                text, status = problem_text(error.code), 409
            return page(request, row, problem=text, status=status, forms=getattr(request, "typed", {}))

        return decided

    return decorate


def typed(request: HttpRequest, name: str, form: Any) -> Any:
    """The form, remembered under its name in the page's template: a page that says no shows what was typed."""
    request.typed = {name: form}
    return form


def problem_text(code: str) -> str:
    """What stands in the way of a step, and what to do."""
    texts = {
        "state": _("Somebody has already decided about this money. This is how it stands now."),
        "no_stock": _("The goods of this order are gone, so nothing was changed. Pay the money back, or try again "
                      "once you have stock."),
        "ended": _("This order was cancelled, so it takes no money. Pay the money back instead."),
        "paid": _("This order is paid already. Choose another one, or pay the money back."),
        "amount": _("This sum is too large for one order. Please call the province's officers."),
        "on_the_way": _("The goods are packed or on their way, so this cannot be undone any more."),
        "paid_back": _("The money has been paid back already, so this cannot be undone any more."),
        "dropped": _("Somebody has decided that this is not owed after all."),
        "too_much": _("The order has less money than that. Please look at it again."),
    }  # fmt: skip
    return texts.get(code, _("That is not possible now. Please look again."))
