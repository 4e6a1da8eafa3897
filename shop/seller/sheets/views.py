"""``/ban-hang/hang/bang-tinh/``: goods in from a sheet. What takes long is done in the background."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shop.seller.products.guards import goods_only
from shop.seller.sheets.forms import UploadForm
from shop.seller.sheets.guards import own_job, size_limited
from shop.seller.views import SeeOther, frame
from shop.sheets.models import SheetJob, SheetRow
from shop.sheets.services import SheetError, job_create, job_drop, job_take
from shop.sheets.texts import fault_text, file_text

#: Rows that the page shows of each kind; all of the faults are in the list to download.
FIRST_LINES, FIRST_FAULTS, LAST_JOBS = 5, 20, 5
State = SheetJob.State


@require_safe
@goods_only
def sheets(request: HttpRequest) -> HttpResponse:
    """The template, the export, the way in, and what came in lately."""
    return sheets_page(request, UploadForm())


@goods_only
def too_large(request: HttpRequest) -> HttpResponse:
    """More than a sheet and its pictures may have."""
    form = UploadForm()
    return sheets_page(request, form, 413, problem=file_text("zip_size"))


@size_limited(too_large)
@require_POST
@goods_only
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the sheet and look at it in the background; nothing of it is in the shop yet."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return sheets_page(request, form, 422)
    data = form.cleaned_data
    try:
        kept = job_create(
            cooperative=request.workspace.cooperative,
            key=data["key"],
            name=data["file"].name,
            content=data["file"].read(),
            pictures=data["pictures"],
            by=request.workspace.by,
        )
    except SheetError as error:
        form.add_error(None, error_text(error))
        return sheets_page(request, form, 409)
    return to_job(kept)


@require_safe
@own_job
def job(request: HttpRequest, row: SheetJob) -> HttpResponse:
    """``…/<pk>/``: how far it is, what would change, what is wrong; then the result."""
    return job_page(request, row)


@require_safe
@own_job
def news(request: HttpRequest, row: SheetJob) -> JsonResponse:
    """``…/tin/``: whether the page is out of date."""
    return JsonResponse({"version": row.version})


@require_POST
@own_job
def take(request: HttpRequest, row: SheetJob) -> HttpResponse:
    """``…/nhap/``: the rows without faults go in; pressed twice it is once."""
    try:
        job_take(job=row, by=request.workspace.by)
    except SheetError as error:
        return job_page(request, row, error_text(error), 409)
    return to_job(row)


@require_POST
@own_job
def drop(request: HttpRequest, row: SheetJob) -> HttpResponse:
    """``…/bo/``: forget it, nothing has been changed."""
    try:
        job_drop(job=row, by=request.workspace.by)
    except SheetError as error:
        return job_page(request, row, error_text(error), 409)
    return SeeOther(reverse("seller:sheets"))


# -- Parts -------------------------------------------------------------------------------------------------------


def to_job(row: SheetJob) -> HttpResponse:
    return SeeOther(reverse("seller:sheets-job", kwargs={"pk": row.pk}))


def error_text(error: SheetError) -> str:
    texts = {"busy": _("Three sheets are being worked on already. Please wait until one of them is done.")}
    return texts.get(error.code, _("That is not possible now. This is how it stands at the moment."))


def sheets_page(request: HttpRequest, form: UploadForm, status: int = 200, problem: str = "") -> HttpResponse:
    jobs = SheetJob.objects.filter(cooperative=request.workspace.cooperative).exclude(state=State.DROPPED)
    context = frame(request) | {"form": form, "problem": problem, "jobs": jobs[:LAST_JOBS]}
    return render(request, "seller/sheets/sheets.html", context, status=status)


def job_page(request: HttpRequest, row: SheetJob, problem: str = "", status: int = 200) -> HttpResponse:
    row.refresh_from_db()
    is_running = row.state in (State.CHECKING, State.TAKING)
    context = frame(request) | {"job": row, "problem": problem, "is_running": is_running}
    if row.state == State.FAILED:
        context["failed"] = file_text(row.problem, row.problem_row)
    if row.state in (State.READY, State.DONE):
        context |= lines_shown(row)
    return render(request, "seller/sheets/job.html", context, status=status)


def lines_shown(row: SheetJob) -> dict[str, Any]:
    """The first rows of each kind, and how many could not be taken in the end."""
    lines = row.lines.order_by("number")
    faulty = lines.exclude(problems=[])
    kinds = SheetRow.Action
    return {
        "first_new": lines.filter(action=kinds.NEW)[:FIRST_LINES],
        "first_changed": lines.filter(action=kinds.CHANGED)[:FIRST_LINES],
        "faults": [(line, [fault_text(problem) for problem in line.problems]) for line in faulty[:FIRST_FAULTS]],
        "fault_count": faulty.count(),
        "left_out": lines.filter(state=SheetRow.State.REFUSED).count(),
        "taken": lines.filter(state=SheetRow.State.DONE).count(),
    }
