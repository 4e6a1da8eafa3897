"""Who may see and do what in the workspace: people of a cooperative, each in a role."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shop.cooperatives.models import Cooperative, Membership

SESSION_KEY = "seller_cooperative"
Role = Membership.Role

#: Packers touch parcels, not money.
MONEY_ROLES = frozenset({Role.OWNER, Role.SELLER, Role.ACCOUNTANT})


@dataclass(frozen=True)
class Workspace:
    """A person in one cooperative, and the other cooperatives that they could switch to."""

    membership: Membership
    memberships: list[Membership]

    @property
    def cooperative(self) -> Cooperative:
        return self.membership.cooperative

    @property
    def others(self) -> list[Cooperative]:
        return [m.cooperative for m in self.memberships if m.pk != self.membership.pk]

    @property
    def may_confirm_money(self) -> bool:
        return self.membership.role in MONEY_ROLES

    @property
    def by(self) -> str:
        """How the person is named in histories: phone number or e-mail address."""
        user = self.membership.user
        return user.phone or user.email or f"#{user.pk}"

    def within(self, cooperative_id: int) -> "Workspace | None":
        """The same person in another of their cooperatives; None when they do not belong to it."""
        found = next((m for m in self.memberships if m.cooperative_id == cooperative_id), None)
        return Workspace(found, self.memberships) if found else None


def workspace_of(request: HttpRequest) -> Workspace | None:
    """Where the signed-in person works: chosen by ``?htx=slug`` and remembered, else the first; None for nowhere."""
    memberships = list(
        Membership.objects.filter(user=request.user).select_related("cooperative", "user").order_by("pk")
    )
    if not memberships:
        return None
    by_slug = {membership.cooperative.slug: membership for membership in memberships}
    asked = request.GET.get("htx", "")
    if asked in by_slug:
        request.session[SESSION_KEY] = asked
    chosen = by_slug.get(request.session.get(SESSION_KEY, ""), memberships[0])
    return Workspace(chosen, memberships)


def members_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Strangers sign in first; people of no cooperative get a page that says so (403). Nothing is ever cached."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
        request.workspace = workspace_of(request)
        if request.workspace is None:
            return render(request, "seller/outside.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
