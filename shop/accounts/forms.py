"""Forms of sign-in and account. Each message says what to do next."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.accounts.codes import CodeError
from shop.accounts.contacts import CONTACT_ERRORS, ContactError, contact_parse, is_email
from shop.core.fields import PlainField

#: Seconds that a member of staff stays signed in; shoppers stay for the site's whole session age.
STAFF_SESSION = 12 * 60 * 60


class ContactField(forms.CharField):
    """A mobile number or e-mail address however people write it; cleans to E.164 or small letters.

    ``only`` restricts it to ``"phone"`` or ``"email"``.
    """

    def __init__(self, *, only: str = "", **kwargs: Any) -> None:
        self.only = only
        super().__init__(max_length=254, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            contact = contact_parse(text)
        except ContactError as error:
            code = "email" if self.only == "email" else error.code
            raise forms.ValidationError(CONTACT_ERRORS[code], code=code) from error
        if self.only and (self.only == "email") != is_email(contact):
            code = "email" if self.only == "email" else "letters"
            raise forms.ValidationError(CONTACT_ERRORS[code], code=code)
        return contact


class PhoneSignInForm(forms.Form):
    """The one field that most people ever fill in. An e-mail address typed here is as good."""

    phone = ContactField(
        label=_("Phone number"),
        help_text=_("Type it any way you like: 0901 234 567 or +84 901 234 567"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "required": True}),
    )


class LoginCodeForm(forms.Form):
    """A code asked for from the password form: ``login`` is a number or an e-mail address."""

    login = ContactField(label=_("E-mail address or phone number"))


class PasswordSignInForm(LoginForm):
    """allauth's sign-in by password: cooperatives, staff and the demonstration have one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = ContactField(
            label=_("E-mail address or phone number"),
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            max_length=256,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Please type the password.")},
        )
        self.order_fields(["login", "password"])

    def clean(self) -> dict[str, Any]:
        """Say a mismatch beside the password: that is what people will type again."""
        try:
            super().clean()
        except forms.ValidationError as error:
            self.add_error("password", error)
        return self.cleaned_data

    @classmethod
    def refused(cls, request: HttpRequest, problems: Iterable[str]) -> "PasswordSignInForm":
        """The form as it was sent, unchecked, with what is wrong said at ``login``."""
        form = cls(request.POST, request=request)
        form._errors, form.cleaned_data = ErrorDict(), {}
        form.add_error("login", list(problems))
        return form

    @property
    def is_limited(self) -> bool:
        return self.has_error("password", "too_many_login_attempts")


def session_limit(request: HttpRequest) -> None:
    """Staff sign in every working day."""
    if request.user.is_authenticated and request.user.is_staff:
        request.session.set_expiry(STAFF_SESSION)


class CodeForm(forms.Form):
    """The six digits."""

    code = forms.CharField(
        label=_("6-digit code"),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "maxlength": "12",
                "required": True,
                "autofocus": True,
            }
        ),
    )


class NameForm(forms.Form):
    """What people call you, and what a parcel says."""

    name = PlainField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": _("Please type your name."),
            "max_length": _("That is too long: 120 letters at most."),
        },
    )


class ContactForm(forms.Form):
    """A new phone number or e-mail address."""

    def __init__(self, *args: Any, only: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("Phone number") if only == "phone" else _("E-mail address")
        kind = {"phone": "tel", "email": "email"}[only]
        widget = forms.TextInput(attrs={"type": kind, "autocomplete": kind, "inputmode": kind, "required": True})
        self.fields["contact"] = ContactField(only=only, label=label, widget=widget)


class NewPasswordForm(forms.Form):
    """A new password, typed once: it can be looked at, and a forgotten one is replaced by a code."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Please type your current password.")},
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=_("8 characters or more. A short sentence is easy to remember."),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Please type a new password.")},
    )

    def __init__(self, *args: Any, user: Any, needs_current: bool, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        if not needs_current:
            del self.fields["current"]

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("That is not your current password."))
        return self.cleaned_data["current"]

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"], self.user)
        return self.cleaned_data["password"]


CODE_ERRORS = {
    "busy": _("Many codes were asked for. For your safety, wait an hour, or call us."),
    "shape": _("The code has 6 digits. Look at the message once more."),
    "spent": _("Too many wrong tries: this code is no longer valid. Have a new one sent."),
    "expired": _("This code has run out. Have a new one sent."),
    "none": _("This code is no longer valid. Have a new one sent."),
}


def code_error_text(error: CodeError) -> str:
    """What to tell somebody whose code was not sent or not accepted."""
    if error.code == "wait":
        text = ngettext(
            "A code was sent just now. You can have another in %(n)d second.",
            "A code was sent just now. You can have another in %(n)d seconds.",
            error.seconds,
        )
        return text % {"n": error.seconds}
    if error.code == "wrong":
        text = ngettext("That is not the code. %(n)d try left.", "That is not the code. %(n)d tries left.", error.left)
        return text % {"n": error.left}
    return str(CODE_ERRORS[error.code])


def code_error_status(error: CodeError) -> int:
    """429 for "not so fast", 422 for a code that is not right."""
    return 429 if error.code in {"wait", "busy"} else 422
