"""``/don-hang/<code>/hop-dong.pdf``: the contract of each order of the purchase, for whoever has its link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.core.codes import clean_number
from shop.order.models import Order
from shop.paper import documents
from shop.paper.answers import pdf_answer
from shop.paper.parcels import parcels_with_all
from shop.paper.rendering import PaperError
from shop.storefront.orders.pages import problem_page
from shop.storefront.orders.panels import group_or_404


@require_safe
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """All orders of the purchase, or the one of ``?don=``; 404 for an order of another purchase."""
    group = group_or_404(code)
    orders = Order.objects.filter(membership__group=group)
    if request.GET.get("don"):
        orders = orders.filter(number=clean_number(request.GET["don"]))
    parcels = parcels_with_all(orders)
    if not parcels:
        raise Http404
    try:
        content = documents.contracts(parcels)
    except PaperError:
        text = _("The contract cannot be made just now. Please try again in a minute.")
        return problem_page(request, group, text, status=503)
    return pdf_answer(content, f"{_('Contract')} {parcels[0].number}")
