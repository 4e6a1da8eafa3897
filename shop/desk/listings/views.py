"""``/quan-tri/tin-hang/``: the province's officers look at goods before shoppers do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shop.audit.services import entry_add
from shop.desk.listings.forms import DecisionForm, PhrasesForm
from shop.desk.listings.rows import lines_of_change, lines_of_listing, pictures_new, pictures_of
from shop.listings import services as listings
from shop.listings.errors import ListingError
from shop.listings.models import Listing, ListingChange, WarningPhrase

PAGE_SIZE = 30
#: Who decides about goods: the officers' group has it.
PERMISSION = "listings.change_listing"


def reviewers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wagtail has signed the person in already; without the permission there is nothing to see here (403)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def by_of(request: HttpRequest) -> str:
    """How the officer is named in the audit trail."""
    return request.user.email or request.user.phone or f"#{request.user.pk}"


def waiting_listings() -> Any:
    rows = Listing.objects.filter(state=Listing.State.REVIEW).select_related("product", "cooperative")
    return rows.order_by("sent_at", "pk")


def waiting_changes() -> Any:
    rows = ListingChange.objects.filter(state=ListingChange.State.PENDING)
    return rows.select_related("listing__product", "listing__cooperative").order_by("asked_at", "pk")


def waiting_count() -> int:
    """How much there is to look at: the number in the menu."""
    return waiting_listings().count() + waiting_changes().count()


@require_safe
@reviewers_only
def queue(request: HttpRequest) -> HttpResponse:
    """New goods and changes, the longest waiting first."""
    page = Paginator(waiting_listings(), PAGE_SIZE).get_page(request.GET.get("page"))
    changes = list(waiting_changes()[:PAGE_SIZE])
    return render(request, "desk/listings/queue.html", {"page_obj": page, "changes": changes})


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """One product as the cooperative describes it; approve, send back, or take down what is on sale."""
    row = get_object_or_404(Listing.objects.select_related("product", "cooperative"), pk=pk)
    form, problem, status = decision(request, lambda values: listing_decide(row, values, by_of(request)))
    if status == 303:
        return back()
    row.refresh_from_db()
    context = {
        "listing": row,
        "lines": lines_of_listing(row),
        "pictures": pictures_of(row),
        "form": form,
        "problem": problem,
        "revision": row.revision,
    }
    return render(request, "desk/listings/listing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a cooperative wants to change of something on sale, beside what shoppers read now."""
    rows = ListingChange.objects.select_related("listing__product", "listing__cooperative")
    row = get_object_or_404(rows, pk=pk)
    form, problem, status = decision(request, lambda values: change_decide(row, values, by_of(request)))
    if status == 303:
        return back()
    row.refresh_from_db()
    context = {
        "change": row,
        "listing": row.listing,
        "lines": lines_of_change(row),
        "pictures": pictures_of(row.listing),
        "pictures_new": pictures_new(row),
        "form": form,
        "problem": problem,
        "revision": row.revision,
    }
    return render(request, "desk/listings/change.html", context, status=status)


def decision(request: HttpRequest, decide: Callable[[dict[str, Any]], str]) -> tuple[DecisionForm, str, int]:
    """The form, what stands in the way, and the status: 200 to look, 303 done, 422 a reason is missing, 409."""
    if request.method != "POST":
        return DecisionForm(), "", 200
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return form, "", 422
    try:
        messages.success(request, decide(form.cleaned_data))
    except ListingError as error:
        return form, problem_text(error.code), 409
    return form, "", 303


def listing_decide(row: Listing, values: dict[str, Any], by: str) -> str:
    """The officer's word about a product."""
    if values["do"] == "approve":
        listings.listing_publish(listing=row, by=by, revision=values["revision"])
        return _("On sale: %(title)s.") % {"title": row.product.title}
    if values["do"] == "down":
        listings.listing_take_down(listing=row, reason=values["reason"], by=by)
        return _("Taken down: %(title)s.") % {"title": row.product.title}
    listings.listing_refuse(listing=row, reason=values["reason"], by=by, revision=values["revision"])
    return _("Sent back: %(title)s.") % {"title": row.product.title}


def change_decide(row: ListingChange, values: dict[str, Any], by: str) -> str:
    """The officer's word about a change."""
    if values["do"] == "approve":
        listings.change_accept(change=row, by=by, revision=values["revision"])
        return _("Shoppers see the change now: %(title)s.") % {"title": row.listing.product.title}
    listings.change_refuse(change=row, reason=values["reason"], by=by, revision=values["revision"])
    return _("Sent back: %(title)s.") % {"title": row.listing.product.title}


def problem_text(code: str) -> str:
    """Why a decision was not taken."""
    texts = {
        "revision": _("The cooperative has changed something since you opened this page. Please read it again."),
        "closed": _("The cooperative itself is not open yet. Approve its application first."),
        "incomplete": _("Something is missing by now, a price or a picture. Please send it back."),
    }
    return texts.get(code, _("Somebody has already decided about this. This is how it stands now."))


def back() -> HttpResponse:
    response = HttpResponseRedirect(reverse("desk_listings:queue"))
    response.status_code = 303
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def phrases(request: HttpRequest) -> HttpResponse:
    """The words that are pointed out to reviewers."""
    known = list(WarningPhrase.objects.values_list("phrase", flat=True))
    form = PhrasesForm(request.POST or None, initial={"phrases": "\n".join(known)})
    if request.method == "POST" and form.is_valid():
        phrases_set(wanted=form.cleaned_data["phrases"], by=by_of(request))
        messages.success(request, _("The list is saved."))
        return back()
    return render(request, "desk/listings/phrases.html", {"form": form}, status=422 if form.is_bound else 200)


@transaction.atomic
def phrases_set(*, wanted: list[str], by: str) -> None:
    """The list is what was typed; told in the audit trail when it differs."""
    known = set(WarningPhrase.objects.values_list("phrase", flat=True))
    if known == set(wanted):
        return
    WarningPhrase.objects.exclude(phrase__in=wanted).delete()
    WarningPhrase.objects.bulk_create([WarningPhrase(phrase=row) for row in wanted if row not in known])
    gone, added = sorted(known - set(wanted)), sorted(set(wanted) - known)
    entry_add(
        action="listing.phrases",
        subject="phrases",
        by=by,
        scope="market",
        before={"removed": ", ".join(gone)},
        after={"added": ", ".join(added)},
    )
