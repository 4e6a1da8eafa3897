"""The second step of signing in, and signing in with a passkey."""

import json
from typing import Any

from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import RedirectView

from shop.accounts.safety.services import passkeys_of
from shop.accounts.views import home, next_url, see_other, signed_in_note


class SecondStepForm(AuthenticateForm):
    """The app's code, or one of the recovery codes."""

    code = forms.CharField(
        label=gettext_lazy("6-digit code from your app"),
        max_length=40,
        error_messages={"required": gettext_lazy("Please type the code that your app shows.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True, "required": True}
        ),
    )


@method_decorator(sensitive_post_parameters("code", "credential"), name="dispatch")
class SecondStepView(AuthenticateView):
    """``/tai-khoan/dang-nhap/buoc-hai/``: after the password or the phone's code, the app's. A passkey is as good."""

    template_name = "account/safety/second_step.html"
    form_class = SecondStepForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        signed_in_note(self.request)
        return see_other(response["Location"]) if response.status_code == 302 else response

    def form_invalid(self, form: Any) -> HttpResponse:
        limited = any(form.has_error(name, "too_many_login_attempts") for name in form.fields)
        return self.render_to_response(self.get_context_data(), status=429 if limited else 422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        context = {"form": self.auth_form or SecondStepForm(user=user), "options": ""}
        if passkeys_of(user):
            context["options"] = json.dumps(webauthn.begin_authentication(user), default=dict)
        return context


@method_decorator([never_cache, sensitive_post_parameters("credential")], name="dispatch")
class PasskeySignInView(View):
    """``/tai-khoan/dang-nhap/khoa/``: GET gives the script what the device must sign, POST takes the answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.headers.get("Accept") != "application/json":
            return see_other(reverse("account_login"))
        if not ratelimit.consume(request, action="login"):
            return JsonResponse({}, status=429)
        return HttpResponse(
            json.dumps(webauthn.begin_authentication(user=None), default=dict), content_type="application/json"
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return see_other(next_url(request) or home())
        if not ratelimit.consume(request, action="login"):
            return self.refused(request)
        form = LoginWebAuthnForm(request.POST)
        try:
            valid = form.is_valid()
        except (TypeError, ValueError, KeyError, AttributeError):  # a made-up answer
            valid = False
        if not valid:
            return self.refused(request)
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=next_url(request) or home())
        response = flows.perform_passwordless_login(request, passkey, login)
        signed_in_note(request)
        return response

    def refused(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, _("This passkey did not fit. Please use your phone number."))
        return see_other(reverse("account_login"))


class OtherDoorView(RedirectView):
    """Sign-ins that come with other parts of the software would not ask for the second step: they lead to ours."""

    pattern_name = "account_login"
    query_string = True

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return super().get_redirect_url()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return see_other(self.get_redirect_url())
