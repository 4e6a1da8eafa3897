"""Who may look at an application: the applicant; once it became a cooperative, that cooperative's owners."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse

from shop.cooperatives.models import Cooperative
from shop.onboarding.models import Application, Paper
from shop.seller.access import NotYourTask, Workspace, guest_of, signed_in_only, workspace_of
from shop.seller.roles import may_open
from shop.seller.views import frame


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Strangers sign in first. Nothing is ever cached. The person need not belong to a cooperative."""

    @signed_in_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.workspace = None
        return view(request, *args, **kwargs)

    return guarded


def own_application(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the application of that number if it is the person's; 404 for everybody else."""

    @signed_in
    @wraps(view)
    def found(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        application = applications().filter(pk=pk).first()
        if application is None or not is_for(request, application):
            raise Http404
        return view(request, application, **kwargs)

    return found


def applications() -> Any:
    """With what every page about them shows."""
    return Application.objects.select_related("cooperative", "applicant").prefetch_related(
        Prefetch("papers", Paper.objects.prefetch_related("scans")), "comments"
    )


def is_for(request: HttpRequest, application: Application) -> bool:
    """Whether the person may see it; sets ``request.workspace`` for a cooperative's people."""
    if application.cooperative is None:
        return application.applicant_id == request.user.pk
    workspace = workspace_at(request, application.cooperative)
    if workspace is None or not may_open(workspace.membership.role, "application"):
        return False
    request.workspace = workspace
    return True


def workspace_at(request: HttpRequest, cooperative: Cooperative) -> Workspace | None:
    """The person within that cooperative, also an operator who looks after it; None for strangers to it."""
    here = workspace_of(request)
    try:
        within = here.within(cooperative.pk) if here else None
    except NotYourTask:
        return None
    if within:
        return within
    guest = guest_of(request.user, cooperative.slug)
    return Workspace(guest, [guest]) if guest else None


def layout(request: HttpRequest) -> dict[str, Any]:
    """The workspace's frame for a cooperative's people, a plain page for those who have none yet."""
    if request.workspace:
        return frame(request) | {"layout": "seller/base.html"}
    return {"layout": "seller/apply/outside.html"}
