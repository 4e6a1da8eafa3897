"""``/ban-hang/dang-ky/``: apply to sell, step by step; later the cooperative's papers and identity."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.cooperatives.models import Cooperative
from shop.core.dates import today
from shop.onboarding.models import Application, Identity
from shop.onboarding.rules import rules_for
from shop.onboarding.services import (
    TERMS_VERSION,
    OnboardingError,
    application_send,
    application_start,
    dossier_open,
    name_of,
)
from shop.onboarding.steps import STEPS
from shop.seller.access import workspace_of
from shop.seller.apply.access import applications, layout, own_application, signed_in
from shop.seller.apply.forms import SendForm
from shop.seller.apply.texts import WORDS, problem_text, step_rows
from shop.seller.roles import may_open
from shop.seller.views import SeeOther


@require_safe
@signed_in
def entry(request: HttpRequest) -> HttpResponse:
    """``dang-ky/``: the cooperative's papers for its owner, else the person's own application, else how to begin."""
    workspace = workspace_of(request)
    mine = applications().filter(applicant=request.user, cooperative=None).first()
    if workspace and may_open(workspace.membership.role, "application"):
        request.workspace = workspace
        return dossier_page(request, workspace.cooperative)
    if mine:
        return redirect("seller:application-overview", pk=mine.pk)
    if workspace:
        return render(request, "seller/apply/not_owner.html", layout(request), status=403)
    return start_page(request)


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """``dang-ky/bat-dau/``: what is needed; a post opens the application."""
    if request.method != "POST":
        return start_page(request)
    application = application_start(user=request.user, by=name_of(request.user))
    return SeeOther(step_url(application, "seller"))


@require_POST
@signed_in
def dossier(request: HttpRequest) -> HttpResponse:
    """``dang-ky/ho-so/``: a place for the papers of a cooperative that sold here before it ever applied."""
    workspace = workspace_of(request)
    if workspace is None or not may_open(workspace.membership.role, "application"):
        raise Http404
    return SeeOther(step_url(dossier_open(cooperative=workspace.cooperative, by=workspace.by), "papers"))


@require_safe
@own_application
def overview(request: HttpRequest, application: Application) -> HttpResponse:
    """``dang-ky/<pk>/``: where it stands, and its steps."""
    if application.cooperative:
        return redirect("seller:application")
    return overview_page(request, application)


@own_application
def review(request: HttpRequest, application: Application) -> HttpResponse:
    """``dang-ky/<pk>/gui/``: all that was typed, the rules, and the button."""
    if not application.is_editable:
        return conflict(request, application, "state") if request.method == "POST" else back(application)
    if request.method != "POST":
        return review_page(request, application, SendForm())
    form = SendForm(request.POST)
    if not form.is_valid():
        return review_page(request, application, form, status=422)
    try:
        application_send(application=application, terms_version=TERMS_VERSION, by=name_of(request.user))
    except OnboardingError as error:
        return conflict(request, application, error.code)
    messages.success(request, _("Your application is on its way. The province answers by message."))
    return SeeOther(reverse("seller:application-overview", args=[application.pk]))


# -- Pages -------------------------------------------------------------------------------------------------------


def start_page(request: HttpRequest) -> HttpResponse:
    context = layout(request) | {"rules": rules_for(is_new=True, on=today()), "steps": step_titles()}
    return render(request, "seller/apply/start.html", context)


def overview_page(request: HttpRequest, application: Application, problem: str = "", status: int = 200) -> HttpResponse:
    rows = step_rows(application)
    context = layout(request) | {
        "application": application,
        "rows": rows,
        "is_complete": all(row.is_done for row in rows),
        "done": sum(row.is_done for row in rows),
        "problem": problem,
    }
    return render(request, "seller/apply/overview.html", context, status=status)


def review_page(request: HttpRequest, application: Application, form: SendForm, status: int = 200) -> HttpResponse:
    rows = step_rows(application)
    context = layout(request) | {
        "application": application,
        "rows": rows,
        "is_complete": all(row.is_done for row in rows),
        "form": form,
        "terms_version": TERMS_VERSION,
        "rules": rules_for(is_new=True, on=today()),
    }
    return render(request, "seller/apply/review.html", context, status=status)


def dossier_page(request: HttpRequest, cooperative: Cooperative, problem: str = "", status: int = 200) -> HttpResponse:
    """What the market knows about a seller: identity, papers, and by when something is due."""
    application = applications().filter(cooperative=cooperative).first()
    identity = Identity.objects.filter(cooperative=cooperative).first()
    state = identity.state() if identity else "missing"
    context = layout(request) | {
        "application": application,
        "identity": identity,
        "state": state,
        "rules": rules_for(is_new=state not in ("grace", "overdue"), on=today()),
        "papers": list(application.papers.all()) if application else [],
        "problem": problem,
    }
    return render(request, "seller/apply/dossier.html", context, status=status)


def conflict(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    """The application as it is now, with what stands in the way (409)."""
    fresh = applications().get(pk=application.pk)
    if fresh.cooperative and request.workspace:
        return dossier_page(request, fresh.cooperative, problem_text(code), 409)
    return overview_page(request, fresh, problem_text(code), 409)


def back(application: Application) -> HttpResponse:
    """To wherever the application is shown."""
    if application.cooperative_id:
        return SeeOther(reverse("seller:application"))
    return SeeOther(reverse("seller:application-overview", args=[application.pk]))


def step_url(application: Application, step: str) -> str:
    return reverse("seller:application-step", args=[application.pk, WORDS[step][0]])


def step_titles() -> list[dict[str, Any]]:
    """For the page before the first step."""
    return [{"title": WORDS[step][1], "note": WORDS[step][2], "icon": WORDS[step][3]} for step in STEPS]
