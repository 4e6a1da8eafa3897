"""``/ban-hang/loi-moi/<secret>/``: what an invited person sees; they need not belong to any cooperative yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop.seller.access import SESSION_KEY, signed_in_only
from shop.seller.people.forms import DUTIES
from shop.seller.views import SeeOther
from shop.team.services import InvitationError, invitation_accept, invitation_check, invitation_find


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_only
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites you and to do what; the button takes the role. Only for the phone number it was sent to."""
    try:
        if request.method != "POST":
            row = invitation_check(invitation_find(token), request.user)
            return page(request, {"invitation": row, "duty": DUTIES[row.role]})
        member = invitation_accept(token=token, user=request.user, by=request.user.phone or str(request.user.pk))
    except InvitationError as error:
        status = {"unknown": 404, "foreign": 403, "unproven": 403}.get(error.code, 409)
        return page(request, {"code": error.code, "problem": problem_text(error.code)}, status)
    request.session[SESSION_KEY] = member.cooperative.slug
    messages.success(request, _("Welcome! You now work for %(name)s.") % {"name": member.cooperative.display_name})
    return SeeOther(reverse("seller:index"))


def page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "seller/people/invitation.html", context, status=status)


def problem_text(code: str) -> str:
    """Why there is nothing to accept, and what to do. Says nothing about the cooperative to other people."""
    texts = {
        "unknown": _("This invitation does not exist. Please open the link from the message once more."),
        "foreign": _("This invitation is for another phone number. Sign out, then sign in with the number that got the "
                     "message."),
        "unproven": _("Please sign in with a code to your phone once, then open the link again."),
        "expired": _("This invitation has run out. Ask the owner to invite you again."),
        "withdrawn": _("This invitation was withdrawn. Ask the owner if you think that is a mistake."),
        "used": _("This invitation was accepted already, and works only once."),
    }  # fmt: skip
    return texts[code]
