"""Sheets to download: the empty template, all goods, the faults of an import."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shop.core.dates import today
from shop.seller.products.guards import goods_only
from shop.seller.sheets.guards import own_job
from shop.sheets.models import SheetJob
from shop.sheets.writing import XLSX, csv_file, faults_file, goods_rows, template_rows, xlsx_file

CSV = "text/csv; charset=utf-8"


@require_safe
@goods_only
def template(request: HttpRequest) -> HttpResponse:
    """``…/mau/``: headings, drop-downs and notes; ``?dang=csv`` for the headings alone."""
    if request.GET.get("dang") == "csv":
        return download(csv_file([]), CSV, "mau-hang.csv")
    return download(xlsx_file(template_rows(), request.workspace.cooperative), XLSX, "mau-hang.xlsx")


@require_safe
@goods_only
def export(request: HttpRequest) -> HttpResponse:
    """``…/xuat/``: all goods but the archive, in the same columns."""
    cooperative = request.workspace.cooperative
    rows, name = goods_rows(cooperative), f"hang-{cooperative.slug}-{today():%Y-%m-%d}"
    if request.GET.get("dang") == "csv":
        return download(csv_file(rows), CSV, f"{name}.csv")
    return download(xlsx_file(rows, cooperative), XLSX, f"{name}.xlsx")


@require_safe
@own_job
def faults(request: HttpRequest, row: SheetJob) -> HttpResponse:
    """``…/loi/``: the rows with faults as they stood, the reason in front of each."""
    return download(faults_file(row), XLSX, f"dong-co-loi-{row.pk}.xlsx")


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to save; no proxy keeps it."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
