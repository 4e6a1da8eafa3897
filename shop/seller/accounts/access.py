"""Who may see and change where a cooperative's money arrives, and who can be the second person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shop.accounts.services import user_find
from shop.cooperatives.models import Cooperative, Membership
from shop.payment.vietqr.models import BankAccount
from shop.seller.access import Workspace, guest_of, members_only, own
from shop.seller.roles import ACCOUNT, MONEY, OWNER
from shop.seller.views import frame

#: What an operator needs on top to look after the accounts of cooperatives.
HELP_PERMISSION = "vietqr.change_bankaccount"
#: Who sees accounts; who asks for another one and connects services; who agrees to a change or stops it.
LOOKERS, ASKERS, DECIDERS = MONEY, OWNER, ACCOUNT


def is_helper(user: Any) -> bool:
    """Whether the person looks after accounts of cooperatives that they do not belong to."""
    return user.has_perm(HELP_PERMISSION)


def is_one_of(workspace: Workspace, roles: frozenset[Any]) -> bool:
    """Whether the person has one of these roles here; an operator counts as any, with the permission."""
    if workspace.is_operator:
        return is_helper(workspace.membership.user)
    return workspace.membership.role in roles


def people_only(roles: frozenset[Any], text: Any) -> Callable[..., Any]:
    """A view for these roles; everybody else of the cooperative reads ``text`` (403)."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_one_of(request.workspace, roles):
                return not_yours(request, text)
            return view(request, *args, **kwargs)

        return members_only(guarded, lambda request: not_yours(request, text))

    return decorate


def account_only(roles: frozenset[Any], text: Any) -> Callable[..., Any]:
    """Like ``people_only`` for one account by its number in the address; 404 when it is another cooperative's."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, account: BankAccount) -> HttpResponse:
            return view(request, account) if is_one_of(request.workspace, roles) else not_yours(request, text)

        return own(account_find, place=place_of, refused=lambda request: not_yours(request, text))(guarded)

    return decorate


def account_find(pk: int) -> BankAccount | None:
    return BankAccount.objects.select_related("cooperative").filter(pk=pk).first()


def place_of(request: HttpRequest, account: BankAccount) -> Workspace | None:
    """The person's place in the account's cooperative; None for strangers to it."""
    return workspace_at(request, account.cooperative)


def workspace_at(request: HttpRequest, cooperative: Cooperative) -> Workspace | None:
    """The person in this very cooperative; None for strangers to it."""
    within = request.workspace.within(cooperative.pk)
    if within:
        return within
    guest = guest_of(request.user, cooperative.slug) if is_helper(request.user) else None
    known = request.workspace
    return Workspace(guest, [*known.memberships, guest], known.page).checked() if guest else None


def not_yours(request: HttpRequest, text: Any) -> HttpResponse:
    """Whose task it is."""
    context = frame(request) | {"title": _("Not your task"), "text": text}
    return render(request, "seller/accounts/not_yours.html", context, status=403)


# -- Two people --------------------------------------------------------------------------------------------------


def asker_of(account: BankAccount) -> Any:
    """Whoever asked for the account, as long as they still answer for it; None otherwise.

    Histories know people by number or address, and those change hands: somebody who changed theirs after asking must
    not come back as the second person.
    """
    person = user_find(account.asked_by)
    if person is None:
        return None
    works_here = Membership.objects.filter(cooperative_id=account.cooperative_id, user=person).exists()
    return person if works_here or is_helper(person) else None


def others_who_decide(cooperative: Cooperative, asker: Any) -> list[Membership]:
    """People of the cooperative who could be the second person."""
    people = Membership.objects.filter(cooperative=cooperative, role__in=DECIDERS).select_related("user")
    return list(people.exclude(user=asker) if asker else people)
