"""``/quan-tri/ho-so/gian-hang/``: all sellers with their identity; verify it, open and close the stall."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from shop.cooperatives.models import Cooperative
from shop.core.dates import today
from shop.core.text import search_terms
from shop.desk.applications.access import officers_only
from shop.desk.applications.forms import ReasonForm, VerifyForm
from shop.desk.applications.texts import problem_text
from shop.onboarding.identity import cooperative_publish, cooperative_unpublish, identity_verify, needs_link
from shop.onboarding.models import Application, Identity
from shop.onboarding.services import OnboardingError

PAGE_SIZE = 50
_UNVERIFIED = Q(identity=None) | Q(identity__verified_at=None)


class SeeOther(HttpResponseRedirect):
    """After a post: the next page is fetched with GET (303)."""

    status_code = 303


def filters() -> dict[str, tuple[Any, Q]]:
    """Name in the address -> words, condition."""
    overdue = Q(identity__verified_at=None, identity__due_on__lt=today()) | Q(identity__expires_on__lt=today())
    return {
        "all": (gettext_lazy("All"), Q()),
        "unverified": (gettext_lazy("Not verified"), _UNVERIFIED),
        "overdue": (gettext_lazy("Overdue or expired"), overdue),
        "closed": (gettext_lazy("Stall closed"), Q(is_published=False)),
    }


@require_safe
@officers_only
def register(request: HttpRequest) -> HttpResponse:
    known = filters()
    chosen = request.GET.get("loc", "all")
    chosen = chosen if chosen in known else "all"
    query = request.GET.get("q", "")[:100]
    rows = Cooperative.objects.filter(known[chosen][1]).select_related("identity")
    for alternatives in search_terms(query):
        condition = Q()
        for term in alternatives:
            condition |= Q(search_text__contains=f" {term}")
        rows = rows.filter(condition)
    page = Paginator(rows.order_by("name", "pk"), PAGE_SIZE).get_page(request.GET.get("p"))
    tabs = [{"name": name, "label": label} for name, (label, _found) in known.items()]
    context = {
        "page_obj": page,
        "rows": [(row, identity_state(row)) for row in page.object_list],
        "tabs": tabs,
        "chosen": chosen,
        "query": query,
        "crumbs": crumbs(),
    }
    return render(request, "desk/applications/stalls.html", context)


@require_safe
@officers_only
def stall(request: HttpRequest, pk: int) -> HttpResponse:
    return stall_page(request, get_object_or_404(Cooperative, pk=pk))


@require_POST
@officers_only
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer knows who it is; ``open`` opens the stall as well."""
    cooperative = get_object_or_404(Cooperative, pk=pk)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return stall_page(request, cooperative, verify_form=form, status=422)
    try:
        identity_verify(cooperative=cooperative, by=request.by, **form.cleaned_data)
        if "open" in request.POST:
            cooperative_publish(cooperative=cooperative, by=request.by)
    except OnboardingError as error:
        return stall_page(request, cooperative, verify_form=form, problem=problem_text(error.code), status=409)
    return done(request, cooperative, _("The identity is verified."))


@require_POST
@officers_only
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    cooperative = get_object_or_404(Cooperative, pk=pk)
    try:
        cooperative_publish(cooperative=cooperative, by=request.by)
    except OnboardingError as error:
        return stall_page(request, cooperative, problem=problem_text(error.code), status=409)
    return done(request, cooperative, _("The stall is open."))


@require_POST
@officers_only
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    cooperative = get_object_or_404(Cooperative, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return stall_page(request, cooperative, close_form=form, status=422)
    cooperative_unpublish(cooperative=cooperative, reason=form.cleaned_data["reason"], by=request.by)
    return done(request, cooperative, _("The stall is closed."))


# -- Parts --------------------------------------------------------------------------------------------------------


def identity_state(cooperative: Cooperative) -> str:
    identity = getattr(cooperative, "identity", None)
    return identity.state() if identity else "missing"


def stall_context(cooperative: Cooperative, application: Application | None) -> dict[str, Any]:
    """What the panel about identity and stall shows."""
    identity = Identity.objects.filter(cooperative=cooperative).first()
    return {
        "cooperative": cooperative,
        "identity": identity,
        "state": identity.state() if identity else "missing",
        "link_needed": needs_link(cooperative),
        "verify_form": VerifyForm(initial=verify_initial(identity, application)),
        "close_form": ReasonForm(auto_id="close_%s"),
    }


def verify_initial(identity: Identity | None, application: Application | None) -> dict[str, Any]:
    """What the seller last said, else what was verified."""
    source = application if application and application.number_sealed else identity
    if source is None:
        return {}
    known = {"method": source.method, "number": source.number, "linked_on": source.linked_on}
    return known | {"expires_on": identity.expires_on if identity else None}


def stall_page(
    request: HttpRequest, cooperative: Cooperative, *, problem: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    cooperative.refresh_from_db()
    application = Application.objects.filter(cooperative=cooperative).first()
    context = stall_context(cooperative, application) | forms
    context |= {"application": application, "problem": problem, "crumbs": crumbs(str(cooperative))}
    context["evidence"] = application.files.filter(paper=None) if application else []
    return render(request, "desk/applications/stall.html", context, status=status)


def done(request: HttpRequest, cooperative: Cooperative, text: str) -> HttpResponse:
    messages.success(request, text)
    return SeeOther(reverse("sellers:stall", args=[cooperative.pk]))


def crumbs(here: str = "") -> list[dict[str, Any]]:
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    top = {"url": reverse("sellers:applications"), "label": _("Sellers")}
    stalls = {"url": reverse("sellers:stalls") if here else "", "label": _("Stalls and identity")}
    return [home, top, stalls, *([{"url": "", "label": here}] if here else [])]
