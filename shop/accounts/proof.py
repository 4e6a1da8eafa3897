"""Before something that a thief would want, the person proves again who they are: an open session is not enough.

By the app's code where it is set up, by password where there is one, else by a code to their phone. It holds for five
minutes, in this session only.
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
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from shop.accounts.codes import CodeError, code_check, code_send, pending_code
from shop.accounts.contacts import contact_display
from shop.accounts.forms import CodeForm, code_error_status, code_error_text
from shop.accounts.safety.services import totp_check, totp_of
from shop.accounts.views import PROVEN_KEY, next_url, see_other

SECONDS = 5 * 60
SESSION_KEY = "seller_proof"
#: What the code is for: one for signing in or for a new password is worth nothing here.
PURPOSE = "seller_proof"


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


def proof_url(path: str, page: str = "account_proof") -> str:
    """The page that asks for the proof and then leads to ``path``."""
    return f"{reverse(page)}?{urlencode({'next': path})}"


def proof_required(view: Callable[..., HttpResponse], page: str = "account_proof") -> Callable[..., HttpResponse]:
    """Nothing of the view happens before the proof; a form that was posted too late is shown again afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_proven(request) else see_other(proof_url(request.path, page))

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


class AppForm(forms.Form):
    """The code that the app shows now."""

    app_code = forms.CharField(
        label=gettext_lazy("6-digit code from your app"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_app_code(self) -> str:
        """Wrong tries count as they do at the sign-in."""
        code = self.cleaned_data["app_code"]
        if not totp_check(user=self.user, code=code):
            raise ValidationError(_("That is not the code. Please type the newest one from your app."), code="wrong")
        return code

    @property
    def status(self) -> int:
        return 429 if self.has_error("app_code", "too_many_login_attempts") else 422


class BaseProofView(View):
    """Is it really you? Subclasses say who may come, the template and where to go."""

    template_name = ""
    home = ""

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What else the template needs."""
        return {}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "app_code" in request.POST and totp_of(request.user):
            return self.by_app(request)
        if request.user.has_usable_password():
            return self.by_password(request)
        return self.send(request) if "send_code" in request.POST else self.by_code(request)

    def by_app(self, request: HttpRequest) -> HttpResponse:
        form = AppForm(request.POST, user=request.user)
        return self.proven(request) if form.is_valid() else self.page(request, status=form.status, app_form=form)

    def by_password(self, request: HttpRequest) -> HttpResponse:
        form = PasswordForm(request.POST, request=request)
        return self.proven(request) if form.is_valid() else self.page(request, form, form.status)

    def send(self, request: HttpRequest) -> HttpResponse:
        try:
            code_send(request=request, contact=contact_of(request), purpose=PURPOSE)
        except CodeError as error:
            return self.refused(request, CodeForm({"code": ""}), error)
        return see_other(request.get_full_path())

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
        return see_other(next_url(request) or reverse(self.home))

    def page(
        self, request: HttpRequest, form: Any = None, status: int = 200, app_form: AppForm | None = None
    ) -> HttpResponse:
        by_password = request.user.has_usable_password()
        pending = None if by_password else pending_code(request, PURPOSE)
        if app_form is None and totp_of(request.user):
            app_form = AppForm(user=request.user)
        context = self.frame(request) | {
            "form": form or (PasswordForm(request=request) if by_password else CodeForm()),
            "app_form": app_form,
            "by_password": by_password,
            "pending": pending,
            "contact": contact_display(contact_of(request)),
            "next": next_url(request),
        }
        return render(request, self.template_name, context, status=status)


def contact_of(request: HttpRequest) -> str:
    """Where the code goes: the phone, else the e-mail address."""
    return request.user.phone or request.user.email or ""
