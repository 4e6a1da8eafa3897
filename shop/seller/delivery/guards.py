"""Who decides how goods are sent and what is taken off: those who answer for the goods."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from shop.delivery.models import DeliveryService
from shop.seller.access import members_only
from shop.seller.accounts.access import not_yours

NOT_YOURS = gettext_lazy("Only owners and sellers decide how goods are sent and which offers there are.")


def sellers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For owners and sellers, and operators who help; everybody else of the cooperative reads why not (403)."""

    return members_only(view, lambda request: not_yours(request, NOT_YOURS))


def own_service(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view a service of the person's cooperative; 404 for any other."""

    @sellers_only
    @wraps(view)
    def found(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        mine = DeliveryService.objects.filter(cooperative=request.workspace.cooperative).prefetch_related("rates")
        service = mine.filter(pk=pk).first() if pk < 2**63 else None
        if service is None:
            raise Http404
        return view(request, service, **kwargs)

    return found
