"""Sent, returned, refused, approved: each step once, told once, written down; nothing out of order."""

import pytest

from shop.audit.models import AuditEntry
from shop.cooperatives.models import Cooperative, Membership
from shop.messaging.models import Message
from shop.onboarding.decisions import application_approve, application_refuse, application_return, slug_free
from shop.onboarding.identity import number_seal
from shop.onboarding.models import Application, Identity
from shop.onboarding.services import OnboardingError, application_send, application_start, file_remove, step_save
from shop.payment.vietqr.models import BankAccount
from shop.reconciliation.opening import cooperative_open
from tests.factories import cooperative_make
from tests.factories.onboarding import applicant_make, application_make

pytestmark = pytest.mark.django_db
BY = "canbo@example.vn"


def code_of(call, **arguments) -> str:
    with pytest.raises(OnboardingError) as caught:
        call(**arguments)
    return caught.value.code


def actions(scope: str) -> list[str]:
    return list(AuditEntry.objects.filter(scope=scope).order_by("position").values_list("action", flat=True))


def test_one_open_application_each():
    person = applicant_make()
    first = application_start(user=person, by="x")
    assert application_start(user=person, by="x") == first
    application_refuse(application=application_make(send=True), reason="r", by=BY)
    assert Application.objects.filter(applicant=person).count() == 1
    assert actions(f"application:{first.pk}") == ["application.started"]


def test_approval_makes_the_seller_once():
    application = application_make(send=True)
    first = cooperative_open(application=application, by=BY)
    second = cooperative_open(application=application, by=BY)

    assert first == second == Cooperative.objects.get()
    assert (first.slug, first.is_published, first.tax_code, first.partner.name) == (
        "htx-sen-hong",
        False,
        "0100109106",
        "HTX Sen Hồng",
    )
    member = Membership.objects.get()
    assert (member.user, member.role) == (application.applicant, "owner")
    account = BankAccount.objects.get()
    assert (account.bin, account.number, account.holder, account.state) == (
        "970405",
        "123456789012",
        "HTX SEN HONG",
        "active",
    )
    assert not Identity.objects.exists()
    assert actions(f"cooperative:{first.pk}") == ["role.granted", "application.approved", "account.opened"]
    told = Message.objects.filter(kind="application")
    assert {message.to for message in told} == {application.applicant.phone, "+84912345678"}
    assert told.count() == 2


def test_addresses_are_free_of_marks_and_unique():
    Cooperative.objects.filter(pk=cooperative_make().pk).update(slug=slug_free("HTX Đường Thốt Nốt"))
    assert slug_free("HTX Đường Thốt Nốt") == "htx-duong-thot-not-2"
    assert slug_free("東京") == "gian-hang"


def test_a_households_personal_number_does_not_become_public():
    sealed = number_seal("082190000123")
    application = application_make(send=True, kind="ho_kinh_doanh", tax_code="", tax_sealed=sealed)
    assert application.tax_number == "082190000123"
    assert "082190000123" not in application.tax_masked
    assert cooperative_open(application=application, by=BY).tax_code == ""
    assert "082190000123" not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_a_tax_code_sells_once():
    cooperative_make(tax_code="0100109106")
    application = application_make(send=True)
    assert code_of(cooperative_open, application=application, by=BY) == "taken"
    application.refresh_from_db()
    assert (application.state, application.cooperative) == ("sent", None)
    assert BankAccount.objects.count() == 1


def test_an_incomplete_application_goes_nowhere():
    application = application_make(bank_number="")
    assert code_of(application_send, application=application, terms_version="1", by="x") == "incomplete"
    assert code_of(application_approve, application=application, by=BY) == "state"
    application.refresh_from_db()
    assert (application.state, application.sends, application.terms_agreed_at) == ("draft", 0, None)


def test_back_and_forth():
    application = application_make(send=True)
    assert code_of(application_return, application=application, comments={"papers": ""}, by=BY) == "empty"
    for _twice in range(2):
        application_return(application=application, comments={"papers": "Ảnh mờ", "x": "y"}, by=BY)
    assert list(application.comments.values_list("round", "step", "text")) == [(1, "papers", "Ảnh mờ")]
    assert Message.objects.filter(to=application.applicant.phone).count() == 1
    assert code_of(application_approve, application=application, by=BY) == "state"

    application_send(application=application, terms_version="2", by="x")
    application_send(application=application, terms_version="2", by="x")
    application_return(application=application, comments={"papers": "Vẫn mờ"}, by=BY)
    application.refresh_from_db()
    assert (application.sends, application.comments.count()) == (2, 2)
    assert Message.objects.filter(to=application.applicant.phone).count() == 2


def test_refused_is_the_end():
    application = application_make(send=True)
    for _twice in range(2):
        application_refuse(application=application, reason="Hàng không phải OCOP", by=BY)
    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "Hàng không phải OCOP")
    assert Message.objects.filter(to=application.applicant.phone).count() == 1
    for call in (application_approve, cooperative_open):
        assert code_of(call, application=application, by=BY) == "state"
    assert code_of(application_send, application=application, terms_version="1", by="x") == "state"
    assert not Cooperative.objects.exists()


def test_nobody_decides_about_themselves():
    application = application_make(send=True)
    mine = application.applicant.phone
    assert code_of(cooperative_open, application=application, by=mine) == "own"
    assert code_of(application_refuse, application=application, reason="x", by=mine) == "own"
    assert not Cooperative.objects.exists()


def test_what_was_sent_stays_as_it_is():
    application = application_make(send=True)
    assert code_of(step_save, application=application, step="account", values={"bank_number": "9"}, by="x") == "state"
    assert code_of(file_remove, file=application.files.get(), by="x") == "state"
    cooperative_open(application=application, by=BY)
    assert code_of(step_save, application=application, step="account", values={"bank_number": "9"}, by="x") == "state"
    step_save(application=application, step="identity", values={"method": "paper"}, by="x")
    application.refresh_from_db()
    assert (application.bank_number, application.method) == ("123456789012", "paper")


def test_the_audit_trail_names_fields_not_numbers():
    application = application_make()
    step_save(application=application, step="identity", values={"number_sealed": number_seal("082190000123")}, by="x")
    entry = AuditEntry.objects.filter(action="application.step").get()
    assert "number_sealed" in entry.after
    assert "082190000123" not in entry.after
    application.refresh_from_db()
    assert (application.number, "082190000123" in application.number_sealed) == ("082190000123", False)
