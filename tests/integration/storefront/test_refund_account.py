"""``…/tai-khoan-nhan-lai/``: where the buyer wants the money; what is wrong stands beside its field."""

from html import escape

import pytest
from django.test import Client

from shop.audit.models import AuditEntry
from shop.payment.refunds.services import refund_account_set, refund_owe
from shop.reconciliation.services import refund_settle
from tests.factories import basket_of, listing_make, place
from tests.integration.checkout.pages import page_text
from tests.integration.storefront.money import ACCOUNT, LANGUAGES, order_url, page_url, pay, words

pytestmark = pytest.mark.django_db

SHOWN = "Vietcombank •••• 6789, NGUYEN THI THAO"


@pytest.fixture
def group():
    """A purchase of 120,000 dong, to be transferred."""
    return place(basket_of(listing_make(price=100_000))).group


@pytest.fixture
def order(group):
    return group.members.get().order


@pytest.fixture
def owed(order):
    """30,000 dong too much."""
    pay(order, 150_000)
    return order.refunds.get()


def account_url(group, order, language="vi"):
    return order_url(group, order, "tai-khoan-nhan-lai/", language)


@LANGUAGES
def test_account_is_asked_for_once_and_kept(client, group, order, owed, language):
    page = client.get(account_url(group, order, language))
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"

    typed = {"bin": "970436", "number": " 0123.456-789 ", "holder": "Nguyễn Thị Thảo"}
    for _ in range(2):
        answer = client.post(account_url(group, order, language), typed)
        assert (answer.status_code, answer["Location"]) == (
            303,
            f"{page_url(group, language=language)}#order-{order.number}",
        )

    owed.refresh_from_db()
    assert {name: getattr(owed, name) for name in ACCOUNT} == ACCOUNT
    entry = AuditEntry.objects.get(action="refund.account")
    assert entry.by == group.phone
    text = page_text(client.get(page_url(group, language=language)))
    assert words("The cooperative transfers it to %(account)s.", language, account=SHOWN) in text
    assert words("Change the account", language) in text


def test_account_can_be_changed_while_owed(client, group, order, owed):
    client.post(account_url(group, order), ACCOUNT)

    page = client.get(account_url(group, order))
    assert page.context["form"].initial == {"bin": "970436", "holder": "NGUYEN THI THAO"}
    assert ACCOUNT["number"] not in page_text(page)
    client.post(account_url(group, order), {**ACCOUNT, "bin": "970422", "number": "555566667777"})

    owed.refresh_from_db()
    assert (owed.bin, owed.number) == ("970422", "555566667777")


def test_one_account_for_all_that_is_owed(client, group, order, owed):
    refund_owe(order=order, amount=20_000, kind="goods", key="g", by="x")

    page = client.get(account_url(group, order))
    assert page.context["total"] == 50_000
    client.post(account_url(group, order), ACCOUNT)

    assert set(order.refunds.values_list("bin", "number", "holder")) == {tuple(ACCOUNT.values())}


NUMBER = "An account number has 6 to 19 digits and no letters. Please check it."
HOLDER = "The name has 3 to 50 letters from A to Z. Please write it as it stands at the bank."
WRONG = [
    ("bin", "", "Please choose the bank."),
    ("bin", "000000", "Please choose the bank."),
    ("bin", "970436 ", "Please choose the bank."),
    ("bin", "970436\x00", "Please choose the bank."),
    ("number", "", "Please type the account number."),
    ("number", "   ", "Please type the account number."),
    ("number", "số 0123456789", NUMBER),
    ("number", "01234 56789 VCB", NUMBER),
    ("number", "0123\u03456789", NUMBER),
    ("number", "٠١٢٣٤٥٦٧", NUMBER),
    ("number", "12345", NUMBER),
    ("number", "1" * 20, NUMBER),
    ("number", "-1234567890e5", NUMBER),
    ("number", "1" * 61, "An account number is not that long."),
    ("holder", "", "Please type the name that the account is in."),
    ("holder", "??", HOLDER),
    ("holder", "阿明", HOLDER),
    ("holder", "A" * 51, HOLDER),
    ("holder", "<script>alert(1)</script>" * 3, HOLDER),
    ("holder", "A" * 121, "The name has 50 letters at most. Please write it as the bank does."),
]


@LANGUAGES
@pytest.mark.parametrize(("field", "value", "message"), WRONG)
def test_what_is_wrong_stands_beside_its_field(client, group, order, owed, language, field, value, message):
    typed = {**ACCOUNT, field: value}

    response = client.post(account_url(group, order, language), typed)

    assert response.status_code == 422
    form = response.context["form"]
    assert {name: list(errors) for name, errors in form.errors.items()} == {field: [words(message, language)]}
    text = response.content.decode()
    assert escape(words(message, language)) in text
    for name, kept in typed.items():
        assert form[name].value() == kept
    if field != "holder":
        assert f'value="{ACCOUNT["holder"]}"' in text
    assert "<script>alert" not in text
    owed.refresh_from_db()
    assert (owed.bin, owed.number, owed.holder) == ("", "", "")


@pytest.mark.parametrize("value", ["0123456789\x00", "\x00"])
def test_bytes_that_no_account_has(client, group, order, owed, value):
    assert client.post(account_url(group, order), {**ACCOUNT, "number": value}).status_code == 422
    owed.refresh_from_db()
    assert owed.number == ""


def test_order_of_another_purchase(client, group, owed):
    foreign = place(basket_of(listing_make(price=100_000))).group
    order = foreign.members.get().order
    pay(order, 150_000, "theirs")

    assert client.get(account_url(group, order)).status_code == 404
    assert client.post(account_url(group, order), ACCOUNT).status_code == 404
    assert order.refunds.get().number == ""


@LANGUAGES
def test_paid_back_already(client, group, order, owed, language):
    refund_account_set(refund=owed, by="x", **ACCOUNT)
    refund_settle(refund=owed, reference="FT1", by="x")

    response = client.post(account_url(group, order, language), {**ACCOUNT, "number": "555566667777"})

    assert response.status_code == 409
    assert words("This money has been paid back already. Nothing was changed.", language) in page_text(response)
    owed.refresh_from_db()
    assert owed.number == ACCOUNT["number"]
    answer = client.get(account_url(group, order, language))
    assert (answer.status_code, answer["Location"]) == (303, page_url(group, language=language))


def test_paid_back_between_look_and_press(client, group, order, owed, monkeypatch):
    """The cooperative settles it while the buyer's post is on its way."""

    def settle_first(**values):
        refund_settle(refund=owed, reference="FT1", by="x")
        return refund_account_set(**values)

    monkeypatch.setattr("shop.storefront.orders.accounts.refund_account_set", settle_first)

    assert client.post(account_url(group, order), ACCOUNT).status_code == 409
    owed.refresh_from_db()
    assert owed.number == ""


def test_nothing_owed(client, group, order):
    response = client.post(account_url(group, order), ACCOUNT)

    assert response.status_code == 409
    assert words("Nothing is to be paid back for this order.", "vi") in page_text(response)
    assert client.get(account_url(group, order)).status_code == 303


def test_account_needs_the_forms_token(group, order, owed):
    assert Client(enforce_csrf_checks=True).post(account_url(group, order), ACCOUNT).status_code == 403
    owed.refresh_from_db()
    assert owed.number == ""
