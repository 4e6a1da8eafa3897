"""Who may see and do what in the workspace: people of a cooperative, each in a role, and operators in any of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from shop.cooperatives.models import Cooperative, Membership
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine
from shop.seller.roles import GOODS, MONEY

SESSION_KEY = "seller_cooperative"
Role = Membership.Role

SLUG = re.compile(r"[-\w]{1,120}")

#: Who has it (superusers do) helps every cooperative with its money.
OPERATOR_PERMISSION = "vietqr.change_bankline"


@dataclass(frozen=True)
class Workspace:
    """A person in one cooperative, and the other cooperatives that they could switch to.

    An operator has a membership that exists in memory only, with an owner's rights.
    """

    membership: Membership
    memberships: list[Membership]

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
        """The same person in another of their cooperatives; None when they do not belong to it."""
        found = next((m for m in self.memberships if m.cooperative_id == cooperative_id), None)
        return Workspace(found, self.memberships) if found else None


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
            return Workspace(chosen, memberships if chosen.pk else [*memberships, chosen])
    return Workspace(memberships[0], memberships) if memberships else None


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


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Strangers sign in first; people of no cooperative get a page that says so (403). Nothing is ever cached.

    An operator who has not chosen a cooperative is shown all of them.
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
        return view(request, *args, **kwargs)

    return guarded


def operators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For those who look after all cooperatives; for everybody else the page does not exist (404)."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        if not may_operate(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
