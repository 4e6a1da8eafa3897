"""Phone number, e-mail address and password of an account: what a stranger at an open session must not change."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from shop.accounts import codes
from shop.accounts.codes import CodeError, code_check, code_send, pending_code
from shop.accounts.contacts import contact_display
from shop.accounts.forms import CodeForm, ContactForm, NewPasswordForm, code_error_status, code_error_text
from shop.accounts.services import AccountError, contact_set, password_set
from shop.accounts.views import proven_lately, proven_note, see_other

#: Everything under /tai-khoan/ is one person's own: for signed-in people only, and never kept by a cache.
own = [login_required, never_cache]


def private(view: Any) -> Any:
    """``own`` for a view that is a function."""
    return never_cache(login_required(view))


#: Kinds of contact by their word in the address.
CONTACTS = {"so-dien-thoai": "phone", "thu-dien-tu": "email"}


@method_decorator(own, name="dispatch")
class ContactView(View):
    """``/tai-khoan/ho-so/so-dien-thoai/`` and ``…/thu-dien-tu/``: stored only after a code sent to it came back.

    Otherwise somebody could put a stranger's address on an account and wait for the stranger to sign in to it.
    """

    def dispatch(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in CONTACTS:
            raise Http404
        return super().dispatch(request, kind)

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self.page(request, kind, ContactForm(only=CONTACTS[kind]))

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = ContactForm(request.POST, only=CONTACTS[kind])
        if not form.is_valid():
            return self.page(request, kind, form, status=422)
        try:
            code_send(request=request, contact=form.cleaned_data["contact"], purpose=codes.CONTACT)
        except CodeError as error:
            form.add_error("contact", code_error_text(error))
            return self.page(request, kind, form, status=code_error_status(error))
        return see_other(reverse("customer:contact-code", kwargs={"kind": kind}))

    def page(self, request: HttpRequest, kind: str, form: ContactForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "kind": CONTACTS[kind], "meta_title": form.fields["contact"].label}
        return render(request, "account/contact.html", context, status=status)


class OwnCodeView(View):
    """Type a code that was asked for from within the account."""

    purpose = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if pending_code(request, self.purpose) is None:
            return see_other(self.start_url())
        return self.page(request, CodeForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        pending = pending_code(request, self.purpose)
        if pending is None:
            return see_other(self.start_url())
        form = CodeForm(request.POST)
        try:
            if "resend" in request.POST:
                code_send(request=request, contact=pending.contact, purpose=self.purpose)
                return see_other(request.path)
            if not form.is_valid():
                raise CodeError("shape")
            return self.done(
                request, code_check(request=request, typed=form.cleaned_data["code"], purpose=self.purpose)
            )
        except CodeError as error:
            form.errors.clear()
            form.add_error("code", code_error_text(error))
            return self.page(request, form, status=code_error_status(error))

    def start_url(self) -> str:
        raise NotImplementedError

    def done(self, request: HttpRequest, pending: codes.Pending) -> HttpResponse:
        raise NotImplementedError

    def page(self, request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
        pending = pending_code(request, self.purpose)
        context = {"form": form, "pending": pending, "contact": contact_display(pending.contact)}
        return render(request, "account/code.html", context | {"edit_url": self.start_url()}, status=status)


@method_decorator(own, name="dispatch")
class ContactCodeView(OwnCodeView):
    """The code sent to a new phone number or e-mail address."""

    purpose = codes.CONTACT

    def start_url(self) -> str:
        kind = self.kwargs["kind"]
        return reverse("customer:contact", kwargs={"kind": kind if kind in CONTACTS else "so-dien-thoai"})

    def done(self, request: HttpRequest, pending: codes.Pending) -> HttpResponse:
        try:
            contact_set(user=request.user, contact=pending.contact, by=str(request.user))
        except AccountError:
            messages.error(
                request, _("This one belongs to another account. Sign out and sign in with it, or use another one.")
            )
            return see_other(self.start_url())
        messages.success(request, _("Saved. You can sign in with it from now on."))
        return see_other(reverse("customer:profile-view"))


# -- Password -----------------------------------------------------------------------------------------------------


@method_decorator([*own, sensitive_post_parameters("current", "password")], name="dispatch")
class PasswordView(View):
    """``/tai-khoan/mat-khau/``: needs the current password, or a code of the last quarter of an hour."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, self.form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "send_code" in request.POST:
            return self.send(request)
        form = self.form(request, request.POST)
        if form is None or not form.is_valid():
            return self.page(request, form, status=422)
        user = password_set(user=request.user, password=form.cleaned_data["password"], by=str(request.user))
        update_session_auth_hash(request, user)
        messages.success(request, _("The new password is saved. Other devices are signed out."))
        return see_other(reverse("customer:profile-view"))

    def form(self, request: HttpRequest, data: Any = None) -> NewPasswordForm | None:
        """None: somebody at an open session, without a password to show, first has to prove who they are."""
        proven = proven_lately(request)
        if not proven and not request.user.has_usable_password():
            return None
        return NewPasswordForm(data, user=request.user, needs_current=not proven)

    def send(self, request: HttpRequest) -> HttpResponse:
        contact = request.user.phone or request.user.email
        try:
            code_send(request=request, contact=contact, purpose=codes.CONFIRM)
        except CodeError as error:
            return self.page(request, self.form(request), code_error_text(error), status=code_error_status(error))
        return see_other(reverse("customer:password-code"))

    def page(
        self, request: HttpRequest, form: NewPasswordForm | None, problem: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "problem": problem,
            "contact": contact_display(request.user.phone or request.user.email or ""),
            "meta_title": _("Password"),
        }
        return render(request, "account/password.html", context, status=status)


@method_decorator(own, name="dispatch")
class PasswordCodeView(OwnCodeView):
    """The code that stands in for a forgotten password."""

    purpose = codes.CONFIRM

    def start_url(self) -> str:
        return reverse("customer:change-password")

    def done(self, request: HttpRequest, pending: codes.Pending) -> HttpResponse:
        proven_note(request)
        return see_other(self.start_url())
