"""``/quan-tri/ho-so/``: the queue of applications, and one of them with everything that an officer needs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shop.core.private import private_response
from shop.core.text import search_terms
from shop.desk.applications.access import may_decide, officers_only
from shop.desk.applications.forms import ReasonForm, ReturnForm
from shop.desk.applications.stalls import SeeOther, stall_context
from shop.desk.applications.texts import STEP_TITLES, checklist, problem_text
from shop.onboarding.decisions import application_refuse, application_return
from shop.onboarding.models import Application, ApplicationFile, Paper
from shop.onboarding.services import OnboardingError
from shop.reconciliation.opening import cooperative_open

State = Application.State
PAGE_SIZE = 30

#: Name in the address -> words, condition. Drafts are nobody's business but the applicant's.
FILTERS: dict[str, tuple[Any, Q]] = {
    "sent": (gettext_lazy("To decide"), Q(state=State.SENT)),
    "identity": (
        gettext_lazy("Identity to verify"),
        Q(state=State.APPROVED) & (Q(cooperative__identity=None) | Q(cooperative__identity__verified_at=None)),
    ),
    "returned": (gettext_lazy("Sent back"), Q(state=State.RETURNED)),
    "approved": (gettext_lazy("Approved"), Q(state=State.APPROVED)),
    "refused": (gettext_lazy("Refused"), Q(state=State.REFUSED)),
}


@require_safe
@officers_only
def queue(request: HttpRequest) -> HttpResponse:
    """Whoever has waited longest comes first. ``?loc=`` filters, ``?q=`` searches without marks."""
    chosen = request.GET.get("loc", "sent")
    chosen = chosen if chosen in FILTERS else "sent"
    query = request.GET.get("q", "")[:100]
    counts = Application.objects.aggregate(**{name: Count("pk", filter=found) for name, (_l, found) in FILTERS.items()})
    rows = matching(Application.objects.filter(FILTERS[chosen][1]), query).order_by("sent_at", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    tabs = [{"name": name, "label": label, "count": counts[name]} for name, (label, _found) in FILTERS.items()]
    context = {"page_obj": page, "tabs": tabs, "chosen": chosen, "query": query, "crumbs": crumbs()}
    return render(request, "desk/applications/queue.html", context)


def matching(rows: QuerySet, query: str) -> QuerySet:
    """Every word typed begins a word of the row."""
    for alternatives in search_terms(query):
        condition = Q()
        for term in alternatives:
            condition |= Q(search_text__contains=f" {term}")
        rows = rows.filter(condition)
    return rows


@require_safe
@officers_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    return application_page(request, application_of(pk))


@require_safe
def file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """A scan, for officers; for anybody else there is none."""
    row = ApplicationFile.objects.filter(pk=file, application_id=pk).exclude(application__state=State.DRAFT).first()
    if row is None or not may_decide(request.user):
        raise Http404
    try:
        return private_response(row.file, content_type=row.content_type, name=row.download_name)
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@officers_only
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    application = application_of(pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, return_form=form, status=422)
    try:
        application_return(application=application, comments=form.cleaned_data, by=request.by)
    except OnboardingError as error:
        return conflict(request, pk, error.code, return_form=form)
    return done(request, pk, _("Sent back. The applicant gets a message."))


@require_POST
@officers_only
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    application = application_of(pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, reason_form=form, status=422)
    try:
        application_refuse(application=application, reason=form.cleaned_data["reason"], by=request.by)
    except OnboardingError as error:
        return conflict(request, pk, error.code, reason_form=form)
    return done(request, pk, _("Refused. The applicant gets a message."))


@require_POST
@officers_only
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        cooperative_open(application=application_of(pk), by=request.by)
    except OnboardingError as error:
        return conflict(request, pk, error.code)
    return done(request, pk, _("Approved. Next: verify the identity, then the stall opens."))


# -- Parts --------------------------------------------------------------------------------------------------------


def application_of(pk: int) -> Application:
    """With everything that its page shows; drafts do not exist here."""
    rows = Application.objects.exclude(state=State.DRAFT).select_related("cooperative", "applicant")
    papers = Prefetch("papers", Paper.objects.prefetch_related("scans"))
    return get_object_or_404(rows.prefetch_related(papers, "comments"), pk=pk)


def application_page(
    request: HttpRequest,
    application: Application,
    *,
    return_form: ReturnForm | None = None,
    reason_form: ReasonForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "checks": checklist(application) if application.state == State.SENT else [],
        "papers": application.papers.all(),
        "evidence": application.files.filter(paper=None),
        "comments": [(STEP_TITLES.get(row.step, row.step), row) for row in application.comments.all()],
        "return_form": return_form or ReturnForm(),
        "reason_form": reason_form or ReasonForm(auto_id="refuse_%s"),
        "problem": problem,
        "crumbs": crumbs(str(application)),
    }
    if application.cooperative:
        context |= stall_context(application.cooperative, application)
    return render(request, "desk/applications/one.html", context, status=status)


def conflict(request: HttpRequest, pk: int, code: str, **forms: Any) -> HttpResponse:
    """The application as it is now, with why nothing was done (409)."""
    return application_page(request, application_of(pk), problem=problem_text(code), status=409, **forms)


def done(request: HttpRequest, pk: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return SeeOther(reverse("sellers:application", args=[pk]))


def crumbs(here: str = "") -> list[dict[str, Any]]:
    """The way from the desk's home."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    top = {"url": reverse("sellers:applications") if here else "", "label": _("Sellers")}
    return [home, top, *([{"url": "", "label": here}] if here else [])]
