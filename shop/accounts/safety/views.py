"""``/tai-khoan/bao-mat/``: where the account is signed in, the second step, passkeys."""

import json
from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from shop.accounts.proof import BaseProofView, proof_required
from shop.accounts.safety.services import (
    SafetyError,
    passkey_add,
    passkey_remove,
    passkeys_of,
    recovery_codes_left,
    recovery_codes_renew,
    session_end,
    sessions_end_others,
    totp_activate,
    totp_end,
    totp_of,
)
from shop.accounts.safety.sessions import device_text, places_of
from shop.accounts.security import own, private
from shop.accounts.views import see_other

#: Recovery codes on their way to the one page that shows them.
CODES_KEY = "accounts_recovery_codes"
MANUAL_GROUP = 4


def home() -> HttpResponse:
    return see_other(reverse("account_safety"))


@require_safe
@private
def overview(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    app = totp_of(request.user)
    context = {
        "places": places_of(request),
        "app": app,
        "codes_left": recovery_codes_left(request.user) if app else 0,
        "passkeys": passkeys_of(request.user),
        "meta_title": _("Security"),
    }
    return render(request, "account/safety/overview.html", context)


@method_decorator([*own, sensitive_post_parameters("password", "code", "app_code")], name="dispatch")
class ProofView(BaseProofView):
    """``/tai-khoan/xac-nhan/?next=…``: is it really you?"""

    template_name = "account/safety/proof.html"
    home = "account_safety"


# -- Sessions -----------------------------------------------------------------------------------------------------


@require_POST
@private
def sign_out_there(request: HttpRequest, pk: int) -> HttpResponse:
    """``…/thiet-bi/<pk>/dang-xuat/``. Needs no proof: it only closes doors."""
    if session_end(user=request.user, pk=pk, by=str(request.user)):
        messages.success(request, _("Signed out there."))
    return home()


@require_POST
@private
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """``…/thiet-bi/dang-xuat/``: everywhere but here."""
    sessions_end_others(user=request.user, current=request.session.session_key, by=str(request.user))
    messages.success(request, _("Signed out everywhere else."))
    return home()


# -- The app ------------------------------------------------------------------------------------------------------


class AppCodeForm(forms.Form):
    """The first code of a new app."""

    code = forms.CharField(
        label=gettext_lazy("6-digit code from your app"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}),
    )


@method_decorator([*own, proof_required, sensitive_post_parameters("code")], name="dispatch")
class AppOnView(View):
    """``…/ung-dung/``: scan, type the first code, done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if totp_of(request.user):
            return home()
        if SECRET_SESSION_KEY not in request.session:
            request.session[SECRET_SESSION_KEY] = generate_totp_secret()
        return self.page(request, AppCodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        secret = request.session.get(SECRET_SESSION_KEY)
        if totp_of(request.user) or not secret:
            return home()
        form = AppCodeForm(request.POST)
        code = form.data.get("code", "")[:40]
        try:
            codes = totp_activate(user=request.user, secret=secret, code=code, by=str(request.user))
        except SafetyError:
            form.is_valid()
            form.add_error("code", get_adapter().error_messages["incorrect_code"])
            return self.page(request, form, 422)
        del request.session[SECRET_SESSION_KEY]
        request.session[CODES_KEY] = codes
        return see_other(reverse("account_recovery_codes"))

    def page(self, request: HttpRequest, form: AppCodeForm, status: int = 200) -> HttpResponse:
        secret = request.session[SECRET_SESSION_KEY]
        address = get_adapter().build_totp_url(request.user, secret)
        context = {
            "form": form,
            "qr": segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=3),
            "address": address,
            "secret": " ".join(secret[n : n + MANUAL_GROUP] for n in range(0, len(secret), MANUAL_GROUP)),
            "meta_title": _("Code from an app"),
        }
        return render(request, "account/safety/app.html", context, status=status)


@method_decorator([*own, proof_required], name="dispatch")
class AppOffView(View):
    """``…/ung-dung/tat/``: asks once more, then signing in needs no app."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "account/safety/app_off.html", {"meta_title": _("Code from an app")})

    def post(self, request: HttpRequest) -> HttpResponse:
        totp_end(user=request.user, by=str(request.user))
        messages.success(request, _("Switched off. Signing in needs no app any more."))
        return home()


@method_decorator([*own, proof_required], name="dispatch")
class RecoveryCodesView(View):
    """``…/ma-du-phong/``: shown once after they were made; the button makes new ones."""

    def get(self, request: HttpRequest) -> HttpResponse:
        codes = request.session.pop(CODES_KEY, None)
        if totp_of(request.user) is None:
            return home()
        context = {"codes": codes, "left": recovery_codes_left(request.user), "meta_title": _("Recovery codes")}
        return render(request, "account/safety/recovery_codes.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session[CODES_KEY] = recovery_codes_renew(user=request.user, by=str(request.user))
        return see_other(reverse("account_recovery_codes"))


# -- Passkeys -----------------------------------------------------------------------------------------------------


class PasskeyForm(forms.Form):
    """What the device answered, and what its owner calls it."""

    name = forms.CharField(
        label=gettext_lazy("What do you call this device?"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.JSONField(required=True, widget=forms.HiddenInput)


@method_decorator([*own, proof_required], name="dispatch")
class PasskeyAddView(View):
    """``…/khoa/``: the device makes a passkey; needs its script, and says so without."""

    def get(self, request: HttpRequest) -> HttpResponse:
        name = device_text(request.headers.get("User-Agent", ""))
        return self.page(request, PasskeyForm(initial={"name": name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasskeyForm(request.POST)
        if not form.is_valid() or not isinstance(form.cleaned_data.get("credential"), dict):
            return self.page(request, form, _("Your device gave no passkey. Please try again."))
        credential = form.cleaned_data["credential"]
        name = form.cleaned_data["name"] or device_text(request.headers.get("User-Agent", ""))
        try:
            credential_check(credential)
            passkey_add(user=request.user, name=name, credential=credential, by=str(request.user))
        except ValidationError:
            return self.page(request, form, _("Your device gave no passkey. Please try again."))
        except SafetyError:
            return self.page(request, form, _("You have ten passkeys already. Remove one first."), 409)
        messages.success(request, _("Saved. You can sign in with this device now."))
        return home()

    def page(self, request: HttpRequest, form: PasskeyForm, problem: str = "", status: int = 0) -> HttpResponse:
        options = json.dumps(webauthn.begin_registration(request.user, True), default=dict)
        fresh = PasskeyForm(initial={"name": form.data.get("name") or form.initial.get("name", "")})
        context = {"form": fresh, "options": options, "problem": problem, "meta_title": _("Passkey")}
        status = status or (422 if problem else 200)
        return render(request, "account/safety/passkey.html", context, status=status)


def credential_check(credential: dict[str, Any]) -> None:
    """Raise ValidationError unless the device answered what it was asked, with its owner present."""
    try:
        webauthn.parse_registration_response(credential)
        binding = webauthn.complete_registration(credential)
    except (TypeError, ValueError, KeyError, AttributeError) as error:  # a made-up answer
        raise ValidationError("incorrect_code") from error
    if not binding.is_user_verified():
        raise ValidationError("incorrect_code")


@require_POST
@private
@proof_required
def passkey_off(request: HttpRequest, pk: int) -> HttpResponse:
    """``…/khoa/<pk>/xoa/``."""
    if not passkey_remove(user=request.user, pk=pk, by=str(request.user)):
        raise Http404
    messages.success(request, _("Removed. This passkey opens nothing any more."))
    return home()
