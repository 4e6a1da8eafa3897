"""``dang-ky/<pk>/<step>/``: one step of an application on a page of its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.core import phone as phones
from shop.core.dates import today
from shop.onboarding.models import Application
from shop.onboarding.rules import link_needed, rules_for
from shop.onboarding.services import OnboardingError, file_add, name_of, step_save
from shop.onboarding.steps import STEPS, may_change, missing_in
from shop.seller.apply.access import applications, layout, own_application
from shop.seller.apply.forms import AccountStepForm, FoodForm, IdentityForm, PlaceStepForm, SellerForm
from shop.seller.apply.texts import STEP_BY_WORD, comments_now, step_row
from shop.seller.apply.views import back, conflict, step_url
from shop.seller.views import SeeOther


@own_application
def step(request: HttpRequest, application: Application, word: str) -> HttpResponse:
    """Show a step, or keep what was typed in it: "go on" wants all of it, "later" takes what there is."""
    name = STEP_BY_WORD.get(word, "")
    if name not in STEPS:
        raise Http404
    if not may_change(application, name):
        return conflict(request, application, "state") if request.method == "POST" else back(application)
    if request.method != "POST":
        return step_page(request, application, name, form_of(application, name))
    if name == "place" and "communes" in request.POST:
        return step_page(request, application, name, communes_form(request))
    form = form_of(application, name, request.POST, request.FILES, partial="later" in request.POST)
    if not form.is_valid():
        return step_page(request, application, name, form, status=422)
    try:
        keep(application, name, form, name_of(request.user))
    except OnboardingError as error:
        return conflict(request, application, error.code)
    return onwards(request, application, name)


def keep(application: Application, name: str, form: Any, by: str) -> None:
    """The values, then the evidence if there is any."""
    step_save(application=application, step=name, values=form.values(), by=by)
    for scan in form.cleaned_data.get("evidence") or []:
        file_add(application=application, file=scan, by=by)


def onwards(request: HttpRequest, application: Application, name: str) -> HttpResponse:
    """To the next step that lacks something; the last one leads to the review."""
    if "later" in request.POST or application.cooperative_id:
        messages.success(request, _("Saved. Come back whenever you like."))
        return back(application)
    fresh = applications().get(pk=application.pk)
    for following in STEPS[STEPS.index(name) + 1 :]:
        if missing_in(fresh, following) or comments_now(fresh).get(following):
            return SeeOther(step_url(fresh, following))
    return SeeOther(reverse("seller:application-review", args=[application.pk]))


def form_of(application: Application, name: str, data: Any = None, files: Any = None, partial: bool = False) -> Any:
    """The form of a step, with what is known or with what was typed."""
    options = {"data": data, "files": files, "partial": partial, "initial": initial_of(application, name)}
    if name in ("seller", "identity"):
        options["application"] = application
    forms = {
        "seller": SellerForm,
        "place": PlaceStepForm,
        "papers": FoodForm,
        "account": AccountStepForm,
        "identity": IdentityForm,
    }
    return forms[name](**options)


def initial_of(application: Application, name: str) -> dict[str, Any]:
    """What the step shows before anything is typed; sealed numbers are left out."""
    if name == "seller":
        fields = ("kind", "name", "legal_name", "tax_code", "representative")
        numbers = {field: phones.display(getattr(application, field)) for field in ("phone", "zalo")}
        return {field: getattr(application, field) for field in fields} | numbers
    if name == "place":
        commune = application.commune
        known = {"province": commune.province_code, "ward": commune.code} if commune else {"province": "82"}
        return known | {"address": application.address}
    if name == "account":
        return {field: getattr(application, f"bank_{field}") for field in ("bin", "number", "holder")}
    if name == "identity":
        linked_on = application.linked_on
        return {"method": application.method, "linked": bool(linked_on), "linked_on": linked_on}
    return {"sells_no_food": application.sells_no_food}


def communes_form(request: HttpRequest) -> PlaceStepForm:
    """Without script: the communes of the province that was chosen; what was typed stays."""
    address = request.POST.get("address", "")
    return PlaceStepForm(initial={"province": request.POST.get("province", ""), "address": address[:200]})


def step_page(request: HttpRequest, application: Application, name: str, form: Any, status: int = 200) -> HttpResponse:
    context = layout(request) | {
        "application": application,
        "row": step_row(application, name, comments_now(application).get(name, "")),
        "form": form,
        "total": len(STEPS) + 1,
        "body": f"seller/apply/_{name}.html",
        "papers": list(application.papers.all()) if name == "papers" else [],
        "evidence": list(application.files.filter(paper=None)) if name == "identity" else [],
        "rules": rules_for(is_new=True, on=today()) if name == "identity" else [],
        "link_needed": link_needed(is_new=True, on=today()),
    }
    return render(request, "seller/apply/step.html", context, status=status)
