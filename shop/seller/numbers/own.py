"""``/ban-hang/du-lieu/``: the owner takes everything of the cooperative away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shop.core.private import private_response
from shop.numbers.models import DataExport
from shop.numbers.owndata.services import archive_ask
from shop.seller.accounts.access import people_only
from shop.seller.accounts.proof import is_proven, proof_url
from shop.seller.pages import frame
from shop.seller.roles import OWNER
from shop.seller.views import SeeOther

LAST = 5
NOT_OWNER = gettext_lazy("Only the owner takes the cooperative's data away. Please ask them.")
owners_only = people_only(OWNER, NOT_OWNER)


@require_safe
@owners_only
def overview(request: HttpRequest) -> HttpResponse:
    """What is in the archive, and the ones that there are."""
    exports = list(DataExport.objects.filter(cooperative=request.workspace.cooperative)[:LAST])
    waiting = next((row for row in exports if row.state == DataExport.State.WAITING), None)
    context = frame(request) | {"exports": exports, "waiting": waiting, "version": version_of(exports)}
    context |= {"proven": is_proven(request), "proof_url": proof_url(request.path)}
    return render(request, "seller/numbers/own.html", context)


@require_POST
@owners_only
def start(request: HttpRequest) -> HttpResponse:
    """Have one built. Who has to prove who they are first comes back to the button."""
    if not is_proven(request):
        return SeeOther(proof_url(reverse("seller:own-data")))
    archive_ask(cooperative=request.workspace.cooperative, by=request.workspace.by)
    messages.success(request, _("We are putting your data together. You may go on working."))
    return SeeOther(reverse("seller:own-data"))


@require_safe
@owners_only
def news(request: HttpRequest) -> HttpResponse:
    """How far it is, for the script of the page."""
    exports = DataExport.objects.filter(cooperative=request.workspace.cooperative)[:LAST]
    return JsonResponse({"version": version_of(exports)})


@require_safe
@owners_only
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive itself; it is gone after a week."""
    export = DataExport.objects.filter(pk=pk, cooperative=request.workspace.cooperative).first()
    if export is None:
        raise Http404
    if not is_proven(request):
        return SeeOther(proof_url(request.path))
    if not export.can_be_fetched:
        messages.error(request, _("That file is gone. Have a new one put together."))
        return SeeOther(reverse("seller:own-data"))
    name = f"du-lieu-{request.workspace.cooperative.slug}-{export.created_at:%Y%m%d}.zip"
    return private_response(export.file, content_type="application/zip", name=name)


def version_of(exports) -> str:
    """Changes when anything on the page does."""
    return "-".join(f"{row.pk}.{row.state}.{row.done}" for row in exports)
