"""``/ban-hang/tai-khoan/bao-co/``: services that tell the market when money arrives."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shop.core.sealing import SealBroken
from shop.payment.vietqr.feeds import feed as feed_of
from shop.payment.vietqr.feeds import feeds as all_feeds
from shop.payment.vietqr.models import BankFeed
from shop.payment.vietqr.services import feed_connect, feed_credentials, feed_disconnect
from shop.seller.accounts.access import ASKERS, people_only
from shop.seller.accounts.feed_texts import TEXTS
from shop.seller.accounts.forms import KeysForm, VirtualForm
from shop.seller.accounts.proof import proof_required
from shop.seller.views import SeeOther, frame

NOT_OWNER = gettext_lazy("Only the owner connects services that report on the account.")


@require_safe
@people_only(ASKERS, NOT_OWNER)
def overview(request: HttpRequest) -> HttpResponse:
    """The three services and how each of them stands."""
    mine = {feed.code: feed for feed in request.workspace.cooperative.bank_feeds.filter(is_active=True)}
    rows = [
        {"service": service, "text": TEXTS[code], "feed": mine.get(code), "is_ready": is_ready(mine.get(code))}
        for code, service in all_feeds().items()
    ]
    return render(request, "seller/accounts/feeds.html", frame(request) | {"rows": rows})


def one_feed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the owner who has proven it: the view gets the service of that code; 404 when there is none."""

    @sensitive_post_parameters()
    @people_only(ASKERS, NOT_OWNER)
    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        if feed_of(code) is None:
            raise Http404
        return proven(request, code)

    @proof_required
    def proven(request: HttpRequest, code: str) -> HttpResponse:
        return view(request, code)

    return guarded


@require_safe
@one_feed
def page(request: HttpRequest, code: str) -> HttpResponse:
    """``…/<code>/``: the address to paste, the keys, the virtual numbers."""
    return feed_page(request, code)


@require_POST
@one_feed
def start(request: HttpRequest, code: str) -> HttpResponse:
    """``…/<code>/bat-dau/``: make the address. Until a key is here no call to it is believed."""
    cooperative = request.workspace.cooperative
    if own_feed(request, code) is None:
        feed_connect(cooperative=cooperative, code=code, credentials={}, by=request.workspace.by)
    return SeeOther(reverse("seller:feed", kwargs={"code": code}))


@require_POST
@one_feed
def keys(request: HttpRequest, code: str) -> HttpResponse:
    """``…/<code>/khoa/``: keep new keys; a field left empty keeps the old one."""
    feed = own_feed(request, code)
    form = KeysForm(request.POST, feed=feed_of(code), kept=kept_keys(feed))
    if not form.is_valid():
        return feed_page(request, code, keys_form=form, status=422)
    virtual = feed.virtual_accounts if feed else ""
    feed_save(request, code, form.merged, virtual)
    messages.success(request, _("The keys are kept. They are never shown again."))
    return SeeOther(reverse("seller:feed", kwargs={"code": code}))


@require_POST
@one_feed
def virtual(request: HttpRequest, code: str) -> HttpResponse:
    """``…/<code>/so-ao/``: numbers that the service puts in front of the account."""
    form = VirtualForm(request.POST)
    if not form.is_valid():
        return feed_page(request, code, virtual_form=form, status=422)
    feed_save(request, code, kept_keys(own_feed(request, code)), form.cleaned_data["numbers"])
    messages.success(request, _("The virtual account numbers are kept."))
    return SeeOther(reverse("seller:feed", kwargs={"code": code}))


@require_POST
@one_feed
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """``…/<code>/ngat/``: forget the keys and close the address."""
    feed = own_feed(request, code)
    if feed:
        feed_disconnect(feed=feed, by=request.workspace.by)
        messages.success(request, _("Disconnected. The keys are forgotten, and the address no longer answers."))
    return SeeOther(reverse("seller:feeds"))


# -- Parts -------------------------------------------------------------------------------------------------------


def own_feed(request: HttpRequest, code: str) -> BankFeed | None:
    """The cooperative's connection to the service."""
    return request.workspace.cooperative.bank_feeds.filter(code=code, is_active=True).first()


def feed_save(request: HttpRequest, code: str, credentials: dict[str, str], numbers: str) -> None:
    """Keep both halves of what the service needs."""
    feed_connect(
        cooperative=request.workspace.cooperative,
        code=code,
        credentials=credentials,
        virtual_accounts=numbers,
        by=request.workspace.by,
    )


def kept_keys(feed: BankFeed | None) -> dict[str, str]:
    """The keys kept so far; none when they were sealed with a key that the shop no longer has."""
    try:
        return feed_credentials(feed) if feed else {}
    except SealBroken:
        return {}


def is_ready(feed: BankFeed | None) -> bool:
    """Whether there is a key by which a call can be believed."""
    known = kept_keys(feed)
    return feed is not None and any(known.get(name) for name in TEXTS[feed.code].needs)


def feed_page(
    request: HttpRequest, code: str, *, keys_form: Any = None, virtual_form: Any = None, status: int = 200
) -> HttpResponse:
    """The page of one service as it stands now."""
    feed = own_feed(request, code)
    path = reverse("reconciliation:bank", kwargs={"code": code, "token": feed.token}) if feed else ""
    context = frame(request) | {
        "service": feed_of(code),
        "text": TEXTS[code],
        "feed": feed,
        "is_ready": is_ready(feed),
        "address": f"{settings.SITE_URL.rstrip('/')}{path}" if feed else "",
        "keys_form": keys_form or KeysForm(feed=feed_of(code), kept=kept_keys(feed)),
        "virtual_form": virtual_form or VirtualForm(initial={"numbers": feed.virtual_accounts if feed else ""}),
    }
    context["forms"] = [context["keys_form"], context["virtual_form"]]
    return render(request, "seller/accounts/feed.html", context, status=status)
