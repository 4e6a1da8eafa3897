"""Papers of an application and their scans: add, change, remove, look at."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.core.private import private_response
from shop.onboarding.models import Application, ApplicationFile, Paper
from shop.onboarding.services import OnboardingError, file_add, file_remove, name_of, paper_remove, paper_save
from shop.onboarding.steps import may_change
from shop.seller.apply.access import layout, own_application
from shop.seller.apply.forms import PaperForm
from shop.seller.apply.views import back, conflict, step_url
from shop.seller.views import SeeOther


@own_application
def paper(request: HttpRequest, application: Application, paper: int = 0) -> HttpResponse:
    """``dang-ky/<pk>/giay-to/them/`` and ``…/giay-to/<paper>/``: a new paper, or a known one."""
    known = paper_of(application, paper) if paper else None
    if not may_change(application, "papers"):
        return conflict(request, application, "state") if request.method == "POST" else back(application)
    if request.method != "POST":
        return paper_page(request, application, known, PaperForm(initial=initial_of(known)))
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return paper_page(request, application, known, form, status=422)
    by = name_of(request.user)
    try:
        row = paper_save(application=application, values=form.values(), paper=known, by=by)
        for scan in form.cleaned_data["scans"]:
            file_add(application=application, paper=row, file=scan, by=by)
    except OnboardingError as error:
        return conflict(request, application, error.code)
    messages.success(request, _("The paper is saved."))
    return SeeOther(step_url(application, "papers"))


@require_POST
@own_application
def remove(request: HttpRequest, application: Application, paper: int) -> HttpResponse:
    """Drop a paper and its scans; again, or in another tab: nothing more happens."""
    known = application.papers.filter(pk=paper).first()
    try:
        if known:
            paper_remove(paper=known, by=name_of(request.user))
    except OnboardingError as error:
        return conflict(request, application, error.code)
    return SeeOther(step_url(application, "papers"))


@require_safe
@own_application
def file(request: HttpRequest, application: Application, file: int) -> HttpResponse:
    """``dang-ky/<pk>/tep/<file>/``: a scan, for those who may see the application."""
    row = file_of(application, file)
    try:
        return private_response(row.file, content_type=row.content_type, name=row.download_name)
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@own_application
def file_drop(request: HttpRequest, application: Application, file: int) -> HttpResponse:
    """Drop one scan."""
    row = application.files.filter(pk=file).first()
    try:
        if row:
            file_remove(file=row, by=name_of(request.user))
    except OnboardingError as error:
        return conflict(request, application, error.code)
    return SeeOther(step_url(application, "identity" if request.POST.get("step") == "identity" else "papers"))


# -- Parts -------------------------------------------------------------------------------------------------------


def paper_of(application: Application, pk: int) -> Paper:
    found = application.papers.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def file_of(application: Application, pk: int) -> ApplicationFile:
    found = application.files.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def initial_of(paper: Paper | None) -> dict[str, Any]:
    fields = ("kind", "number", "issuer", "expires_on")
    return {name: getattr(paper, name) for name in fields} if paper else {}


def paper_page(
    request: HttpRequest, application: Application, known: Paper | None, form: PaperForm, status: int = 200
) -> HttpResponse:
    context = layout(request) | {
        "application": application,
        "paper": known,
        "scans": list(known.scans.all()) if known else [],
        "form": form,
    }
    return render(request, "seller/apply/paper.html", context, status=status)
