"""``/ban-hang/nguoi/``: who works here and in which role; the owner invites, changes, removes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from shop.accounts.contacts import contact_display
from shop.cooperatives.models import Membership
from shop.cooperatives.services import MembershipError
from shop.seller.access import members_only, own
from shop.seller.accounts.proof import is_proven, proof_url
from shop.seller.people.forms import DUTIES, InviteForm, RoleForm
from shop.seller.roles import ACCOUNT, may_open
from shop.seller.views import SeeOther, frame
from shop.team.models import Invitation
from shop.team.services import (
    InvitationError,
    invitation_send,
    invitation_withdraw,
    invitations_open,
    member_remove,
    member_role_set,
)

Role = Membership.Role
#: Whoever gets one of these roles can lead money elsewhere.
TRUSTED = ACCOUNT


@require_safe
@members_only
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who works here; for the owner also who was invited."""
    return people_page(request)


def people_page(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    cooperative = request.workspace.cooperative
    members = Membership.objects.filter(cooperative=cooperative).select_related("user")
    order = list(Role.values)
    rows = sorted(members, key=lambda member: (order.index(member.role), str(member.user)))
    may_change = may_open(request.workspace.membership.role, "person")
    context = frame(request) | {
        "members": [{"member": member, "duty": DUTIES[member.role]} for member in rows],
        "may_change": may_change,
        "invitations": invitations_open(cooperative) if may_change else [],
        "problem": problem,
    }
    return render(request, "seller/people/people.html", context, status=status)


@method_decorator(members_only, name="dispatch")
class InviteView(View):
    """``…/moi/``: a phone number and a role; the person gets a link by text message."""

    def get(self, request: HttpRequest) -> HttpResponse:
        # What was typed before the person was asked who they are.
        initial = {"phone": request.GET.get("phone", "")[:20], "role": request.GET.get("role", Role.PACKER)}
        return self.page(request, InviteForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = InviteForm(request.POST)
        if not form.is_valid():
            return self.page(request, form, 422)
        phone, role = form.cleaned_data["phone"], form.cleaned_data["role"]
        if role in TRUSTED and not is_proven(request):
            return prove_first(request, phone=phone, role=role)
        place, by = request.workspace.cooperative, request.workspace.by
        try:
            invitation_send(cooperative=place, phone=phone, role=role, user=request.user, by=by)
        except InvitationError as error:
            form.add_error("phone", problem_text(error.code))
            return self.page(request, form, 429 if error.code == "limit" else 409)
        messages.success(request, _("Invited. %(phone)s gets a text message.") % {"phone": contact_display(phone)})
        return SeeOther(reverse("seller:people"))

    def page(self, request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
        return render(request, "seller/people/invite.html", frame(request) | {"form": form}, status=status)


def invitation_find(pk: int) -> Invitation | None:
    return Invitation.objects.select_related("cooperative").filter(pk=pk).first()


def member_find(pk: int) -> Membership | None:
    return Membership.objects.select_related("cooperative", "user").filter(pk=pk).first()


@require_POST
@own(invitation_find)
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """``…/loi-moi/<pk>/rut/``: the link leads nowhere any more."""
    if not invitation_withdraw(invitation=invitation, by=request.workspace.by):
        return people_page(request, _("This invitation had ended already. This is how it stands now."), 409)
    messages.success(request, _("Withdrawn. The link in the message no longer works."))
    return SeeOther(reverse("seller:people"))


@method_decorator(own(member_find), name="dispatch")
class PersonView(View):
    """``…/<pk>/``: one person's role."""

    def get(self, request: HttpRequest, member: Membership) -> HttpResponse:
        return self.page(request, member, RoleForm(initial={"role": request.GET.get("role", member.role)}))

    def post(self, request: HttpRequest, member: Membership) -> HttpResponse:
        form = RoleForm(request.POST)
        if not form.is_valid():
            return self.page(request, member, form, 422)
        role = form.cleaned_data["role"]
        if role != member.role and is_about_trust(member, role) and not is_proven(request):
            return prove_first(request, role=role)
        try:
            member_role_set(member=member, role=role, by=request.workspace.by)
        except MembershipError as error:
            return self.page(request, member, form, 409, problem_text(error.code))
        messages.success(request, _("Saved. It holds at once."))
        return SeeOther(reverse("seller:people"))

    def page(
        self, request: HttpRequest, member: Membership, form: RoleForm, status: int = 200, problem: str = ""
    ) -> HttpResponse:
        context = frame(request) | {"member": member, "form": form, "problem": problem}
        return render(request, "seller/people/person.html", context, status=status)


@method_decorator(own(member_find), name="dispatch")
class RemoveView(View):
    """``…/<pk>/xoa/``: asks once more, then the person no longer works here."""

    def get(self, request: HttpRequest, member: Membership) -> HttpResponse:
        return self.page(request, member)

    def post(self, request: HttpRequest, member: Membership) -> HttpResponse:
        if is_about_trust(member) and not is_proven(request):
            return prove_first(request)
        try:
            member_remove(member=member, by=request.workspace.by)
        except MembershipError as error:
            return self.page(request, member, problem_text(error.code), 409)
        messages.success(request, _("%(name)s no longer works here.") % {"name": member.user})
        return SeeOther(reverse("seller:people"))

    def page(self, request: HttpRequest, member: Membership, problem: str = "", status: int = 200) -> HttpResponse:
        context = frame(request) | {"member": member, "problem": problem}
        return render(request, "seller/people/remove.html", context, status=status)


# -- Parts -------------------------------------------------------------------------------------------------------


def is_about_trust(member: Membership, role: str = "") -> bool:
    """Whether the change gives or takes a role that decides about the bank account."""
    return member.role in TRUSTED or role in TRUSTED


def prove_first(request: HttpRequest, **typed: str) -> HttpResponse:
    """Ask who it is; afterwards the form stands there again with what was typed."""
    query = f"?{urlencode(typed)}" if typed else ""
    return SeeOther(proof_url(request.path + query))


def problem_text(code: str) -> str:
    """What stands in the way, and what to do."""
    texts = {
        "member": _("This person works here already. Change the role in the list instead."),
        "limit": _("That is enough for today. Please invite more people tomorrow."),
        "last_owner": _("Nobody else owns this cooperative here. Make somebody else an owner first."),
        "gone": _("This person does not work here any more."),
    }
    return texts.get(code, _("That is not possible now. Please look again."))
