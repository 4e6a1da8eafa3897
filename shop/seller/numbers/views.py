"""``/ban-hang/so-lieu/``: what was sold and what arrived, month by month, and as files."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shop.core.dates import add_months, today
from shop.numbers.orders import orders_with_money, rows_page
from shop.numbers.paper import MAX_ORDERS, statement_pdf
from shop.numbers.sheets import csv_lines, orders_workbook, statement_workbook
from shop.numbers.spans import Span
from shop.numbers.statement import statement_of
from shop.numbers.sums import BY_DAY, overview_of
from shop.paper.answers import pdf_answer
from shop.paper.rendering import PaperError
from shop.seller.access import members_only
from shop.seller.numbers.bars import bars_of, chart_of
from shop.seller.numbers.forms import FIRST, SPANS, SpanForm, form_for, month_asked
from shop.seller.pages import frame
from shop.seller.paper.guards import problem_page
from shop.seller.roles import BUYERS

PAGE_SIZE = 50
#: Orders on one printed statement; a longer one goes to Excel.
PRINTED = 2_000
MONTHS = 12
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@members_only
def numbers(request: HttpRequest) -> HttpResponse:
    """The figures of today, this week, this month or the days that were chosen."""
    name, span, form = span_asked(request)
    context = frame(request) | {
        "form": form,
        "span_name": name,
        "span_tabs": [{"name": key, "label": label} for key, (label, _make) in SPANS.items()],
        "span": span,
        "months": months_back(),
    }
    if span is None:
        return render(request, "seller/numbers/numbers.html", context, status=422)
    overview = overview_of(request.workspace.cooperative, span)
    context |= {"overview": overview, "tables": tables_of(overview), "chart": chart_of(overview.time)}
    context["chart_title"] = _("By day") if span.days <= BY_DAY else _("By month")
    return render(request, "seller/numbers/numbers.html", context)


@require_safe
@members_only
def export(request: HttpRequest) -> HttpResponse:
    """Orders placed in the span, as CSV or Excel (``dang=excel``); buyers only for those who may see them."""
    form = SpanForm(request.GET)
    if not form.is_valid():
        context = frame(request) | {"form": form, "span_name": "", "span": None, "months": months_back()}
        context["span_tabs"] = [{"name": key, "label": label} for key, (label, _make) in SPANS.items()]
        return render(request, "seller/numbers/numbers.html", context, status=422)
    span = form.span
    orders = orders_with_money(request.workspace.cooperative).filter(**span.within("order__date_placed"))
    name = f"don-hang-{span.first:%Y%m%d}-{span.last:%Y%m%d}"
    if request.GET.get("dang") == "excel":
        return excel_answer(orders_workbook(orders, with_buyers=sees_buyers(request)), name)
    answer = StreamingHttpResponse(
        csv_lines(orders, with_buyers=sees_buyers(request)), content_type="text/csv; charset=utf-8"
    )
    return as_file(answer, f"{name}.csv")


@require_safe
@members_only
def statement(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """One month: sums, and its orders page by page."""
    found = statement_of(request.workspace.cooperative, month_or_404(year, month))
    keys = found.orders.order_by("order__date_placed", "pk").values_list("pk", flat=True)
    page = Paginator(keys, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = rows_page(found.orders.filter(pk__in=list(page.object_list)))
    context = frame(request) | {"statement": found, "page_obj": page, "rows": rows, "is_whole": False}
    context |= {"before": add_months(found.month, -1), "after": month_after(found.month)}
    context["has_pdf"] = found.sums.orders <= MAX_ORDERS
    return render(request, "seller/numbers/statement.html", context)


@require_safe
@members_only
def statement_print(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The whole month on one page, for the printer."""
    found = statement_of(request.workspace.cooperative, month_or_404(year, month))
    rows = rows_page(found.orders) if found.sums.orders <= PRINTED else []
    context = frame(request) | {"statement": found, "rows": rows, "is_whole": True, "most": PRINTED}
    return render(request, "seller/numbers/statement.html", context)


@require_safe
@members_only
def statement_excel(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The whole month as an Excel file."""
    found = statement_of(request.workspace.cooperative, month_or_404(year, month))
    return excel_answer(statement_workbook(found, with_buyers=sees_buyers(request)), f"bang-ke-{found.month:%Y-%m}")


@require_safe
@members_only
def statement_paper(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The whole month as a PDF; a page with the reason when that is not possible."""
    found = statement_of(request.workspace.cooperative, month_or_404(year, month))
    try:
        content = statement_pdf(found)
    except PaperError as error:
        return problem_page(request, error)
    return pdf_answer(content, _("Statement %(month)s") % {"month": f"{found.month:%m-%Y}"})


# -- Parts -------------------------------------------------------------------------------------------------------


def span_asked(request: HttpRequest) -> tuple[str, Span | None, SpanForm]:
    """Name, days and form; no days when those that were typed make no span."""
    if "tu" in request.GET or "den" in request.GET:
        form = SpanForm(request.GET)
        return "", form.span if form.is_valid() else None, form
    name = request.GET.get("ky", FIRST)
    name = name if name in SPANS else FIRST
    span = SPANS[name][1]()
    return name, span, form_for(span)


def tables_of(overview: Any) -> list[dict[str, Any]]:
    """The tables below the sums, in the order of the page; empty ones are left out."""
    orders, units = _("Orders"), _("Units")
    tables = [
        {"id": "goods", "title": _("By goods"), "counted": units, "rows": bars_of(overview.products)},
        {"id": "places", "title": _("By buyers' province"), "counted": orders, "rows": bars_of(overview.places)},
        {"id": "ways", "title": _("Money received, by way to pay"), "counted": orders, "rows": bars_of(overview.ways)},
    ]
    return [table for table in tables if any(row.tally.dong or row.tally.count for row in table["rows"])]


def sees_buyers(request: HttpRequest) -> bool:
    """Whether names and phone numbers of buyers are for this person."""
    return request.workspace.membership.role in BUYERS


def months_back() -> list[date]:
    """First days of this month and the ones before it."""
    return [add_months(today().replace(day=1), -n) for n in range(MONTHS)]


def month_or_404(year: int, month: int) -> date:
    first = month_asked(year, month)
    if first is None:
        raise Http404
    return first


def month_after(month: date) -> date | None:
    """The month after it, unless that has not begun."""
    after = add_months(month, 1)
    return after if after <= today() else None


def excel_answer(file: Any, name: str) -> HttpResponse:
    """The open workbook, sent in pieces."""
    return as_file(FileResponse(file, content_type=EXCEL), f"{name}.xlsx")


def as_file(answer: Any, name: str) -> HttpResponse:
    """To be saved under that name, and kept by nobody on the way."""
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
