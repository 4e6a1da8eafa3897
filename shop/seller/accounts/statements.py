"""``/ban-hang/tien/sao-ke/``: a bank statement from upload over its preview into the books."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.core.tables.table import MAX_BYTES
from shop.payment.vietqr.models import StatementFile
from shop.payment.vietqr.statements import Reading, StatementError, Table, error_text, lines_of, problem_text
from shop.reconciliation.statements import (
    known_keys,
    mapping_for,
    statement_import,
    statement_keep,
    statement_table,
)
from shop.seller.accounts.statement_forms import ColumnsForm, UploadForm
from shop.seller.money.guards import money_only, own_row
from shop.seller.views import SeeOther, frame

#: A multipart form around the largest file.
MAX_REQUEST = MAX_BYTES + 64 * 1024
FIRST_LINES, FIRST_PROBLEMS, LAST_FILES = 10, 20, 5


def size_limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a huge upload by its announced length, before anything reads it: also the check of the token comes after.

    The page that says so needs nothing of the body.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and (not length.isdecimal() or int(length) > MAX_REQUEST):
            return too_large(request)
        return protected(request, *args, **kwargs)

    return guarded


@money_only
def too_large(request: HttpRequest) -> HttpResponse:
    """The upload page with the reason beside the field."""
    form = UploadForm(cooperative=request.workspace.cooperative)
    return upload_page(request, form, error_text(StatementError("huge")), 413)


@size_limited
@require_http_methods(["GET", "HEAD", "POST"])
@money_only
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is kept for its preview, and nothing of it is in the books yet."""
    cooperative = request.workspace.cooperative
    if request.method != "POST":
        return upload_page(request, UploadForm(cooperative=cooperative))
    form = UploadForm(request.POST, request.FILES, cooperative=cooperative)
    if not form.is_valid():
        return upload_page(request, form, status=422)
    file = form.cleaned_data["file"]
    try:
        kept = statement_keep(
            cooperative=cooperative,
            account=form.cleaned_data["account"],
            name=file.name,
            content=file.read(),
            by=request.workspace.by,
        )
    except StatementError as error:
        form.add_error("file", error_text(error))
        return upload_page(request, form, status=422)
    return SeeOther(reverse("seller:statement-preview", kwargs={"pk": kept.pk}))


@require_safe
@own_row(StatementFile)
def preview(request: HttpRequest, file: StatementFile) -> HttpResponse:
    """``…/<pk>/``: what was understood. The columns may be corrected: the form asks this page again."""
    if file.imported_at:
        return SeeOther(reverse("seller:statement-done", kwargs={"pk": file.pk}))
    return preview_page(request, file, request.GET if "heading" in request.GET else None)


@require_POST
@own_row(StatementFile)
def take(request: HttpRequest, file: StatementFile) -> HttpResponse:
    """``…/<pk>/nhap/``: into the books with it; pressed twice it is one import."""
    done = SeeOther(reverse("seller:statement-done", kwargs={"pk": file.pk}))
    if file.imported_at:
        return done
    table = statement_table(file)
    columns = ColumnsForm(request.POST, table=table, mapping=mapping_for(file, table))
    mapping = columns.mapping()
    try:
        if mapping is None or not lines_of(table, mapping).lines:
            return preview_page(request, file, request.POST, status=422)
        statement_import(file=file, mapping=mapping, by=request.workspace.by)
    except StatementError as error:
        return done if error.code == "imported" else preview_page(request, file, request.POST, status=422)
    return done


@require_safe
@own_row(StatementFile)
def done(request: HttpRequest, file: StatementFile) -> HttpResponse:
    """``…/<pk>/xong/``: what was new."""
    if not file.imported_at:
        return SeeOther(reverse("seller:statement-preview", kwargs={"pk": file.pk}))
    context = frame(request) | {"file": file, "known": file.rows - file.new_rows}
    return render(request, "seller/accounts/statement_done.html", context)


# -- Parts -------------------------------------------------------------------------------------------------------


def upload_page(request: HttpRequest, form: Any, problem: str = "", status: int = 200) -> HttpResponse:
    """The form, and what was uploaded lately."""
    files = StatementFile.objects.filter(cooperative=request.workspace.cooperative, imported_at__isnull=False)
    context = frame(request) | {"form": form, "problem": problem, "files": files[:LAST_FILES]}
    return render(request, "seller/accounts/statement.html", context, status=status)


def preview_page(request: HttpRequest, file: StatementFile, data: Any, status: int = 200) -> HttpResponse:
    """The statement as it is read by the guessed columns, or by those chosen in ``data``."""
    try:
        table = statement_table(file)
    except StatementError:  # imported a moment ago
        return SeeOther(reverse("seller:statement-done", kwargs={"pk": file.pk}))
    columns = ColumnsForm(data, table=table, mapping=mapping_for(file, table))
    mapping = columns.mapping()
    reading = reading_of(table, mapping, columns)
    context = frame(request) | {"file": file, "columns": columns, "reading": reading, "table": table}
    if reading:
        context |= facts_of(file, reading) | {"sent": columns.values(mapping)}
    return render(request, "seller/accounts/statement_preview.html", context, status=status)


def reading_of(table: Table, mapping: Any, columns: forms.Form) -> Reading | None:
    """The lines by these columns; None, with the reason in the form, when they do not fit."""
    if mapping is None:
        return None
    try:
        return lines_of(table, mapping)
    except StatementError as error:
        if columns.is_bound:
            columns.add_error(None, error_text(error))
        return None


def facts_of(file: StatementFile, reading: Reading) -> dict[str, Any]:
    """How many lines are new, what they sum up to, and what was left out."""
    known = known_keys(file, reading)
    incoming = [line.amount for line in reading.lines if line.incoming]
    outgoing = [line.amount for line in reading.lines if not line.incoming]
    return {
        "lines": [{"line": line, "is_known": line.key in known} for line in reading.lines[:FIRST_LINES]],
        "known": len(known),
        "new": len(reading.lines) - len(known),
        "incoming": {"count": len(incoming), "sum": sum(incoming)},
        "outgoing": {"count": len(outgoing), "sum": sum(outgoing)},
        "problems": [problem_text(problem) for problem in reading.problems[:FIRST_PROBLEMS]],
        "more_problems": max(0, len(reading.problems) - FIRST_PROBLEMS),
    }
