"""Who may see and do what in the workspace: people of a cooperative, each in a role, and operators in any of them.

Every view of the workspace has one of four guards, and each of them asks the table in ``shop.seller.roles``:

* ``members_only``: people whose role *in the cooperative they are working in* may open the page;
* ``own(find)``: the same for a page about one row; the link leads into its cooperative, and the role there counts;
* ``signed_in_only``: anybody with an account (pages marked ``SIGNED_IN`` in the table);
* ``operators_only``: whoever looks after all cooperatives (pages marked ``OPERATORS``).

``closed_by_default`` wraps the workspace's addresses: a view without a guard and a page that the table does not know
are closed to everybody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver
from django.views.decorators.cache import never_cache

from shop.cooperatives.models import Cooperative, Membership
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine
from shop.seller.pages import not_your_task
from shop.seller.roles import ANYBODY, GOODS, MONEY, OPERATORS, ROLES, may_open

SESSION_KEY = "seller_cooperative"
Role = Membership.Role

SLUG = re.compile(r"[-\w]{1,120}")

#: Who has it (superusers do) helps every cooperative with its money.
OPERATOR_PERMISSION = "vietqr.change_bankline"


class NotYourTask(PermissionDenied):
    """The person's role in that cooperative may not open the page."""

    def __init__(self, workspace: "Workspace") -> None:
        super().__init__("not your task")
        self.workspace = workspace


@dataclass(frozen=True)
class Workspace:
    """A person in one cooperative, and the other cooperatives that they could switch to.

    An operator has a membership that exists in memory only, with an owner's rights.
    """

    membership: Membership
    memberships: list[Membership]
    #: The page that is being opened: its name in the table of roles.
    page: str = ""

    @property
    def cooperative(self) -> Cooperative:
        return self.membership.cooperative

    @property
    def others(self) -> list[Cooperative]:
        return [m.cooperative for m in self.memberships if m.cooperative_id != self.membership.cooperative_id]

    @property
    def is_operator(self) -> bool:
        """Whether the person is here as a helper, not as one of the cooperative's own people."""
        return self.membership.pk is None

    @property
    def may_confirm_money(self) -> bool:
        return self.membership.role in MONEY or may_operate(self.membership.user)

    @property
    def may_sell(self) -> bool:
        """Whether the goods on sale are the person's task."""
        return self.membership.role in GOODS

    @property
    def by(self) -> str:
        """How the person is named in histories: phone number or e-mail address."""
        user = self.membership.user
        return user.phone or user.email or f"#{user.pk}"

    @property
    def money_todo(self) -> int:
        """Bank lines that a person should decide about, and sums to be paid back: the number in the menu."""
        return getattr(self.membership, "money_todo", 0)

    def within(self, cooperative_id: int) -> "Workspace | None":
        """The same person in another of their cooperatives; None when they do not belong to it.

        Raises NotYourTask when their role there may not open the page.
        """
        found = next((m for m in self.memberships if m.cooperative_id == cooperative_id), None)
        return Workspace(found, self.memberships, self.page).checked() if found else None

    def checked(self) -> "Workspace":
        """Itself, when the person's role here may open the page; raises NotYourTask otherwise."""
        if may_open(self.membership.role, self.page):
            return self
        # An operator counts as an owner also where they have a lesser role of their own.
        if may_open(Role.OWNER, self.page) and may_operate(self.membership.user):
            return self
        raise NotYourTask(self)


def may_operate(user: Any) -> bool:
    """Whether the person looks after the money of all cooperatives."""
    return user.has_perm(OPERATOR_PERMISSION)


def workspace_of(request: HttpRequest) -> Workspace | None:
    """Where the signed-in person works: chosen by ``?htx=slug`` and remembered, else the first; None for nowhere.

    An operator may choose any cooperative; nobody else learns whether a cooperative of that name exists.
    """
    mine = Membership.objects.filter(user=request.user).annotate(money_todo=todo_in("cooperative"))
    memberships = list(mine.select_related("cooperative", "user").order_by("pk"))
    by_slug = {membership.cooperative.slug: membership for membership in memberships}
    for slug in (request.GET.get("htx", ""), request.session.get(SESSION_KEY, "")):
        chosen = by_slug.get(slug) or guest_of(request.user, slug)
        if chosen:
            if request.session.get(SESSION_KEY) != slug:
                request.session[SESSION_KEY] = slug
            # The guest's own row among the memberships: an operator's links work within the chosen cooperative.
            return Workspace(chosen, memberships if chosen.pk else [*memberships, chosen], page_of(request))
    return Workspace(memberships[0], memberships, page_of(request)) if memberships else None


def guest_of(user: Any, slug: str) -> Membership | None:
    """An operator's place in a cooperative; never saved."""
    if not slug or not may_operate(user):
        return None
    known = Cooperative.objects.annotate(money_todo=todo_in("pk"))
    cooperative = known.filter(slug=slug).first() if SLUG.fullmatch(slug) else None
    if cooperative is None:
        return None
    guest = Membership(cooperative=cooperative, user=user, role=Role.OWNER)
    guest.money_todo = cooperative.money_todo
    return guest


def todo_in(cooperative: str) -> Any:
    """Counts within the query that finds the person's place: every page of the workspace shows the number."""
    lines = BankLine.objects.filter(cooperative=OuterRef(cooperative), state=BankLine.State.OPEN, is_likely=True)
    owed = Refund.objects.filter(cooperative=OuterRef(cooperative), state=Refund.State.OWED)
    counts = [rows.order_by().values("cooperative").annotate(n=Count("pk")).values("n") for rows in (lines, owed)]
    first, second = (Coalesce(Subquery(count), 0) for count in counts)
    return first + second


# -- Guards ------------------------------------------------------------------------------------------------------

View = Callable[..., HttpResponse]


def page_of(request: HttpRequest) -> str:
    """Which page of the table the address leads to; nothing for addresses outside the workspace."""
    match = request.resolver_match
    return match.url_name or "" if match and match.namespace == "seller" else ""


def entrance(view: View, refused: Callable[[HttpRequest], HttpResponse]) -> View:
    """Strangers sign in first; people of no cooperative get a page that says so (403). Nothing is ever cached.

    An operator who has not chosen a cooperative is shown all of them. NotYourTask out of the view becomes ``refused``.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        request.workspace = workspace_of(request)
        if request.workspace is None:
            if may_operate(request.user):
                return redirect("seller:everyone")
            return render(request, "seller/outside.html", status=403)
        try:
            return view(request, *args, **kwargs)
        except NotYourTask as error:
            request.workspace = error.workspace
            return refused(request)

    guarded.is_guarded = True
    return guarded


def members_only(view: View, refused: Callable[[HttpRequest], HttpResponse] = not_your_task) -> View:
    """For people whose role in the cooperative they are working in may open the page; ``refused`` answers others."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.workspace.checked()
        return view(request, *args, **kwargs)

    return entrance(checked, refused)


def place_of(request: HttpRequest, row: Any) -> Workspace | None:
    """The person's place in the row's cooperative; None for strangers to it."""
    return request.workspace.within(row.cooperative_id)


def own(
    find: Callable[..., Any],
    *,
    place: Callable[[HttpRequest, Any], Workspace | None] = place_of,
    refused: Callable[[HttpRequest], HttpResponse] = not_your_task,
) -> Callable[[View], View]:
    """The view gets ``(request, row)``: what ``find`` returned for the parts of the address that it names, or 404.

    Further parts of the address go on to the view as keywords.
    The row's ``cooperative_id`` says where the person goes on working, and their role *there* must be one of the
    page's. Rows of cooperatives that the person does not belong to do not exist (404), whatever ``find`` returns.
    """

    asked = set(signature(find).parameters)

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            row = find(**{name: value for name, value in kwargs.items() if name in asked})
            workspace = place(request, row) if row is not None else None
            if workspace is None:
                raise Http404
            request.workspace = workspace.checked()
            request.session[SESSION_KEY] = workspace.cooperative.slug
            return view(request, row, **{name: value for name, value in kwargs.items() if name not in asked})

        return entrance(found, refused)

    return decorate


def signed_in_only(view: View) -> View:
    """For everybody who is signed in, on pages that the table opens to them; no ``request.workspace``."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        if not may_open(ANYBODY, page_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.is_guarded = True
    return guarded


def operators_only(view: View) -> View:
    """For those who look after all cooperatives; for everybody else the page does not exist (404)."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        if ROLES.get(page_of(request)) is not OPERATORS or not may_operate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.is_guarded = True
    return guarded


# -- Nothing is open by oversight --------------------------------------------------------------------------------


def closed_by_default(patterns: list[Any]) -> list[Any]:
    """The addresses, each view closed unless it has a guard and the table of roles has its page."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            closed_by_default(entry.url_patterns)
        elif isinstance(entry, URLPattern) and not hasattr(entry.callback, "is_gated"):
            entry.callback = gated(entry.callback)
    return patterns


def gated(view: View) -> View:
    """The view behind the gate. Whether it has a guard is known before anybody calls it."""
    inner = view if getattr(view, "is_guarded", False) else members_only(closed_to_all)

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = inner if page_of(request) in ROLES else members_only(closed_to_all)
        return answer(request, *args, **kwargs)

    gate.is_gated = True
    return gate


def closed_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Nobody's task."""
    raise NotYourTask(request.workspace)
