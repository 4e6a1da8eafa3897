"""``/ban-hang/tin-nhan/``: what buyers are told, how it reads, and when the cooperative's people are told."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from shop.core.sms import Length, length, unmarked
from shop.notices.models import CooperativeNotices
from shop.notices.services import NoticesError, choice_of, notices_save, sample_values, staff_when_set, when_of
from shop.notices.texts import KINDS, MAIN, Kind, compose
from shop.seller.access import members_only
from shop.seller.notices.forms import MineForm, NoticesForm, initial_of
from shop.seller.roles import may_open
from shop.seller.views import SeeOther, frame


@require_safe
@members_only
def notices(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; each part is a form of its own."""
    return page(request)


@require_POST
@members_only
def mine(request: HttpRequest) -> HttpResponse:
    """When I hear of new orders. Helpers from outside have no such choice."""
    form = MineForm(request.POST)
    if request.workspace.is_operator or not form.is_valid():
        return page(request, mine_form=form, status=422)
    staff_when_set(membership=request.workspace.membership, when=form.cleaned_data["when"], by=request.workspace.by)
    return saved(request)


@require_POST
@members_only
def save(request: HttpRequest) -> HttpResponse:
    """What buyers get, how, and when the digest comes."""
    form = NoticesForm(request.POST)
    if not form.is_valid():
        return page(request, form=form, status=422)
    data = form.cleaned_data
    try:
        notices_save(
            cooperative=request.workspace.cooperative,
            channel=data["channel"],
            is_unmarked=data["is_unmarked"],
            on=set(data["on"]),
            hours=data["hours"],
            by=request.workspace.by,
        )
    except NoticesError as error:
        form.add_error(error.code, _("Please choose out of this list."))
        return page(request, form=form, status=422)
    return saved(request)


@require_safe
@members_only
def samples(request: HttpRequest) -> HttpResponse:
    """``…/mau/``: every message with made-up data, in both languages, with what it costs as a text message."""
    choice = choice_of(request.workspace.cooperative)
    name = request.workspace.cooperative.name
    context = frame(request) | {"rows": [sample_row(kind, choice, name) for kind in KINDS.values()], "choice": choice}
    return render(request, "seller/notices/samples.html", context)


# -- Parts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """One message in one language, as a text message would carry it."""

    language: str
    text: str
    size: Length


def sample_row(kind: Kind, choice: CooperativeNotices, name: str) -> dict[str, Any]:
    """A kind, whether it goes out, and its texts."""
    main = KINDS[kind.variant_of] if kind.variant_of else kind
    texts = []
    for language in ("vi", "en"):
        with override(language):
            values = sample_values() | {"name": name} | kind.sample
            text = compose(kind, values)
        text = unmarked(text) if choice.is_unmarked else text
        texts.append(Sample(language, text, length(text)))
    return {"kind": kind, "sends": choice.sends(main), "texts": texts}


def page(request: HttpRequest, *, form: Any = None, mine_form: Any = None, status: int = 200) -> HttpResponse:
    """The page with what was typed, or with what is stored."""
    workspace = request.workspace
    choice = choice_of(workspace.cooperative)
    person = workspace.membership
    when = "" if workspace.is_operator else when_of(person)
    context = frame(request) | {
        "form": form or NoticesForm(initial=initial_of(choice)),
        "mine": None if workspace.is_operator else mine_form or MineForm(initial={"when": when}),
        "may_save": may_open(person.role, "notices-save"),
        "reach": request.user.phone or request.user.email,
        "locked": [kind for kind in MAIN if kind.is_locked],
    }
    return render(request, "seller/notices/notices.html", context, status=status)


def saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved. It holds from the next message on."))
    return SeeOther(reverse("seller:notices"))
