"""Before money's address is changed the person proves again who they are: an open session is not enough.

By password where there is one, else by a code to their phone. It holds for five minutes, in this session only.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters

from shop.accounts.codes import CodeError, code_check, code_send, pending_code
from shop.accounts.contacts import contact_display
from shop.accounts.forms import CodeForm, code_error_status, code_error_text
from shop.accounts.views import PROVEN_KEY, next_url
from shop.seller.accounts.access import LOOKERS, people_only
from shop.seller.views import SeeOther, frame

SECONDS = 5 * 60
SESSION_KEY = "seller_proof"
#: What the code is for: one for signing in or for a new password is worth nothing here.
PURPOSE = "seller_proof"
NOT_YOURS = gettext_lazy("Only the owner, a seller or the accountant sees where the money goes.")


def proof_note(request: HttpRequest) -> None:
    """Remember that this person has just proven who they are, under a fresh session key."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = {"user": request.user.pk, "at": timezone.now().timestamp()}


def is_proven(request: HttpRequest) -> bool:
    """Whether this person proved who they are within the last five minutes."""
    known = request.session.get(SESSION_KEY)
    moments = [known.get("at")] if isinstance(known, dict) and known.get("user") == request.user.pk else []
    if not request.user.has_usable_password():
        # Signing in by code a moment ago is the same proof.
        moments.append(request.session.get(PROVEN_KEY))
    now = timezone.now().timestamp()
    return any(isinstance(at, float) and 0 <= now - at <= SECONDS for at in moments)


def proof_url(path: str) -> str:
    """The page that asks for the proof and then leads to ``path``."""
    return f"{reverse('seller:proof')}?{urlencode({'next': path})}"


def proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of the view happens before the proof; a form that was posted too late is shown again afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_proven(request) else SeeOther(proof_url(request.path))

    return guarded


class PasswordForm(forms.Form):
    """The person's own password once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("Please type the password.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Wrong tries count as they do at the sign-in, and end there as well."""
        user, password = self.request.user, self.cleaned_data["password"]
        contact = {"email": user.email} if user.email else {"phone": user.phone}
        found = get_adapter(self.request).authenticate(self.request, **contact, password=password)
        if found is None or found.pk != user.pk:
            raise ValidationError(_("That is not your password."), code="wrong")
        return password

    @property
    def status(self) -> int:
        return 429 if self.has_error("password", "too_many_login_attempts") else 422


@method_decorator([people_only(LOOKERS, NOT_YOURS), sensitive_post_parameters("password", "code")], name="dispatch")
class ProofView(View):
    """``/ban-hang/xac-nhan/?next=…``: is it really you?"""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.has_usable_password():
            return self.by_password(request)
        return self.send(request) if "send_code" in request.POST else self.by_code(request)

    def by_password(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST, request=request)
        return self.proven(request) if form.is_valid() else self.page(request, form, form.status)

    def send(self, request: HttpRequest) -> HttpResponse:
        try:
            code_send(request=request, contact=contact_of(request), purpose=PURPOSE)
        except CodeError as error:
            return self.refused(request, CodeForm({"code": ""}), error)
        return SeeOther(request.get_full_path())

    def by_code(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        try:
            if not form.is_valid():
                raise CodeError("shape")
            done = code_check(request=request, typed=form.cleaned_data["code"], purpose=PURPOSE)
            if done.contact != contact_of(request):  # the number was changed meanwhile
                raise CodeError("none")
        except CodeError as error:
            return self.refused(request, form, error)
        return self.proven(request)

    def refused(self, request: HttpRequest, form: CodeForm, error: CodeError) -> HttpResponse:
        form.is_valid()
        form.errors.clear()
        form.add_error("code", code_error_text(error))
        return self.page(request, form, code_error_status(error))

    def proven(self, request: HttpRequest) -> HttpResponse:
        proof_note(request)
        return SeeOther(next_url(request) or reverse("seller:account"))

    def page(self, request: HttpRequest, form: Any = None, status: int = 200) -> HttpResponse:
        by_password = request.user.has_usable_password()
        pending = None if by_password else pending_code(request, PURPOSE)
        context = frame(request) | {
            "form": form or (PasswordForm(request=request) if by_password else CodeForm()),
            "by_password": by_password,
            "pending": pending,
            "contact": contact_display(contact_of(request)),
            "next": next_url(request),
        }
        return render(request, "seller/accounts/proof.html", context, status=status)


def contact_of(request: HttpRequest) -> str:
    """Where the code goes: the phone, else the e-mail address."""
    return request.user.phone or request.user.email or ""
