"""Sign-in on one page: a phone number, a code, done. Those who have a password find its form below."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.account.views import LogoutView as AllauthLogoutView
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import RedirectView, TemplateView

from shop.accounts.codes import SIGN_IN, CodeError, Pending, code_check, code_send, pending_code
from shop.accounts.contacts import contact_display
from shop.accounts.demo import demo_accounts
from shop.accounts.forms import (
    CodeForm,
    LoginCodeForm,
    PasswordSignInForm,
    PhoneSignInForm,
    code_error_status,
    code_error_text,
    session_limit,
)
from shop.accounts.safety.sessions import session_note
from shop.accounts.services import user_of_contact

#: When this session last proved a contact by a code (seconds since 1970): allows a new password without the old one.
PROVEN_KEY = "accounts_proven_at"
PROVEN_SECONDS = 15 * 60
NEXT_LENGTH = 1_000


def see_other(url: str) -> HttpResponse:
    """A redirect after which going back does not post again."""
    return HttpResponseRedirect(url, status=303)


def next_url(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, or nothing. The session keeps it while a code is out."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if len(url) <= NEXT_LENGTH and get_adapter(request).is_safe_url(url) else ""


def home() -> str:
    """Where people come to who asked for no page in particular."""
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def proven_note(request: HttpRequest) -> None:
    """Remember that a code has just proven who this is."""
    request.session[PROVEN_KEY] = time.time()


def proven_lately(request: HttpRequest) -> bool:
    """Whether a code proved who this is within the last quarter of an hour."""
    at = request.session.get(PROVEN_KEY)
    return isinstance(at, float) and 0 <= time.time() - at <= PROVEN_SECONDS


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignInView(View):
    """``/tai-khoan/dang-nhap/``."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return signed_in(request)
        return self.page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return see_other(next_url(request) or home())
        if "send_code" in request.POST:
            return self.send(request, "login")
        if "password" in request.POST:
            return self.by_password(request)
        return self.send(request, "phone")

    def send(self, request: HttpRequest, field: str) -> HttpResponse:
        """Send a code to what was typed into the phone field or, for e-mail addresses, into the password form."""
        form: Any = PhoneSignInForm(request.POST) if field == "phone" else LoginCodeForm(request.POST)
        if not form.is_valid():
            return self.refused(request, form, field, 422)
        contact = form.cleaned_data[field]
        try:
            code_send(request=request, contact=contact, purpose=SIGN_IN, next_url=next_url(request))
        except CodeError as error:
            pending = pending_code(request, SIGN_IN)
            if error.code != "wait" or pending is None or pending.contact != contact:
                form.add_error(field, code_error_text(error))
                return self.refused(request, form, field, code_error_status(error))
        return see_other(reverse("account_confirm_login_code"))

    def refused(self, request: HttpRequest, form: Any, field: str, status: int) -> HttpResponse:
        """The page again, with the message beside the field that was filled in."""
        if field == "phone":
            return self.page(request, phone_form=form, status=status)
        password_form = PasswordSignInForm.refused(request, form.errors["login"])
        return self.page(request, password_form=password_form, status=status)

    def by_password(self, request: HttpRequest) -> HttpResponse:
        if not ratelimit.consume(request, action="login"):
            form = PasswordSignInForm.refused(request, [_("Too many tries from here. Please wait a minute.")])
            return self.page(request, password_form=form, status=429)
        form = PasswordSignInForm(request.POST, request=request)
        if not form.is_valid():
            return self.page(request, password_form=form, status=429 if form.is_limited else 422)
        response = form.login(request, redirect_url=next_url(request) or home())
        signed_in_note(request)
        return response

    def page(
        self,
        request: HttpRequest,
        *,
        phone_form: PhoneSignInForm | None = None,
        password_form: PasswordSignInForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "phone_form": phone_form or PhoneSignInForm(),
            "password_form": password_form or PasswordSignInForm(request=request),
            "password_open": password_form is not None,
            "next": next_url(request),
            "demo_accounts": demo_accounts(),
        }
        return render(request, "account/login.html", context, status=status)


def signed_in(request: HttpRequest) -> HttpResponse:
    """Somebody signed in comes to the sign-in page.

    With ``next`` the page says who they are instead of sending them on: a back office that refuses this account sends
    it here, and would do so for ever.
    """
    wanted = next_url(request)
    if not wanted:
        return HttpResponseRedirect(home())
    again = f"{reverse('account_login')}?{urlencode({'next': wanted})}"
    return render(request, "account/signed_in.html", {"next": wanted, "again": again})


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class CodeView(View):
    """``/tai-khoan/dang-nhap/ma/``: type the code, or have it sent again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return see_other(home())
        pending = pending_code(request, SIGN_IN)
        if pending is None:
            return see_other(reverse("account_login"))
        self.pending = pending
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if "resend" in request.POST:
            return self.resend(request)
        try:
            if not form.is_valid():
                raise CodeError("shape")
            pending = code_check(request=request, typed=form.cleaned_data["code"], purpose=SIGN_IN)
        except CodeError as error:
            return self.refused(request, form, error)
        return sign_in(request, pending)

    def resend(self, request: HttpRequest) -> HttpResponse:
        pending = self.pending
        try:
            code_send(request=request, contact=pending.contact, purpose=SIGN_IN, next_url=pending.next_url)
        except CodeError as error:
            return self.refused(request, CodeForm({"code": ""}), error)
        messages.success(request, _("We have sent a new code. The old one is no longer valid."))
        return see_other(reverse("account_confirm_login_code"))

    def refused(self, request: HttpRequest, form: CodeForm, error: CodeError) -> HttpResponse:
        form.errors.clear()
        form.add_error("code", code_error_text(error))
        return self.page(request, form, status=code_error_status(error))

    def page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "contact": contact_display(self.pending.contact), "pending": self.pending}
        return render(request, "account/code.html", context, status=status)


def sign_in(request: HttpRequest, pending: Pending) -> HttpResponse:
    """Open a session for whoever has proven the contact: a new session key, the basket of the cookie joins theirs."""
    user, created = user_of_contact(contact=pending.contact, by="sign-in code")
    response = perform_login(request, user, redirect_url=pending.next_url or home(), signup=created)
    if request.user.is_authenticated:
        proven_note(request)
    signed_in_note(request)
    return response


def signed_in_note(request: HttpRequest) -> None:
    """After each way of signing in: how long the session lasts, and its line in the list of sessions."""
    session_limit(request)
    session_note(request)


@method_decorator(never_cache, name="dispatch")
class LogoutView(AllauthLogoutView):
    """``/tai-khoan/dang-xuat/``: a link asks, only the button signs out."""


class InactiveView(TemplateView):
    """``/tai-khoan/da-khoa/``: the account was closed by the operators."""

    template_name = "account/account_inactive.html"


class SignUpView(RedirectView):
    """``/tai-khoan/dang-ky/``: there is no sign-up apart from signing in."""

    pattern_name = "account_login"
    query_string = True
